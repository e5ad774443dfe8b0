//! Every key of the config file: name, default, limits and comment, in one list.
//!
//! The structs, the reader, `config init` and the docs are made from it, so none of them can lag behind.

use std::path::PathBuf;

use serde::Serialize;

use crate::domain::metric_definition::MetricDefinition;

use super::document::{Document, Entry};
use super::problem::{ConfigProblem, nearest};
use super::queries::named_queries;
use super::setting::{
    Seconds, Setting, TimeZoneChoice, anything, http_url, not_blank, regexes, seconds, within,
};
use crate::domain::insights::SavedQuery;

/// One key, as `config init` writes it.
pub struct Field {
    pub key: &'static str,
    /// The comment, one entry a line.
    pub doc: &'static [&'static str],
    /// The default in TOML; `None` when the key is unset by default.
    pub default: Option<String>,
    /// What an unset key could look like.
    pub example: &'static str,
}

/// One table of the file.
pub struct Section {
    pub name: &'static str,
    pub doc: &'static [&'static str],
    pub fields: Vec<Field>,
}

macro_rules! schema {
    ($(
        $(#[doc = $section_doc:literal])+
        $section:ident: $Struct:ident {
            $(
                $(#[doc = $doc:literal])+
                $key:ident: $type:ty = $default:expr, $check:expr $(, example $example:literal)?;
            )*
        }
    )*) => {
        $(
            $(#[doc = $section_doc])+
            #[derive(Clone, Debug, PartialEq, Serialize)]
            pub struct $Struct {
                $( $(#[doc = $doc])+ pub $key: $type, )*
            }

            impl Default for $Struct {
                fn default() -> Self {
                    Self { $( $key: $default, )* }
                }
            }

            impl $Struct {
                const KEYS: &'static [&'static str] = &[$(stringify!($key),)*];

                fn take(&mut self, doc: &Document<'_>, entry: &Entry<'_>, problems: &mut Vec<ConfigProblem>) {
                    match entry.key {
                        $( stringify!($key) => set(&mut self.$key, $check, doc, entry, problems), )*
                        unknown => problems.push(
                            doc.key_problem(entry, "unknown key")
                                .suggest(elsewhere(unknown, stringify!($section), Self::KEYS)),
                        ),
                    }
                }
            }
        )*

        /// Everything that can be set, with its default.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct Config {
            $( $(#[doc = $section_doc])+ pub $section: $Struct, )*
        }

        const SECTIONS: &[(&str, &[&str])] = &[$((stringify!($section), $Struct::KEYS),)*];

        impl Config {
            /// Takes a whole file in; problems are collected, not returned at the first.
            pub(super) fn take(&mut self, doc: &Document<'_>, problems: &mut Vec<ConfigProblem>) {
                for table in doc.entries() {
                    let Some(entries) = table.entries() else {
                        problems.push(top_level_value(doc, &table));
                        continue;
                    };
                    match table.key {
                        $( stringify!($section) => for entry in &entries {
                            self.$section.take(doc, entry, problems);
                        }, )*
                        unknown => problems.push(
                            doc.key_problem(&table, "unknown section")
                                .suggest(nearest(unknown, SECTIONS.iter().map(|s| s.0))),
                        ),
                    }
                }
            }

            /// The list itself: for `config init` and the docs.
            pub fn sections() -> Vec<Section> {
                let defaults = Self::default();
                vec![$( Section {
                    name: stringify!($section),
                    doc: &[$($section_doc,)+],
                    fields: vec![$( Field {
                        key: stringify!($key),
                        doc: &[$($doc,)+],
                        default: defaults.$section.$key.write(),
                        example: concat!("" $(, $example)?),
                    }, )*],
                }, )*]
            }
        }
    };
}

schema! {
    /// Which account is asked. Credentials themselves never stand here: they come from the SDK's default chain.
    aws: Aws {
        /// Profile of ~/.aws/config. Unset: AWS_PROFILE, then "default".
        profile: Option<String> = None, anything, example "\"acme-ml-prod\"";
        /// Region. Unset: AWS_REGION, then the profile's.
        region: Option<String> = None, anything, example "\"eu-west-1\"";
        /// Endpoint for every service, for test doubles. Unset: AWS_ENDPOINT_URL, then AWS itself.
        endpoint_url: Option<String> = None, http_url, example "\"http://127.0.0.1:5000\"";
    }

    /// What Flightdeck may spend by asking. Calls past a cap are refused before they leave this machine.
    caps: Caps {
        /// US dollars a day (UTC), for all paid calls of this account together.
        daily_usd: f64 = 0.25, within(0.0, 1000.0);
        /// US dollars a month (UTC).
        monthly_usd: f64 = 3.0, within(0.0, 10_000.0);
        /// Requests to Cost Explorer a day; each page costs $0.01.
        cost_explorer_requests_per_day: u64 = 20, within(0, 10_000);
        /// Hours that an answer of Cost Explorer is kept on disk before it is paid for again.
        cost_cache_hours: u64 = 6, within(1, 168);
    }

    /// Seconds between two questions to a source whose screen is shown; hidden screens ask less often, and the Deck asks
    /// for runs and endpoints once a minute at most.
    poll: Poll {
        /// SageMaker Pipelines: executions.
        sagemaker_pipeline: Seconds = Seconds(60), seconds(5, 86_400);
        /// Training jobs.
        training_job: Seconds = Seconds(60), seconds(5, 86_400);
        /// Processing jobs.
        processing_job: Seconds = Seconds(60), seconds(5, 86_400);
        /// Batch transform jobs.
        transform_job: Seconds = Seconds(60), seconds(5, 86_400);
        /// Hyperparameter tuning jobs.
        tuning_job: Seconds = Seconds(60), seconds(5, 86_400);
        /// Step Functions: executions.
        step_functions: Seconds = Seconds(30), seconds(5, 86_400);
        /// CodePipeline: executions.
        codepipeline: Seconds = Seconds(20), seconds(5, 86_400);
        /// CodeBuild: builds.
        codebuild: Seconds = Seconds(20), seconds(5, 86_400);
        /// Glue: job runs.
        glue: Seconds = Seconds(20), seconds(5, 86_400);
        /// The run that is open and not finished: its steps, states and phases.
        open_run: Seconds = Seconds(15), seconds(5, 86_400);
        /// Endpoints with their configs and variants.
        endpoints: Seconds = Seconds(30), seconds(5, 86_400);
        /// CloudWatch metrics of the endpoints: $0.01 for a thousand, about $3.50 a month for an endpoint at 60.
        metrics: Seconds = Seconds(60), seconds(15, 86_400);
        /// CloudWatch alarms.
        alarms: Seconds = Seconds(30), seconds(5, 86_400);
        /// Log groups and streams to choose from.
        log_groups: Seconds = Seconds(300), seconds(5, 86_400);
        /// New lines of followed log streams.
        log_lines: Seconds = Seconds(2), seconds(1, 86_400);
        /// Budgets (AWS itself updates them every 8 to 12 hours).
        budgets: Seconds = Seconds(3600), seconds(60, 86_400);
        /// Model package groups and versions.
        registry: Seconds = Seconds(120), seconds(5, 86_400);
        /// ECR images.
        images: Seconds = Seconds(300), seconds(5, 86_400);
        /// Who am I, and for how long.
        identity: Seconds = Seconds(300), seconds(5, 86_400);
        /// A look at the Git and DVC repository for changes.
        versions: Seconds = Seconds(3), seconds(1, 86_400);
    }

    /// The Runs screen.
    runs: Runs {
        /// Days back that runs are listed.
        history_days: u64 = 14, within(1, 365);
        /// Runs of each kind that are read at most; a list that was cut says so.
        limit: u64 = 2000, within(10, 100_000);
    }

    /// The Logs screen.
    logs: Logs {
        /// Newest lines of a stream that are read when it is opened.
        initial_lines: u64 = 500, within(10, 10_000);
        /// Megabytes of lines kept in memory; the oldest go first.
        max_mb: u64 = 64, within(1, 4096);
        /// Regular expressions for what else is secret, e.g. ['cust-(\d+)']. Masked is the first group, or all of it.
        mask: Vec<String> = Vec::new(), regexes;
        /// Curves that lines do not name by themselves, as SageMaker defines metrics: the first group of the expression is the
        /// number. Also as [[logs.metrics]] with name and regex. Those of a training job are known without it.
        metrics: Vec<MetricDefinition> = Vec::new(), anything, example "[{ name = \"validation:auc\", regex = 'AUC -> ([0-9.]+)' }]";
        /// Queries of Logs Insights to choose from; each may also stand in a [[logs.queries]] of its own below.
        queries: Vec<SavedQuery> = Vec::new(), named_queries,
            example "[{ name = \"slow requests\", query = \"filter ms > 500 | sort ms desc | limit 100\" }]";
    }

    /// When something is worth a finding on the Deck.
    findings: Findings {
        /// Minutes after which a moving run counts as stuck, unless its own history says otherwise.
        stuck_minutes: i64 = 360, within(1, 100_000);
        /// Minutes after which a run that waits in a queue counts as stuck.
        stuck_queued_minutes: i64 = 30, within(1, 100_000);
        /// Hours after which a failed run no longer needs anybody.
        failed_hours: i64 = 24, within(1, 8760);
        /// Percent of requests answered with 5xx in the last five minutes: a warning.
        error_warn_percent: f64 = 1.0, within(0.0, 100.0);
        /// Percent of requests answered with 5xx in two of the last three minutes: critical.
        error_critical_percent: f64 = 5.0, within(0.0, 100.0);
        /// Requests below which percentages say nothing.
        min_requests: f64 = 20.0, within(0.0, 1_000_000.0);
        /// Minutes of an endpoint update that warn.
        updating_minutes: i64 = 60, within(1, 100_000);
        /// Percent of a budget used that warns; at 100 it is critical.
        budget_warn_percent: f64 = 90.0, within(0.0, 1000.0);
        /// Percent of a budget forecast above which it warns.
        budget_forecast_percent: f64 = 100.0, within(0.0, 1000.0);
        /// Minutes of credential time left that warn.
        credential_minutes: i64 = 15, within(0, 1440);
    }

    /// How things of an account are joined to code and data.
    lineage: Lineage {
        /// Names of tags, metadata, image annotations, parameters and variables that hold a Git commit. The first is the
        /// one in lines to add. Usual spellings (GitCommit, commit_id ...) are found besides.
        commit_tags: Vec<String> = vec!["git-commit".into()], anything;
    }

    /// How it looks and feels.
    ui: Ui {
        /// Theme: dark, light, contrast, colorblind, mono, or a file of yours in themes/. NO_COLOR means mono.
        theme: String = "dark".into(), not_blank;
        /// Keymap: default, vim, emacs, or a file of yours in keymaps/.
        keymap: String = "default".into(), not_blank;
        /// Take the mouse: click and wheel. The terminal's own selection then needs Shift.
        mouse: bool = false, anything;
        /// Draw with ASCII only. A locale that is not UTF-8 does so by itself.
        ascii: bool = false, anything;
        /// Times of day: "local" or "utc".
        time: TimeZoneChoice = TimeZoneChoice::Local, anything;
    }

    /// The Versions screen.
    versions: Versions {
        /// Git and DVC repository. Unset: the one around the working directory.
        repo: Option<PathBuf> = None, anything, example "\"/home/me/churn\"";
        /// Newest commits of HEAD that the Deck and models know of. The list of commits has all.
        log_limit: u64 = 500, within(10, 1_000_000);
    }

    /// The simulated account of `flightdeck demo`.
    demo: Demo {
        /// Simulated seconds in a second.
        speed: f64 = 1.0, within(0.0, 3600.0);
        /// The same seed gives the same account.
        seed: u64 = 7, anything;
    }
}

fn set<T: Setting>(
    slot: &mut T,
    check: impl Fn(&T) -> Result<(), String>,
    doc: &Document<'_>,
    entry: &Entry<'_>,
    problems: &mut Vec<ConfigProblem>,
) {
    match T::read(entry.value).and_then(|value| check(&value).map(|()| value).map_err(Into::into)) {
        Ok(value) => *slot = value,
        Err(bad) => {
            let span = bad.at.as_ref().unwrap_or(&entry.value_span);
            problems.push(
                doc.problem(span, entry, bad.message)
                    .suggest(bad.suggestion),
            );
        }
    }
}

/// The nearest key of this section, or the same key in another one.
fn elsewhere(unknown: &str, section: &str, keys: &[&'static str]) -> Option<String> {
    if let Some(near) = nearest(unknown, keys.iter().copied()) {
        return Some(near.to_owned());
    }
    home_of(unknown, |name| name != section)
}

fn home_of(key: &str, wanted: impl Fn(&str) -> bool) -> Option<String> {
    SECTIONS
        .iter()
        .find(|(name, keys)| wanted(name) && keys.contains(&key))
        .map(|(name, _)| format!("{name}.{key}"))
}

fn top_level_value(doc: &Document<'_>, entry: &Entry<'_>) -> ConfigProblem {
    if SECTIONS.iter().any(|(name, _)| *name == entry.key) {
        return doc.value_problem(entry, format!("expected a table: [{}]", entry.key));
    }
    doc.key_problem(entry, "unknown key outside of a section")
        .suggest(home_of(entry.key, |_| true))
}
