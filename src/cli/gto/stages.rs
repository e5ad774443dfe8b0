//! `gto stages`

use std::io::Write;
use std::path::Path;

use crate::cli::args::GtoStagesArgs;
use crate::cli::python_json::Json;
use crate::domain::safe_text::visible_line;

use super::{Answer, registry};

pub fn run(args: &GtoStagesArgs, dir: &Path, out: &mut dyn Write) -> Answer {
    let registry = registry(dir)?;
    let stages = if args.allowed {
        registry.allowed
    } else if args.used {
        Some(registry.used_stages())
    } else {
        Some(registry.stages())
    };
    if args.json {
        let list = |stages: Vec<String>| Json::Seq(stages.into_iter().map(Json::Text).collect());
        writeln!(out, "{}", Json::or_null(stages, list).indented(4))?;
        return Ok(());
    }
    for stage in stages.unwrap_or_default() {
        writeln!(out, "{}", visible_line(&stage))?;
    }
    Ok(())
}
