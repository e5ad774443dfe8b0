//! Log lines from templates: `{placeholders}` become what they name, everything else stays.

use crate::simulator::dice::Dice;
use crate::simulator::moment::{MINUTE, Moment};

/// What a line may tell of.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub at: Moment,
    /// How far the work is, from 0 to 1.
    pub progress: f64,
    pub dice: Dice,
    pub job: &'a str,
    pub host: &'a str,
    pub instance: &'a str,
    pub bucket: &'a str,
    pub hyperparameters: &'a str,
    pub arguments: &'a str,
    pub epochs: f64,
    pub status: u16,
    /// The centre of latencies in the line.
    pub millis: f64,
}

/// The steps in one epoch.
const STEPS: f64 = 480.0;

pub fn render(template: &str, facts: &Facts<'_>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let name_length = after
            .find(|c: char| !(c.is_ascii_lowercase() || c == '_'))
            .unwrap_or(after.len());
        let (name, tail) = after.split_at(name_length);
        match (tail.strip_prefix('}'), value(name, facts)) {
            (Some(tail), Some(value)) => {
                out.push_str(&value);
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn value(name: &str, facts: &Facts<'_>) -> Option<String> {
    let Facts {
        at,
        progress,
        dice,
        epochs,
        ..
    } = *facts;
    let chance = dice.of(name);
    let noise = chance.normal().clamp(-3.0, 3.0);
    let done = progress * epochs;
    let step = (done * STEPS).floor();
    let millis = at.0.rem_euclid(1000);
    Some(match name {
        "time" => format!("{},{millis:03}", at.format("%Y-%m-%d %H:%M:%S")),
        "iso" => at.iso(),
        "clf" => at.format("%d/%b/%Y:%H:%M:%S +0000"),
        "spark" => at.format("%y/%m/%d %H:%M:%S"),
        "xgb" => at.format("%Y-%m-%d:%H:%M:%S:"),
        "build" => String::new(),
        "build_time" => at.format("%Y/%m/%d %H:%M:%S"),
        "job" => facts.job.to_owned(),
        "host" => facts.host.to_owned(),
        "instance" => facts.instance.to_owned(),
        "bucket" => facts.bucket.to_owned(),
        "hyperparameters" => facts.hyperparameters.to_owned(),
        "arguments" => facts.arguments.to_owned(),
        "epoch" => format!("{}", (done.floor() + 1.0).min(epochs)),
        "epochs" => format!("{epochs}"),
        "step" => format!("{step}"),
        "round" => format!("{}", done.floor()),
        "loss" => format!(
            "{:.4}",
            0.178 + 0.52 * (-4.2 * progress).exp() + 0.011 * noise
        ),
        "val_loss" => format!(
            "{:.4}",
            0.226 + 0.41 * (-4.0 * progress).exp() + 0.006 * noise
        ),
        "auc" => format!(
            "{:.4}",
            0.9115 - 0.27 * (-4.8 * progress).exp() + 0.0018 * noise
        ),
        "recall" => format!(
            "{:.4}",
            0.329 - 0.21 * (-4.1 * progress).exp() + 0.0021 * noise
        ),
        "lr" => format!("{:.6}", 0.003 * (0.02 + 0.98 * (1.0 - progress))),
        "norm" => format!("{:.3}", 0.8 + 0.3 * noise.abs()),
        "pct" => format!("{:.0}", (progress * 100.0).clamp(0.0, 100.0)),
        "bar" => bar(progress),
        "n" => format!("{}", 3 + chance.index(240)),
        "part" => format!("{:05}", (progress * 96.0) as u32),
        "rows" => format!("{}", 180_000 + chance.index(90_000)),
        "ms" => format!("{:.0}", (facts.millis * (0.4 * noise).exp()).max(1.0)),
        "secs" => format!("{:.2}", chance.between(0.6, 14.0)),
        "it_s" => format!("{:.1}", 31.0 + 2.0 * noise),
        "gpu" => format!("{:.0}", (91.0 + 3.0 * noise).min(100.0)),
        "gpu_mem" => format!("{:.1}", 14.2 + 4.0 * progress + 0.2 * noise),
        "status" => facts.status.to_string(),
        "request_id" => chance.uuid(),
        "sha" => chance.hex(64),
        _ => return None,
    })
}

/// tqdm's bar, ten cells wide.
fn bar(progress: f64) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (progress.clamp(0.0, 1.0) * 80.0) as usize;
    let (full, part) = (eighths / 8, eighths % 8);
    let width = full + usize::from(part > 0);
    format!(
        "|{}{}{}|",
        "█".repeat(full),
        PARTS[part],
        " ".repeat(10 - width)
    )
}

/// Lines have no two alike within a minute of each other: the moment is part of their chance.
pub fn line_dice(dice: Dice, at: Moment, number: u64) -> Dice {
    dice.at(at.0 / MINUTE).at(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(progress: f64) -> Facts<'static> {
        Facts {
            at: Moment(1_763_905_267_250),
            progress,
            dice: Dice::new(1),
            job: "churn-1",
            host: "algo-1",
            instance: "ml.g5.2xlarge",
            bucket: "b",
            hyperparameters: "{}",
            arguments: "",
            epochs: 40.0,
            status: 200,
            millis: 12.0,
        }
    }

    #[test]
    fn known_names_are_filled_in_and_other_braces_stay() {
        assert_eq!(
            render(
                "{time} {job}: {\"epoch\": {epoch}} {unknown} {",
                &facts(0.5)
            ),
            "2025-11-23 13:41:07,250 churn-1: {\"epoch\": 21} {unknown} {"
        );
    }

    #[test]
    fn the_bar_fills_up() {
        assert_eq!(bar(0.0), "|          |");
        assert_eq!(bar(0.45), "|████▌     |");
        assert_eq!(bar(1.0), "|██████████|");
    }

    #[test]
    fn the_loss_falls() {
        let loss = |p| render("{loss}", &facts(p)).parse::<f64>().unwrap_or(9.9);
        assert!(loss(0.02) > loss(0.5) && loss(0.5) > 0.15);
    }
}
