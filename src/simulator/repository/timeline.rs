//! What was committed to the demo repository, by whom, and when.

/// The lines of development; `Focal` leaves `Main` before its newest commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    Main,
    Focal,
}

/// The values that commits change; the files are written from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Knobs {
    pub learning_rate: f64,
    pub batch_size: u32,
    pub epochs: u32,
    pub dropout: f64,
    pub min_auc: f64,
    /// Versions of the raw data, of the features made from it, and of the code.
    pub raw: u32,
    pub features: u32,
    pub code: u32,
    pub auc: f64,
    pub loss: &'static str,
}

pub struct Entry {
    pub branch: Branch,
    /// Before minute 0.
    pub minutes: i64,
    pub author: (&'static str, &'static str),
    pub message: &'static str,
    pub change: fn(&mut Knobs),
}

const ALICE: (&str, &str) = ("Alice Moreau", "alice@acme.example");
const BOB: (&str, &str) = ("Bob Okafor", "bob@acme.example");
const CHEN: (&str, &str) = ("陈伟 Chen Wei", "chen@acme.example");

pub fn first_knobs() -> Knobs {
    Knobs {
        learning_rate: 0.01,
        batch_size: 128,
        epochs: 10,
        dropout: 0.0,
        min_auc: 0.82,
        raw: 1,
        features: 1,
        code: 1,
        auc: 0.842,
        loss: "bce",
    }
}

macro_rules! entry {
    ($branch:ident, $minutes:literal, $author:ident, $message:literal, |$k:ident| $change:block) => {
        Entry {
            branch: Branch::$branch,
            minutes: $minutes,
            author: $author,
            message: $message,
            change: |$k| $change,
        }
    };
}

