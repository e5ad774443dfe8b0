//! Independent AWS doubles as child processes: moto for SageMaker and most others, ministack for CloudWatch,
//! CloudWatch Logs and Step Functions, microburst for faults in front of either.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::venv;

/// A double that answers on loopback for as long as this value, or this process, lives.
///
/// The child ends when its standard input closes, which the kernel sees to however this process ends.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl Server {
    /// Starts `serve.py DOUBLE …` and waits until it answers.
    pub fn start(double: &str, more: &[&str]) -> Result<Self, String> {
        let python = venv::python(double)?;
        let log = venv::folder().join(format!("{double}.log"));
        let said =
            File::create(&log).map_err(|e| format!("cannot create {}: {e}", log.display()))?;
        let mut command = Command::new(python);
        clear(&mut command, &venv::folder());
        let mut child = command
            .arg(super::source_folder().join("serve.py"))
            .arg(double)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .map_err(|e| format!("cannot start {double}: {e}"))?;
        let stdout = child.stdout.take().ok_or("the child has no output")?;
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .map_err(|e| format!("{double}: {e}"))?;
        let url = line.strip_prefix("ready ").map(|url| url.trim().to_owned());
        let Some(url) = url else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("{double} did not start: see {}", log.display()));
        };
        Ok(Self { child, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The seeded pair that all tests of this binary share. They only read it.
pub struct Doubles {
    pub moto: Server,
    pub ministack: Server,
}

/// A Region of the seeded account.
#[derive(Clone, Copy, Debug)]
pub struct Seeded {
    pub region: &'static str,
    /// Stands in the names of everything seeded: `churn-train-1-0000`.
    pub seed: u32,
    /// Of which Flightdeck has to read several pages.
    pub training_jobs: usize,
}

pub const REGIONS: [Seeded; 2] = [
    Seeded {
        region: "us-east-1",
        seed: 1,
        training_jobs: 250,
    },
    Seeded {
        region: "eu-west-1",
        seed: 2,
        training_jobs: 113,
    },
];

/// A Region in which nothing was seeded.
pub const EMPTY_REGION: &str = "ap-southeast-2";

/// The seeded doubles, started by the first test that asks.
///
/// # Panics
/// With one sentence, the same for every test, where they cannot be had.
pub fn shared() -> &'static Doubles {
    static SHARED: OnceLock<Result<Doubles, String>> = OnceLock::new();
    match SHARED.get_or_init(Doubles::start) {
        Ok(doubles) => doubles,
        Err(why) => panic!("{why}"),
    }
}

impl Doubles {
    fn start() -> Result<Self, String> {
        let doubles = Self {
            moto: Server::start("moto", &[])?,
            ministack: Server::start("ministack", &[])?,
        };
        // Both Regions at once; costs and budgets are of the account, and seeded with the first.
        let [first, second] = &REGIONS;
        std::thread::scope(|scope| {
            let other = scope.spawn(|| doubles.seed(second, false));
            let this = doubles.seed(first, true);
            let other = other.join().map_err(|_| "seeding panicked".to_owned());
            this.and(other?)
        })?;
        Ok(doubles)
    }

    fn seed(&self, seeded: &Seeded, costs: bool) -> Result<(), String> {
        let mut command = Command::new(venv::python("moto")?);
        clear(&mut command, &venv::folder());
        command
            .arg(super::source_folder().join("seed.py"))
            .args(["--moto", &self.moto.url, "--ministack", &self.ministack.url])
            .args(["--region", seeded.region])
            .args(["--seed", &seeded.seed.to_string()])
            .args(["--jobs", &seeded.training_jobs.to_string()]);
        if costs {
            command.arg("--costs");
        }
        venv::output(&mut command)
            .map(drop)
            .map_err(|e| format!("seeding {} failed: {e}", seeded.region))
    }
}

/// Only what Python needs: nothing of the developer's AWS configuration reaches a double.
fn clear(command: &mut Command, home: &Path) {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("TMPDIR", env!("CARGO_TARGET_TMPDIR"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
}
