//! Logs that never end: containers of endpoints, and Lambda functions.

use super::event::Event;
use super::template::{Facts, line_dice, render};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{MINUTE, Moment, SECOND};
use crate::simulator::scenario::spec::{LogProfile, Spec};
use crate::simulator::serving::traffic::Served;
use crate::simulator::world::plan::EndKind;
use crate::simulator::world::work::Invocation;

/// At most so many requests and errors a minute leave lines: containers sample.
const REQUESTS: f64 = 16.0;
const ERRORS: f64 = 5.0;

/// The lines of one container, generated minute by minute.
pub fn serving(
    spec: &Spec,
    served: &Served<'_>,
    instance: usize,
    from: Moment,
    until: Moment,
    out: &mut Vec<Event>,
) {
    let Some(profile) = spec.logs.get(&served.variant.log) else {
        return;
    };
    let begin = out.len();
    let mut minute = from.max(served.since()).minute();
    while minute < until {
        one_minute(spec, served, profile, instance, minute, out);
        minute = minute.plus(MINUTE);
    }
    let mut kept: Vec<Event> = out
        .drain(begin..)
        .filter(|e| e.at >= from && e.at < until)
        .collect();
    kept.sort_by_key(|e| (e.at, e.number));
    out.extend(kept);
}

fn one_minute(
    spec: &Spec,
    served: &Served<'_>,
    profile: &LogProfile,
    instance: usize,
    minute: Moment,
    out: &mut Vec<Event>,
) {
    let Some(signals) = served.minute(minute) else {
        return;
    };
    let instances = f64::from(served.variant.instances.max(1));
    let dice = served
        .dice
        .of("lines")
        .of(&served.endpoint.name)
        .of(&served.variant.name)
        .at(instance as i64)
        .at(minute.0 / MINUTE);
    let mut number = 0;
    let facts = |at, number: u64, status| Facts {
        at,
        progress: 0.0,
        dice: line_dice(dice, at, number),
        job: &served.endpoint.name,
        host: "model",
        instance: "",
        bucket: &spec.account.bucket,
        hyperparameters: "",
        arguments: "",
        epochs: 1.0,
        status,
        millis: signals.p50_ms,
    };
    let mut push = |template: &str, at: Moment, status: u16| {
        number += 1;
        let facts = facts(at, number, status);
        out.push(Event::new(at, number, render(template, &facts), facts.dice));
    };
    let moment = |dice: Dice| minute.plus((dice.unit() * (MINUTE - SECOND) as f64) as i64);
    let shown = (signals.invocations / instances).min(REQUESTS).ceil();
    let refused = (signals.errors_4xx / instances).min(2.0);
    for n in 0..shown as i64 {
        let dice = dice.of("request").at(n);
        let status = if (n as f64) < refused { 400 } else { 200 };
        if let Some(line) = weighted(profile, dice.of("line")) {
            push(line, moment(dice), status);
        }
    }
    let failure = served
        .incident(minute.plus(MINUTE / 2))
        .and_then(|i| i.failure.as_ref())
        .and_then(|name| spec.failures.get(name));
    let failed = (signals.errors_5xx / instances).min(ERRORS).ceil();
    for n in 0..failed as i64 {
        let at = moment(dice.of("failed").at(n));
        match failure {
            Some(failure) => {
                for (i, line) in failure.log.iter().enumerate() {
                    push(line, at.plus(i as i64), 500);
                }
            }
            None => {
                if let Some(first) = profile.body.first() {
                    push(&first.text, at, 500);
                }
            }
        }
    }
}

/// A line of the profile; those with a small `every` come more often.
fn weighted(profile: &LogProfile, dice: Dice) -> Option<&str> {
    let weight = |every: f64| 1.0 / every.max(0.01);
    let all: f64 = profile.body.iter().map(|r| weight(r.every)).sum();
    let mut left = dice.unit() * all;
    for repeat in &profile.body {
        left -= weight(repeat.every);
        if left <= 0.0 {
            return Some(&repeat.text);
        }
    }
    profile.body.last().map(|r| r.text.as_str())
}

/// What one call of a Lambda function prints.
pub fn invocation(
    spec: &Spec,
    call: &Invocation,
    from: Moment,
    until: Moment,
    out: &mut Vec<Event>,
) {
    let id = &call.request_id;
    let start = call.span.start;
    let end = call.span.end.unwrap_or(start.plus(SECOND));
    let millis = end.since(start);
    let mut lines = vec![
        (start, format!("START RequestId: {id} Version: $LATEST\n")),
        (
            start.plus(3),
            format!(
                "{{\"level\": \"INFO\", \"message\": \"{} started\", \"timestamp\": \"{}\", \"requestId\": \"{id}\"}}\n",
                call.function,
                start.plus(3).iso()
            ),
        ),
    ];
    let reason = call.span.ending.reason(spec);
    match (call.span.ending.kind, reason) {
        (EndKind::Succeeded, _) | (_, None) => lines.push((
            start.plus(millis * 9 / 10),
            format!(
                "{{\"level\": \"INFO\", \"message\": \"done\", \"items\": {}, \"timestamp\": \"{}\", \"requestId\": \"{id}\"}}\n",
                call.dice.of("items").index(9000),
                start.plus(millis * 9 / 10).iso()
            ),
        )),
        (_, Some(reason)) => lines.push((end.plus(-2), format!("[ERROR] {reason}\n"))),
    }
    lines.push((end.plus(-1), format!("END RequestId: {id}\n")));
    lines.push((
        end,
        format!(
            "REPORT RequestId: {id}\tDuration: {millis}.00 ms\tBilled Duration: {millis} ms\tMemory Size: 512 MB\tMax Memory Used: {} MB\t\n",
            120 + call.dice.of("memory").index(200)
        ),
    ));
    let base = call.dice.bits() % 1_000_000 * 10;
    for (n, (at, line)) in lines.into_iter().enumerate() {
        if at >= from && at < until {
            let number = base + n as u64;
            out.push(Event::new(at, number, line, call.dice.at(n as i64)));
        }
    }
}