/// Oldest first. The registry and the pipelines name commits of `Main` by their place from the newest,
/// so a new one goes to the front of its past, and the minutes must fit the runs that use it.
pub const ENTRIES: &[Entry] = &[
    entry!(
        Main,
        40_600,
        ALICE,
        "Start: raw data, one stage, logistic baseline",
        |_k| {}
    ),
    entry!(
        Main,
        39_160,
        ALICE,
        "Split prepare and featurize into stages",
        |k| {
            k.code = 2;
        }
    ),
    entry!(Main, 37_720, BOB, "Track the model with DVC", |k| {
        k.code = 3;
    }),
    entry!(
        Main,
        36_215,
        ALICE,
        "Replace the baseline by a small transformer\n\nauc 0.842 -> 0.861 on the same split.",
        |k| {
            k.code = 4;
            k.learning_rate = 0.005;
            k.epochs = 20;
            k.auc = 0.861;
        }
    ),
    entry!(Main, 34_325, CHEN, "Add three months of raw data", |k| {
        k.raw = 2;
        k.features = 2;
        k.auc = 0.868;
    }),
    entry!(
        Main,
        32_960,
        BOB,
        "Write metrics.json and the ROC curve",
        |k| {
            k.code = 5;
        }
    ),
    entry!(Main, 31_610, ALICE, "Dropout 0.1", |k| {
        k.dropout = 0.1;
        k.auc = 0.871;
    }),
    entry!(Main, 30_005, ALICE, "Evaluate by market", |k| {
        k.code = 6;
    }),
    entry!(Main, 28_565, BOB, "Raise the bar: MinAuc 0.87", |k| {
        k.min_auc = 0.87;
    }),
    entry!(Main, 27_125, ALICE, "Sessions as history features", |k| {
        k.features = 3;
        k.auc = 0.883;
    }),
    entry!(
        Main,
        24_760,
        CHEN,
        "Fix leaked labels in history features\n\nThe join took events after the label date. v9 must not be used.",
        |k| {
            k.features = 4;
            k.code = 7;
            k.auc = 0.879;
        }
    ),
    entry!(Main, 24_245, ALICE, "Warm up the learning rate", |k| {
        k.code = 8;
        k.learning_rate = 0.003;
        k.auc = 0.886;
    }),
    entry!(Main, 22_805, BOB, "Pin torch 2.6 and einops", |k| {
        k.code = 9;
    }),
    entry!(Main, 20_440, ALICE, "epochs 40, batch 256", |k| {
        k.epochs = 40;
        k.batch_size = 256;
        k.auc = 0.893;
    }),
    entry!(
        Main,
        19_925,
        CHEN,
        "Serve: accept CSV and JSON lines",
        |k| {
            k.code = 10;
        }
    ),
    entry!(Main, 17_560, ALICE, "October data", |k| {
        k.raw = 3;
        k.features = 5;
        k.auc = 0.897;
    }),
    entry!(Main, 17_045, ALICE, "Market embeddings", |k| {
        k.code = 11;
        k.features = 6;
        k.auc = 0.901;
    }),
    entry!(
        Main,
        15_605,
        BOB,
        "Serve: health check without the model",
        |k| {
            k.code = 12;
        }
    ),
    entry!(Main, 13_240, ALICE, "Dropout 0.15, MinAuc 0.90", |k| {
        k.dropout = 0.15;
        k.min_auc = 0.9;
        k.auc = 0.904;
    }),
    entry!(
        Main,
        12_725,
        CHEN,
        "Balance new customers in training",
        |k| {
            k.code = 13;
            k.auc = 0.899;
        }
    ),
    entry!(
        Main,
        11_285,
        ALICE,
        "Revert \"Balance new customers in training\"\n\nRecall on new customers fell from 0.66 to 0.61.",
        |k| {
            k.code = 12;
            k.auc = 0.905;
        }
    ),
    entry!(
        Main,
        9_920,
        BOB,
        "Read parquet instead of CSV: 4x faster features",
        |k| {
            k.code = 14;
            k.features = 7;
        }
    ),
    entry!(
        Main,
        8_735,
        ALICE,
        "Plan tier as a category; auc 0.908",
        |k| {
            k.code = 15;
            k.features = 8;
            k.auc = 0.908;
        }
    ),
    entry!(Main, 7_480, BOB, "Log GPU memory while training", |k| {
        k.code = 16;
    }),
    entry!(
        Main,
        7_220,
        ALICE,
        "Evaluation report as property file",
        |k| {
            k.code = 17;
        }
    ),
    entry!(
        Main,
        6_040,
        CHEN,
        "Japanese market: 住所 split into prefecture and city",
        |k| {
            k.code = 18;
            k.features = 9;
            k.auc = 0.909;
        }
    ),
    entry!(
        Main,
        5_600,
        BOB,
        "Test that scores lie between 0 and 1",
        |k| {
            k.code = 19;
        }
    ),
    entry!(Main, 4_600, ALICE, "batch 384", |k| {
        k.batch_size = 384;
        k.auc = 0.910;
    }),
    entry!(Main, 4_085, ALICE, "November data, half; auc 0.912", |k| {
        k.raw = 4;
        k.features = 10;
        k.auc = 0.912;
    }),
    entry!(Main, 3_160, CHEN, "Serve: map plan tiers by table", |k| {
        k.code = 20;
    }),
    entry!(
        Main,
        2_975,
        BOB,
        "Try batch 512 on one ml.g5.2xlarge",
        |k| {
            k.batch_size = 512;
        }
    ),
    entry!(Focal, 2_720, BOB, "Focal loss", |k| {
        k.loss = "focal";
        k.code = 21;
        k.auc = 0.906;
    }),
    entry!(Focal, 1_500, BOB, "Focal loss: gamma 1.5", |k| {
        k.code = 22;
        k.auc = 0.913;
    }),
    entry!(
        Focal,
        700,
        BOB,
        "Focal loss: tune alpha by market 🎯",
        |k| {
            k.code = 23;
            k.auc = 0.915;
        }
    ),
    entry!(Main, 2_645, ALICE, "Back to batch 384", |k| {
        k.batch_size = 384;
    }),
    entry!(Main, 1_730, BOB, "Gradient checkpointing, batch 768", |k| {
        k.code = 24;
        k.batch_size = 768;
    }),
    entry!(Main, 1_300, BOB, "Batch 512 with checkpointing", |k| {
        k.batch_size = 512;
    }),
    entry!(
        Main,
        350,
        ALICE,
        "Batch 384 again; history window 90 days",
        |k| {
            k.batch_size = 384;
            k.features = 11;
            k.auc = 0.914;
        }
    ),
    entry!(
        Main,
        95,
        ALICE,
        "Longer history needs attention over 180 days; batch 512",
        |k| {
            k.code = 25;
            k.batch_size = 512;
            k.features = 12;
        }
    ),
    entry!(
        Main,
        28,
        ALICE,
        "Tune learning rate, new features, batch 384",
        |k| {
            k.batch_size = 384;
            k.learning_rate = 0.0026;
            k.features = 13;
            k.auc = 0.912;
        }
    ),
];

