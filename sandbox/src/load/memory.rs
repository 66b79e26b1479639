//! How much memory this process has had at most.

/// The greatest resident memory so far, in KiB; `None` where there is no `/proc`.
pub(crate) fn peak_kib() -> Option<u64> {
    std::fs::read_to_string("/proc/self/status").ok().as_deref().and_then(high_water)
}

/// The line `VmHWM:      12345 kB`.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_where_it_is_told() {
        assert_eq!(high_water("VmPeak:\t  9 kB\nVmHWM:\t   12345 kB\nVmRSS:\t 1 kB\n"), Some(12_345));
        assert_eq!(high_water("VmPeak:\t  9 kB\n"), None);
    }
}
