//! Config: where files are, what may stand in them, and messages with file, line and key.

mod dirs;
mod document;
mod env;
mod init;
mod metrics;
mod problem;
mod queries;
mod schema;
mod setting;

use std::path::{Path, PathBuf};

pub use dirs::{Dirs, append_private, create_new_private, create_private, create_private_dir};
pub use document::{Document, Entry, kind_of};
pub use env::Env;
pub use init::default_text;
pub use problem::{ConfigProblem, nearest};
pub use schema::{
    Aws, Caps, Config, Demo, Field, Findings, Lineage, Logs, Poll, Runs, Section, Ui, Versions,
};
pub use setting::{Seconds, TimeZoneChoice};

use crate::domain::run::RunKind;
use crate::findings::rules::Thresholds;
use crate::lineage::Rules;

impl Config {
    /// The file that `load` reads: the one named, or `config.toml` in the user's folder.
    pub fn file(path: Option<&Path>, dirs: &Dirs) -> PathBuf {
        path.map_or_else(|| dirs.config_file(), Path::to_owned)
    }

    /// Reads the config, or all that is wrong with it. Without a file everything has its default, but a
    /// file that was named must be there.
    pub fn load(path: Option<&Path>, dirs: &Dirs) -> Result<Self, Vec<ConfigProblem>> {
        let file = Self::file(path, dirs);
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::parse(&file, &text),
            Err(error) if path.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Self::default())
            }
            Err(error) => Err(vec![ConfigProblem::of_file(&file, error.to_string())]),
        }
    }

    /// The same from a text; `file` is only named in the problems.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Vec<ConfigProblem>> {
        let document = Document::parse(file, text)?;
        let mut config = Self::default();
        let mut problems = Vec::new();
        config.take(&document, &mut problems);
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(problems)
        }
    }
}

impl Findings {
    pub fn thresholds(&self) -> Thresholds {
        Thresholds {
            stuck_minutes: self.stuck_minutes,
            stuck_queued_minutes: self.stuck_queued_minutes,
            failed_hours: self.failed_hours,
            error_warn_percent: self.error_warn_percent,
            error_critical_percent: self.error_critical_percent,
            min_requests: self.min_requests,
            updating_minutes: self.updating_minutes,
            budget_warn_percent: self.budget_warn_percent,
            budget_forecast_percent: self.budget_forecast_percent,
            credential_minutes: self.credential_minutes,
        }
    }
}

impl Lineage {
    pub fn rules(&self) -> Rules {
        Rules {
            commit_tags: self.commit_tags.clone(),
        }
    }
}

