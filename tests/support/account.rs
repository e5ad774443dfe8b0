//! A home folder with an AWS config file that points at doubles: what Flightdeck and boto3 are both given.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::doubles::Doubles;
use super::venv;

/// The one profile of the config file, whatever stands behind it.
pub const PROFILE: &str = "doubles";
/// How long a command may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A temporary home; removed on drop.
pub struct Account {
    home: tempfile::TempDir,
}

impl Account {
    /// Every service at one address; a call that fails is not tried again.
    pub fn at(url: &str) -> Self {
        Self::with_config(&format!("max_attempts = 1\nendpoint_url = {url}\n"))
    }

    /// Every service at one address, and as many attempts as Flightdeck makes by itself.
    pub fn retrying_at(url: &str) -> Self {
        Self::with_config(&format!("endpoint_url = {url}\n"))
    }

    /// moto, with CloudWatch, CloudWatch Logs and Step Functions of ministack by a `services` section.
    pub fn of(doubles: &Doubles) -> Self {
        let ministack = &doubles.ministack.url;
        let mut config = format!(
            "max_attempts = 1\nendpoint_url = {}\nservices = split\n\n[services split]\n",
            doubles.moto.url
        );
        for service in ["cloudwatch", "cloudwatch_logs", "sfn"] {
            config.push_str(&format!("{service} =\n  endpoint_url = {ministack}\n"));
        }
        Self::with_config(&config)
    }

    /// A profile without any credentials.
    pub fn without_credentials(url: &str) -> Self {
        let account = Self::at(url);
        std::fs::write(account.home().join(".aws/credentials"), "").expect("it is our file");
        account
    }

    fn with_config(endpoints: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let aws = home.path().join(".aws");
        std::fs::create_dir(&aws).expect("a folder in it too");
        std::fs::create_dir(home.path().join("tmp")).expect("and another");
        std::fs::write(
            aws.join("config"),
            format!("[profile {PROFILE}]\nregion = us-east-1\n{endpoints}"),
        )
        .expect("a file too");
        std::fs::write(
            aws.join("credentials"),
            format!(
                "[{PROFILE}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = none\n"
            ),
        )
        .expect("a file too");
        Self { home }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where its programs make their temporary folders.
    pub fn temporary(&self) -> PathBuf {
        self.home().join("tmp")
    }

    /// The variables of a child: nothing of this machine's AWS, Git or Flightdeck set-up.
    pub fn env(&self) -> Vec<(&'static str, PathBuf)> {
        let home = self.home();
        vec![
            ("HOME", home.into()),
            ("TMPDIR", self.temporary()),
            ("AWS_CONFIG_FILE", home.join(".aws/config")),
            ("AWS_SHARED_CREDENTIALS_FILE", home.join(".aws/credentials")),
            ("AWS_PROFILE", PROFILE.into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("XDG_CONFIG_HOME", home.join("config")),
            ("XDG_STATE_HOME", home.join("state")),
            ("XDG_CACHE_HOME", home.join("cache")),
            ("XDG_DATA_HOME", home.join("data")),
            ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
            ("GIT_CONFIG_SYSTEM", "/dev/null".into()),
            ("LANG", "C.UTF-8".into()),
            ("TZ", "UTC".into()),
        ]
    }

    /// `flightdeck ARGUMENTS`, in the home folder.
    pub fn flightdeck(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(super::binary());
        command
            .args(arguments)
            .env_clear()
            .envs(self.env())
            .current_dir(self.home());
        Ended::of(command)
    }

    /// What boto3 sees of the topics, as `oracle.py` prints it.
    ///
    /// # Panics
    /// Where boto3 is refused: then the double is not what the test takes it for.
    pub fn boto3(&self, region: &str, topics: &[&str]) -> Value {
        self.python("oracle.py", region, topics)
    }

    /// Every answer judged by AWS's own service models, as `strict.py` prints it.
    pub fn judged(&self, region: &str) -> Value {
        self.python("strict.py", region, &[])
    }

    fn python(&self, script: &str, region: &str, more: &[&str]) -> Value {
        let python = venv::python("moto").unwrap_or_else(|why| panic!("{why}"));
        let mut command = Command::new(python);
        command
            .arg(super::source_folder().join(script))
            .arg(region)
            .args(more)
            .env_clear()
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(self.env())
            .current_dir(self.home());
        let ended = Ended::of(command);
        assert_eq!(ended.code, Some(0), "{script}: {}", ended.stderr);
        ended.json()
    }
}

/// A command that has run to its end.
pub struct Ended {
    /// `None` where a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// # Panics
    /// Where it does not end in time; it is killed then.
    fn of(mut command: Command) -> Self {
        let shown = format!("{command:?}");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{shown}: {e}"));
        let id = child.id().to_string();
        let (send, receive) = mpsc::channel();
        thread::spawn(move || send.send(child.wait_with_output()));
        let Ok(done) = receive.recv_timeout(PATIENCE) else {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
            panic!("{shown} did not end within {PATIENCE:?}");
        };
        let done = done.unwrap_or_else(|e| panic!("{shown}: {e}"));
        Self {
            code: done.status.code(),
            stdout: String::from_utf8_lossy(&done.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
        }
    }

    /// Standard output as one JSON value.
    ///
    /// # Panics
    /// Where it is none; the message shows both outputs.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| {
            panic!(
                "not JSON ({e}), exit code {:?}\nstdout: {}\nstderr: {}",
                self.code, self.stdout, self.stderr
            )
        })
    }
}
