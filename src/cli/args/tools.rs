//! Arguments of the commands around the screens.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::store::model::nav::Screen;

use super::parse::{self, Size};

#[derive(Clone, Debug, Default, Args)]
pub struct DemoArgs {
    /// Draw a screen into this SVG file instead of opening it
    #[arg(long, value_name = "FILE.svg")]
    pub screenshot: Option<PathBuf>,

    /// Which screen to draw [default: deck]
    #[arg(long, value_name = "NAME", value_parser = parse::screen, requires = "screenshot")]
    pub screen: Option<Screen>,

    /// Keys to press before it is drawn, as keymap files write them: `jj<enter>`
    #[arg(long, value_name = "KEYS", requires = "screenshot")]
    pub keys: Option<String>,

    /// Built-in theme of the picture [default: dark]
    #[arg(long, value_name = "NAME", requires = "screenshot")]
    pub theme: Option<String>,

    /// Columns and rows of the picture [default: 120x40]
    #[arg(long, value_name = "WxH", value_parser = parse::size, requires = "screenshot")]
    pub size: Option<Size>,
}

#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// Address to serve on; loopback only
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4590")]
    pub listen: SocketAddr,
}

#[derive(Clone, Debug, Default, Args)]
pub struct KeysArgs {
    /// Keymap to show instead of the one in the config
    #[arg(long, value_name = "NAME")]
    pub keymap: Option<String>,

    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ThemesArgs {
    /// Theme to show instead of the one in the config
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,

    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write a config file with every default and what it means
    Init {
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
        /// Print it instead
        #[arg(long, conflicts_with = "force")]
        stdout: bool,
    },
    /// Check the config file, the keymap and the theme
    Check,
    /// Where the files are
    Path,
}

#[derive(Clone, Debug, Default, Args)]
pub struct HelpArgs {
    /// The command to explain
    pub command: Option<String>,
}