impl Poll {
    /// The cadence of one kind of run.
    pub fn runs(&self, kind: RunKind) -> Seconds {
        match kind {
            RunKind::SagemakerPipeline => self.sagemaker_pipeline,
            RunKind::TrainingJob => self.training_job,
            RunKind::ProcessingJob => self.processing_job,
            RunKind::TransformJob => self.transform_job,
            RunKind::TuningJob => self.tuning_job,
            RunKind::StepFunctions => self.step_functions,
            RunKind::Codepipeline => self.codepipeline,
            RunKind::Codebuild => self.codebuild,
            RunKind::Glue => self.glue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        Config::parse(Path::new("config.toml"), text)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn the_written_file_means_the_defaults_and_explains_each_key() {
        let text = default_text();
        assert_eq!(
            Config::parse(Path::new("c"), &text).unwrap(),
            Config::default()
        );
        let lines: Vec<_> = text.lines().collect();
        for section in Config::sections() {
            assert!(lines.contains(&format!("[{}]", section.name).as_str()));
            for field in section.fields {
                let key = format!("{} = ", field.key);
                let at = lines
                    .iter()
                    .position(|l| l.trim_start_matches("# ").starts_with(&key))
                    .unwrap();
                let above = lines[at - 1].trim_start_matches("# ");
                assert!(
                    lines[at - 1].starts_with("# ") && above.len() > 10,
                    "{} has no comment",
                    field.key
                );
                assert!(field.default.is_some() || !field.example.is_empty());
            }
        }
    }

    #[test]
    fn the_rules_and_the_config_agree_on_the_defaults() {
        assert_eq!(
            Config::default().findings.thresholds(),
            Thresholds::default()
        );
    }

    #[test]
    fn unset_keys_work_when_their_comment_sign_is_taken_away() {
        let text: String = default_text()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let config = Config::parse(Path::new("c"), &text).unwrap();
        assert_eq!(config.aws.region.as_deref(), Some("eu-west-1"));
        assert!(config.versions.repo.is_some());
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        assert_eq!(
            problems(
                "[ui]\nthemee = \"dark\"\nmouse = \"yes\"\n\n[caps]\ndaily_usd = -1\n[cups]\n"
            ),
            [
                "config.toml:2: `ui.themee`: unknown key; did you mean `theme`?",
                "config.toml:3: `ui.mouse`: expected true or false, found a string",
                "config.toml:6: `caps.daily_usd`: expected 0 to 1000, found -1",
                "config.toml:7: `cups`: unknown section; did you mean `caps`?",
            ]
        );
        assert_eq!(
            problems("region = \"eu\"\nui = 3\n"),
            [
                "config.toml:1: `region`: unknown key outside of a section; did you mean `aws.region`?",
                "config.toml:2: `ui`: expected a table: [ui]",
            ]
        );
        assert_eq!(
            problems(
                "[aws]\nendpoint_url = \"localhost:5000\"\n[ui]\ntime = \"utcc\"\nlog_limit = 3\n[runs]\nlimit = -5\n"
            ),
            [
                "config.toml:2: `aws.endpoint_url`: expected an http:// or https:// address, found \"localhost:5000\"",
                "config.toml:4: `ui.time`: expected \"local\" or \"utc\", found \"utcc\"; did you mean `utc`?",
                "config.toml:5: `ui.log_limit`: unknown key; did you mean `versions.log_limit`?",
                "config.toml:7: `runs.limit`: expected a whole number from 0, found -5",
            ]
        );
    }

    #[test]
    fn lists_are_read_and_their_mistakes_told() {
        let file = Path::new("c");
        let config = Config::parse(file, "[logs]\nmask = ['cust-(\\d+)', \"x\"]\n").unwrap();
        assert_eq!(config.logs.mask, ["cust-(\\d+)", "x"]);
        assert_eq!(
            problems("[logs]\nmask = \"x\"\n"),
            ["config.toml:2: `logs.mask`: expected a list of strings, found a string"]
        );
        assert_eq!(
            problems("[logs]\nmask = [1]\n"),
            ["config.toml:2: `logs.mask`: expected a string, found a whole number"]
        );
        let told = problems("[logs]\nmax_mb = 8\nmask = ['ok', '(']\n");
        assert!(
            told[0].starts_with("config.toml:3: `logs.mask`: \"(\" is no regular expression: "),
            "{told:?}"
        );
    }

    #[test]
    fn whole_numbers_serve_as_fractions_and_underscores_are_read() {
        let config = Config::parse(
            Path::new("c"),
            "[caps]\nmonthly_usd = 1_0\n[runs]\nlimit = 0x10\n",
        )
        .unwrap();
        assert_eq!(config.caps.monthly_usd, 10.0);
        assert_eq!(config.runs.limit, 16);
    }

    #[test]
    fn no_file_means_defaults_but_a_named_one_must_exist() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Dirs::below(root.path());
        assert_eq!(Config::load(None, &dirs).unwrap(), Config::default());
        let missing = root.path().join("other.toml");
        let problems = Config::load(Some(&missing), &dirs).unwrap_err();
        assert_eq!(problems[0].file, missing);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(\\PC|\n|\\[ui\\]\n|theme = |\")*") {
            let _ = Config::parse(Path::new("c"), &text);
        }
    }
}
