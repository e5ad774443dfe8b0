//! Python virtual environments under the target folder, made once from pinned requirements.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python of the virtual environment `name`, whose packages are those of `requirements/NAME.txt`.
///
/// Made at the first call on a machine (about half a minute), reused by every later one: parallel tests and
/// other test runs wait on a file lock. The error is one sentence for a person.
pub fn python(name: &str) -> Result<PathBuf, String> {
    let folder = folder();
    fs::create_dir_all(&folder).map_err(|e| format!("cannot create {}: {e}", folder.display()))?;
    let lock = folder.join(format!("{name}.lock"));
    let lock = File::create(&lock).map_err(|e| format!("cannot create {}: {e}", lock.display()))?;
    lock.lock().map_err(|e| format!("cannot lock: {e}"))?;

    let version = output(Command::new("python3").arg("--version")).map_err(|_| {
        "python3 was not found on PATH: the tests against AWS doubles (moto, ministack) and DVC need it"
            .to_owned()
    })?;
    let requirements = super::source_folder().join(format!("requirements/{name}.txt"));
    let wanted = fs::read_to_string(&requirements)
        .map_err(|e| format!("cannot read {}: {e}", requirements.display()))?;
    let home = folder.join(name);
    let python = home.join("bin/python");
    let stamp = home.join("made-from");
    let wanted = format!("{version}{wanted}");
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) {
        return Ok(python);
    }

    if home.exists() {
        fs::remove_dir_all(&home).map_err(|e| format!("cannot remove {}: {e}", home.display()))?;
    }
    output(Command::new("python3").args(["-m", "venv"]).arg(&home)).map_err(|e| {
        format!(
            "python3 cannot make a virtual environment (on Debian: apt install python3-venv): {e}"
        )
    })?;
    output(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--requirement"])
            .arg(&requirements),
    )
    .map_err(|e| format!("pip cannot install {}: {e}", requirements.display()))?;
    fs::write(&stamp, wanted).map_err(|e| format!("cannot write {}: {e}", stamp.display()))?;
    Ok(python)
}

/// What the doubles need between test runs: environments and the servers' own words.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("cargo puts its folder for tests below the target folder")
        .join("doubles")
}

/// Standard output, or the end of what a failing command said.
pub fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|e| format!("{program}: {e}"))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let end: Vec<&str> = said.lines().rev().take(12).collect();
    let end: Vec<&str> = end.into_iter().rev().collect();
    Err(format!(
        "{program} ended with {}:\n{}",
        done.status,
        end.join("\n")
    ))
}
