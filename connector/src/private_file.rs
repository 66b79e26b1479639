//! Files that only their owner can read.

use std::fs::OpenOptions;

/// A file that is made is its owner's alone, where the system knows owners.
#[cfg(unix)]
pub(crate) fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// A file that is made is its owner's alone, where the system knows owners.
#[cfg(not(unix))]
pub(crate) fn owner_only(_options: &mut OpenOptions) {}
