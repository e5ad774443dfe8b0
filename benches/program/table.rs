//! The table that is printed.

use std::time::Instant;

pub fn head() {
    println!(
        "{:<58} {:>10} {:>10} {:>12}",
        "program", "median", "slowest", "goal"
    );
}

pub fn ms(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1e3
}

pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

pub fn row(what: &str, figures: &[f64], goal: &str) {
    let slowest = figures.iter().copied().fold(0.0, f64::max);
    println!(
        "{what:<58} {:>7.1} ms {slowest:>7.1} ms {goal:>12}",
        median(figures)
    );
}

pub fn figure(what: &str, value: f64, unit: &str, goal: &str) {
    let value = format!("{value:.2} {unit}");
    println!("{what:<58} {value:>10} {:>10} {goal:>12}", "");
}
