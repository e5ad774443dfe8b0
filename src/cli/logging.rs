//! The log file in the state folder: never the screen, never a credential.

use std::io;
use std::path::PathBuf;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use crate::config::{Dirs, Env, append_private};

/// Written anew when it has grown past this many bytes.
const LARGEST: u64 = 8 << 20;

/// Starts logging; answers where. `FLIGHTDECK_LOG` sets the filter (`debug`, `flightdeck=trace`).
///
/// The SDK's own events stay out below warnings: at `debug` and `trace` they hold signed requests.
pub fn start(dirs: &Dirs, env: &Env) -> io::Result<PathBuf> {
    let path = dirs.state.join("flightdeck.log");
    if std::fs::metadata(&path).is_ok_and(|meta| meta.len() > LARGEST) {
        std::fs::rename(&path, path.with_extension("log.old"))?;
    }
    let file = append_private(&path)?;
    let own = env.get("FLIGHTDECK_LOG").unwrap_or("info");
    let filter = EnvFilter::try_new(format!("warn,flightdeck={own}"))
        .unwrap_or_else(|_| EnvFilter::new("warn,flightdeck=info"));
    // Only the first caller of a process can set it; a second one keeps the first's file.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init();
    Ok(path)
}
