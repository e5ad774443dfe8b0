//! What one line costs: `cargo bench --no-default-features --bench lines`.
//!
//! Each function goes over the same mix of ordinary lines many times; the best of several rounds counts, which
//! another program on the machine disturbs least.

use std::hint::black_box;
use std::time::Instant;

use flightdeck::logs::ansi;
use flightdeck::logs::clock::{self, Assumed};
use flightdeck::logs::curve::Curves;
use flightdeck::logs::expression::Expression;
use flightdeck::logs::fields;
use flightdeck::logs::fold::Folder;
use flightdeck::logs::level;
use flightdeck::logs::line::LineRef;
use flightdeck::logs::mask::Masker;
use flightdeck::logs::template::Patterns;

const PLAIN: [&str; 8] = [
    "2026-11-22 13:02:11,123 sagemaker-training-toolkit INFO     Invoking user script with the following command",
    "2026-11-22 13:02:12,001 INFO train.py:118 epoch=3 step=1200 loss=0.4127 val_acc=0.9132 lr=4.9e-05 tokens/s=18231",
    "Epoch 3/10 - 12s - loss: 0.4127 - accuracy: 0.8812 - val_loss: 0.4411 - val_accuracy: 0.8703",
    "26/11/22 13:02:11 WARN TaskSetManager: Lost task 3.0 in stage 7.0 (TID 412, ip-10-0-1-2.ec2.internal, executor 3)",
    "  File \"/opt/ml/code/train.py\", line 118, in train_one_epoch",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 22.00 GiB total capacity)",
    "algo-1:50:50 [0] NCCL INFO Channel 00/02 :    0   1   2   3",
    "Downloading s3://acme-ml-data/churn/4f21c0de/features-0012.parquet to /opt/ml/input/data/train",
];

const JSON: [&str; 3] = [
    r#"{"time":"2026-11-22T13:02:11.123Z","level":"INFO","logger":"train","message":"step done","step":1200,"loss":0.4127,"lr":4.9e-05}"#,
    r#"{"asctime":"2026-11-22 13:02:11,123","levelname":"WARNING","name":"app.data","message":"slow batch","user":{"id":42,"tier":"gold"},"took_ms":812}"#,
    r#"{"level":30,"time":1795352531123,"pid":17,"hostname":"algo-1","msg":"request completed","req":{"id":812,"method":"POST"},"responseTime":12.5}"#,
];

const ROUNDS: usize = 15;
const LINES_A_ROUND: usize = 40_000;

fn line(text: &str) -> LineRef<'_> {
    LineRef {
        text: text.as_bytes(),
        at_ms: None,
        group: "/aws/sagemaker/TrainingJobs",
        stream: "churn-213/algo-1-1795352531",
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures time on the wall"
)]
fn measure(name: &str, lines: &[&str], mut work: impl FnMut(&str)) {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for at in 0..LINES_A_ROUND {
            work(black_box(lines[at % lines.len()]));
        }
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let each = start.elapsed().as_nanos() as f64 / LINES_A_ROUND as f64;
        best = best.min(each);
    }
    println!("{name:<34} {best:>8.0} ns/line");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let assumed = Assumed::default();
    let masker = Masker::new::<&str>(&[])?;
    for (kind, lines) in [("plain", &PLAIN[..]), ("json", &JSON[..])] {
        measure(&format!("level::detect_bytes {kind}"), lines, |l| {
            black_box(level::detect_bytes(l.as_bytes()));
        });
        measure(&format!("clock::time_of {kind}"), lines, |l| {
            black_box(clock::time_of(l.as_bytes(), &assumed));
        });
        measure(&format!("fields::get loss {kind}"), lines, |l| {
            black_box(fields::get(l.as_bytes(), "loss"));
        });
        measure(&format!("fields::get user.id {kind}"), lines, |l| {
            black_box(fields::get(l.as_bytes(), "user.id"));
        });
        measure(&format!("fields::all {kind}"), lines, |l| {
            black_box(fields::all(l.as_bytes()));
        });
        measure(&format!("mask.find {kind}"), lines, |l| {
            black_box(masker.find(l));
        });
        for text in [
            "memory",
            "level>=warn",
            "loss<0.5",
            "cuda !warmup level>=warn",
        ] {
            let expression = Expression::parse(text)?;
            measure(&format!("passes {text} {kind}"), lines, |l| {
                black_box(expression.passes(&line(l)));
            });
        }
        measure(&format!("ansi::interpret {kind}"), lines, |l| {
            black_box(ansi::interpret(l));
        });
        let mut folder = Folder::new();
        measure(&format!("folder.belongs {kind}"), lines, |l| {
            black_box(folder.belongs(&line("x"), &line(l)));
        });
        let mut curves = Curves::default();
        let mut key = 0;
        measure(&format!("curves.add {kind}"), lines, |l| {
            key += 1;
            curves.add(&line(l), key);
        });
        let mut patterns = Patterns::new();
        measure(&format!("patterns.add {kind}"), lines, |l| {
            patterns.add(l.as_bytes());
        });
    }
    Ok(())
}
