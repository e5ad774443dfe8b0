//! Which named numbers are metrics, and which of them a person wants to see first.

use super::Axis;

/// Numbers with these words in their names are no curves: ids, times, sizes, settings.
const IGNORED: &[&str] = &[
    "id",
    "ids",
    "idx",
    "index",
    "uid",
    "gid",
    "pid",
    "tid",
    "ts",
    "time",
    "timestamp",
    "date",
    "year",
    "month",
    "day",
    "hour",
    "hours",
    "port",
    "rank",
    "seed",
    "line",
    "lineno",
    "version",
    "v",
    "size",
    "bytes",
    "byte",
    "kb",
    "mb",
    "gb",
    "kib",
    "mib",
    "gib",
    "mem",
    "memory",
    "allocated",
    "reserved",
    "cached",
    "ram",
    "duration",
    "elapsed",
    "eta",
    "remaining",
    "took",
    "sec",
    "secs",
    "second",
    "seconds",
    "ms",
    "us",
    "ns",
    "runtime",
    "count",
    "total",
    "num",
    "n",
    "max",
    "status",
    "code",
    "http",
    "level",
    "lvl",
    "severity",
    "priority",
    "pri",
    "world",
    "worker",
    "workers",
    "node",
    "nodes",
    "device",
    "cuda",
    "gpu",
    "cpu",
    "thread",
    "threads",
    "process",
    "partition",
    "offset",
    "attempt",
    "retry",
    "retries",
    "timeout",
    "shape",
    "dim",
    "layers",
    "heads",
    "vocab",
    "request",
    "account",
    "file",
    "files",
    "batches",
    "samples",
    "rows",
    "params",
    "parameters",
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "pin",
    "otp",
];

/// What SageMaker and the common frameworks call their metrics.
const SCORES: &[&str] = &[
    "accuracy",
    "acc",
    "auc",
    "auroc",
    "auprc",
    "f1",
    "precision",
    "recall",
    "map",
    "ndcg",
    "rmse",
    "mse",
    "mae",
    "mape",
    "smape",
    "r2",
    "bleu",
    "rouge",
    "wer",
    "cer",
    "perplexity",
    "ppl",
    "iou",
    "miou",
    "dice",
    "reward",
    "score",
    "logloss",
    "merror",
    "error",
    "objective",
    "kl",
    "elbo",
];

fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// The axis that a name counts on.
pub fn counter(name: &str) -> Option<Axis> {
    let name = name.rsplit(['/', '.']).next().unwrap_or(name);
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if is("global_step") || is("step") || is("iteration") || is("iter") || is("round") {
        Some(Axis::Step)
    } else if is("epoch") {
        Some(Axis::Epoch)
    } else {
        None
    }
}

/// Whether a named number may become a curve.
pub fn is_metric(name: &str) -> bool {
    if counter(name).is_some() || name.eq_ignore_ascii_case("batch") || name == "fold" {
        return false;
    }
    rank(name) > OTHER || is_rate(name) || !words(name).any(|word| IGNORED.contains(&&*word))
}

const OTHER: u8 = 20;

/// From 0 to 200.
pub fn of(name: &str, defined: bool) -> u8 {
    if defined {
        return 200;
    }
    let held_out = words(name).any(|word| {
        matches!(
            &*word,
            "val" | "valid" | "validation" | "eval" | "test" | "dev"
        )
    });
    let rank = rank(name);
    match rank {
        90.. if held_out => rank + 20,
        OTHER if is_rate(name) => 40,
        _ => rank,
    }
}

fn rank(name: &str) -> u8 {
    let mut best = OTHER;
    for word in words(name) {
        let rank = match &*word {
            "loss" => 100,
            word if word.ends_with("loss") => 100,
            word if SCORES.contains(&word) => 90,
            "lr" => 60,
            "rate" if name.to_ascii_lowercase().contains("learning") => 60,
            "grad" | "gradient" => 50,
            _ => OTHER,
        };
        best = best.max(rank);
    }
    best
}

/// `tokens/s`, `samples_per_second`.
fn is_rate(name: &str) -> bool {
    name.ends_with("/s")
        || words(name).any(|word| matches!(&*word, "per" | "throughput" | "fps" | "qps"))
}