/// `Focal` leaves `Main` at this commit, counted from the oldest of `Main`.
pub const FOCAL_LEAVES_AT: usize = 30;

/// An annotated tag, as GTO makes them: `model@version` registers, `model#stage#n` assigns.
pub struct Tag {
    pub name: &'static str,
    /// The place of its commit from the newest of `Main`.
    pub place: usize,
    /// Before minute 0.
    pub minutes: i64,
    pub tagger: (&'static str, &'static str),
    pub message: &'static str,
}

const fn tag(
    name: &'static str,
    place: usize,
    minutes: i64,
    tagger: (&'static str, &'static str),
    message: &'static str,
) -> Tag {
    Tag {
        name,
        place,
        minutes,
        tagger,
        message,
    }
}

pub const TAGS: &[Tag] = &[
    tag(
        "churn@v11.0.0",
        22,
        18_500,
        ALICE,
        "Registering artifact churn version v11.0.0",
    ),
    tag(
        "churn#prod#1",
        22,
        18_200,
        ALICE,
        "Assigning stage prod to artifact churn version v11.0.0",
    ),
    tag(
        "churn@v12.0.0",
        20,
        16_100,
        ALICE,
        "Registering artifact churn version v12.0.0",
    ),
    tag(
        "churn#prod#2",
        20,
        15_900,
        ALICE,
        "Assigning stage prod to artifact churn version v12.0.0",
    ),
    tag(
        "churn@v13.0.0",
        17,
        12_000,
        CHEN,
        "Registering artifact churn version v13.0.0",
    ),
    tag(
        "churn@v14.0.0",
        14,
        8_300,
        ALICE,
        "Registering artifact churn version v14.0.0",
    ),
    tag(
        "churn#prod#3",
        14,
        7_950,
        ALICE,
        "Assigning stage prod to artifact churn version v14.0.0",
    ),
    tag(
        "churn@v15.0.0",
        8,
        2_400,
        ALICE,
        "Registering artifact churn version v15.0.0",
    ),
    tag(
        "churn#canary#4",
        8,
        21,
        ALICE,
        "Assigning stage canary to artifact churn version v15.0.0",
    ),
    tag(
        "churn@v16.0.0",
        2,
        255,
        ALICE,
        "Registering artifact churn version v16.0.0",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_forward_on_each_branch() {
        for branch in [Branch::Main, Branch::Focal] {
            let minutes: Vec<i64> = ENTRIES
                .iter()
                .filter(|e| e.branch == branch)
                .map(|e| e.minutes)
                .collect();
            assert!(minutes.windows(2).all(|w| w[0] > w[1]), "{minutes:?}");
        }
    }

    #[test]
    fn tags_come_after_their_commits() {
        let main: Vec<&Entry> = ENTRIES
            .iter()
            .filter(|e| e.branch == Branch::Main)
            .collect();
        for Tag {
            name,
            place,
            minutes,
            ..
        } in TAGS
        {
            assert!(main[main.len() - 1 - place].minutes > *minutes, "{name}");
        }
    }
}
