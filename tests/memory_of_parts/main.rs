//! What the jobs of the catalogue take of memory, in a process of its own for each size: Kinetic, the store and the shelf hold the parts
//! elsewhere, as they do in the deployment, and what the process has had at most is read at the end.
//!
//! It has no harness, because it starts itself.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod calls;
mod child;
mod company;
mod goods;
mod shelf;
mod store;

use std::process::{Child, Command, ExitCode, Stdio};

/// As it is called where one test among others is chosen.
const NAME: &str = "the_catalogue_takes_64_mib_at_most_however_many_parts_there_are";

const FEW: u32 = 10_000;
const MANY: u32 = 100_000;

/// In KiB. The test's own servers and the test itself are in it.
const AT_MOST: u64 = 64 * 1024;

/// In KiB. Many parts may take so much more than few.
const APART: u64 = 4 * 1024;

/// Before the number of parts, for a child of this process.
const CHILD: &str = "play";

/// After each job a child says this, how much it has had at most, and what was played.
const PEAK: &str = "peak";

/// What a child told.
struct Told {
    parts: u32,
    peaks: Vec<(u64, String)>,
}

#[expect(clippy::print_stdout, reason = "without a harness it has to tell by itself")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [CHILD, parts] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        play(parts.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    if arguments.iter().any(|argument| argument == "--list") {
        println!("{NAME}: test");
        return ExitCode::SUCCESS;
    }
    let mut chosen = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
    if chosen.peek().is_some() && !chosen.any(|part| NAME.contains(part.as_str())) {
        return ExitCode::SUCCESS;
    }
    if peak().is_none() {
        println!("{NAME}: there is no /proc here, so nobody can tell what a process has had of memory");
        return ExitCode::SUCCESS;
    }
    // Both at once: in a process of its own each has its own peak.
    let children: Result<Vec<_>, _> = [FEW, MANY].into_iter().map(start).collect();
    let told = children.and_then(|children| children.into_iter().map(hear).collect::<Result<Vec<_>, _>>());
    let told = match told {
        Ok(told) => told,
        Err(why) => {
            println!("{NAME}: {why}");
            return ExitCode::FAILURE;
        }
    };
    for child in &told {
        println!("peak memory {} KiB over {} parts, so far after each job:", child.peak(), child.parts);
        child.peaks.iter().for_each(|(peak, what)| println!("  {peak:>7} KiB  {what}"));
    }
    match wrong(&told) {
        Some(why) => {
            println!("{NAME}: {why}");
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    }
}

/// The first thing that is not as it should be.
fn wrong(told: &[Told]) -> Option<String> {
    if let Some(child) = told.iter().find(|child| child.peak() > AT_MOST) {
        return Some(format!("{} parts took {} KiB, and {AT_MOST} are allowed", child.parts, child.peak()));
    }
    let peaks = told.iter().map(Told::peak);
    let apart = peaks.clone().max()?.abs_diff(peaks.min()?);
    (apart > APART).then(|| {
        format!("the two are {apart} KiB apart, and {APART} are allowed: memory grows with the catalogue")
    })
}

fn start(parts: u32) -> Result<(u32, Child), String> {
    let program = std::env::current_exe().unwrap();
    let child = Command::new(program).args([CHILD, &parts.to_string()]).stdout(Stdio::piped()).spawn();
    let child = child.map_err(|error| format!("the process for {parts} parts did not start: {error}"))?;
    Ok((parts, child))
}

/// To its end.
fn hear((parts, child): (u32, Child)) -> Result<Told, String> {
    let ended = child.wait_with_output().unwrap();
    if !ended.status.success() {
        return Err(format!("with {parts} parts a job did not do what it should"));
    }
    let lines = String::from_utf8(ended.stdout).unwrap();
    let peaks = lines.lines().filter_map(|line| line.strip_prefix(PEAK)?.trim_start().split_once(' '));
    let peaks: Vec<_> = peaks.map(|(peak, what)| (peak.parse().unwrap(), what.to_owned())).collect();
    if peaks.is_empty() {
        return Err(format!("the process for {parts} parts told nothing"));
    }
    Ok(Told { parts, peaks })
}

/// Runs in a child.
#[expect(clippy::print_stdout, reason = "so it is told to the parent")]
fn play(parts: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(child::play(parts, |what| println!("{PEAK} {} {what}", peak().unwrap())));
}

impl Told {
    fn peak(&self) -> u64 {
        self.peaks.iter().map(|(peak, _)| *peak).max().unwrap_or_default()
    }
}

/// The greatest resident memory so far, in KiB; `None` where there is no `/proc`.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
