//! `flightdeck`: parse the arguments, wire the parts, run.

use std::process::ExitCode;

use flightdeck::cli;

fn main() -> ExitCode {
    cli::main(std::env::args_os()).into()
}
