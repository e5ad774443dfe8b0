//! A log of a training job, the same one every time.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Where what is made is kept: inside the target folder.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// Plain lines of a trainer, some warnings, few errors, seven that are very rare: about 146 bytes each.
pub fn log(lines: u64) -> PathBuf {
    let path = folder().join(format!("train-{lines}.log"));
    if path.exists() {
        return path;
    }
    let unfinished = path.with_extension("part");
    let mut out = BufWriter::with_capacity(1 << 20, fs::File::create(&unfinished).unwrap());
    let mut chance = Chance(7);
    let (mut line, mut ms) = (String::new(), 0);
    for number in 0..lines {
        line.clear();
        ms += chance.below(240);
        write_line(&mut line, &mut chance, number, ms, lines);
        out.write_all(line.as_bytes()).unwrap();
    }
    out.into_inner().unwrap();
    fs::rename(unfinished, &path).unwrap();
    path
}

/// The lines of a log, dealt out to so many files in turn.
pub fn dealt(path: &Path, files: usize) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = folder().join(format!("{stem}-in-{files}"));
    let paths: Vec<PathBuf> = (0..files)
        .map(|at| folder.join(format!("{at:03}.log")))
        .collect();
    if folder.exists() {
        return paths;
    }
    let unfinished = folder.with_extension("part");
    fs::create_dir_all(&unfinished).unwrap();
    let mut outs: Vec<_> = paths
        .iter()
        .map(|path| unfinished.join(path.file_name().unwrap()))
        .map(|path| BufWriter::new(fs::File::create(path).unwrap()))
        .collect();
    let text = fs::read(path).unwrap();
    for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        outs[number % files].write_all(line).unwrap();
    }
    for out in outs {
        out.into_inner().unwrap();
    }
    fs::rename(unfinished, folder).unwrap();
    paths
}

fn write_line(line: &mut String, chance: &mut Chance, number: u64, ms: u64, lines: u64) {
    let (seconds, host) = (ms / 1000, chance.below(16) + 1);
    let clock = format!(
        "{:02}:{:02}:{:02},{:03}",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        ms % 1000
    );
    let day = 20 + seconds / 86_400 % 10;
    let module = [
        "trainer",
        "dataloader",
        "optimizer",
        "checkpoint",
        "nccl",
        "metrics",
    ][chance.below(6) as usize];
    let what = chance.below(1000);
    write!(line, "2026-11-{day} {clock} ").unwrap();
    if number % (lines / 7).max(1) == lines / 14 {
        writeln!(line, "ERROR {module}[algo-{host}] RuntimeError: CUDA out of memory. Tried to allocate 2.31 GiB").unwrap();
    } else if what < 960 {
        let (loss, acc, lr) = (
            chance.below(100_000),
            chance.below(10_000),
            chance.below(900) + 100,
        );
        let (tokens, busy, mem) = (
            38_000 + chance.below(4000),
            90 + chance.below(10),
            60 + chance.below(18),
        );
        writeln!(line, "INFO  {module}[algo-{host}] step={number} epoch={} loss=0.{loss:05} acc=0.{acc:04} lr={}.{:02}e-04 tokens/s={tokens} gpu_util={busy}.{}% mem={mem}.{}GiB", number / 5000, lr / 100, lr % 100, lr % 10, tokens % 10).unwrap();
    } else if what < 992 {
        let (worker, wait, shard) = (chance.below(16), chance.below(900), chance.below(4096));
        writeln!(line, "WARN  {module}[algo-{host}] dataloader worker {worker} slow: {wait} ms waiting on s3://ml-prod-data/shards/train-{shard:05}-of-04096.tar").unwrap();
    } else {
        let port = chance.below(60_000);
        writeln!(line, "ERROR {module}[algo-{host}] connection reset by peer 10.0.{}.{}:{port} while reading shard", host % 4, host).unwrap();
    }
}

/// xorshift64*: enough for a log.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    }
}
