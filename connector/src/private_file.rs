//! Files that only their owner can read.

use std::fs::{File, OpenOptions};
use std::io;

/// A file that is made is its owner's alone, where the system knows owners.
#[cfg(unix)]
pub(crate) fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// A file that is made is its owner's alone, where the system knows owners.
#[cfg(not(unix))]
pub(crate) fn owner_only(_options: &mut OpenOptions) {}

/// Takes a file that was there before from everybody else.
///
/// # Errors
/// It belongs to somebody else.
#[cfg(unix)]
pub(crate) fn close_to_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

/// Takes a file that was there before from everybody else.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub(crate) fn close_to_others(_file: &File) -> io::Result<()> {
    Ok(())
}
