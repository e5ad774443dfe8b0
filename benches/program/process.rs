//! What the kernel knows of a running program.

use std::fs;

/// Since the program's start, over all its threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    pub cpu_ms: f64,
    /// Times that a thread gave up the processor by itself: each is followed by a wake-up.
    pub waits: u64,
    pub rss_mb: f64,
    /// Without pages of files, which the system can take back.
    pub anon_mb: f64,
}

/// Clock ticks of /proc are hundredths of a second on every Linux that matters.
const TICKS_PER_S: f64 = 100.0;

pub fn usage(pid: u32) -> Usage {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kb = |name: &str| field(&status, name).unwrap_or(0.0) / 1024.0;
    let mut usage = Usage {
        rss_mb: kb("VmRSS:"),
        anon_mb: kb("RssAnon:"),
        ..Usage::default()
    };
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name in brackets may hold spaces.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<f64>().ok())
        .sum();
    usage.cpu_ms = ticks * 1000.0 / TICKS_PER_S;
    for task in fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
    {
        let Ok(task) = task else { continue };
        let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
        usage.waits += field(&status, "voluntary_ctxt_switches:").unwrap_or(0.0) as u64;
    }
    usage
}

fn field(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
