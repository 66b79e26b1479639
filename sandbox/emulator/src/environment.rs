//! The virtual environment, made once by whoever comes first.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::EmulatorError;

const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// The environment's Python; makes the environment if it is not complete.
pub(crate) fn ready() -> Result<PathBuf, EmulatorError> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let folder = target.join("emulator");
    let python = folder.join("bin/python");
    let failed = |words: String| EmulatorError::Install { folder: folder.display().to_string(), words };
    let by_io = |error: io::Error| failed(error.to_string());
    fs::create_dir_all(&target).map_err(by_io)?;
    // Several test binaries may start at once: one installs, the others wait for it.
    let lock = File::create(target.join("emulator.lock")).map_err(by_io)?;
    lock.lock().map_err(by_io)?;
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) {
        return Ok(python);
    }
    let system = ["python3", "python"].into_iter().find(|name| is_python_3(name));
    let system = system.ok_or(EmulatorError::NoPython)?;
    run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&folder)).map_err(failed)?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).map_err(by_io)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements);
    run(&mut pip).map_err(failed)?;
    fs::write(installed, REQUIREMENTS).map_err(by_io)?;
    Ok(python)
}

fn is_python_3(name: &str) -> bool {
    let asked = Command::new(name).args(["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]).output();
    asked.is_ok_and(|output| output.status.success())
}

fn run(command: &mut Command) -> Result<(), String> {
    let done = command.output().map_err(|error| error.to_string())?;
    if done.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
    Err(told.lines().last().unwrap_or("it failed without a word").to_owned())
}
