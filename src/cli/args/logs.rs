//! Arguments of `flightdeck logs`.

use clap::Args;

use crate::logs::expression::{Expression, ExpressionError};
use crate::logs::mask::Masker;

use super::parse::{self, Since};

#[derive(Clone, Debug, Default, Args)]
pub struct LogsArgs {
    /// Log groups; or files, or `-` for standard input
    #[arg(required_unless_present_any = ["run", "endpoint"], value_name = "GROUP")]
    pub groups: Vec<String>,

    /// The streams of a run: its name, id or ARN as `runs --json` prints them
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,

    /// The streams of an endpoint, or of one variant: `NAME` or `NAME/VARIANT`
    #[arg(long, value_name = "NAME")]
    pub endpoint: Option<String>,

    /// Only streams of the groups whose name starts so: `job-name/` for the streams of one job
    #[arg(long, value_name = "PREFIX")]
    pub stream_prefix: Option<String>,

    /// How far back: 30m, 1h, 7d, or RFC 3339 [default: 1h; of a run, from its start]
    #[arg(long, value_name = "TIME", value_parser = parse::since)]
    pub since: Option<Since>,

    /// Nothing after then [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse::since, conflicts_with_all = ["follow", "live"])]
    pub until: Option<Since>,

    /// Only lines that pass: words, /regex/, level>=error, loss<0.2, !word
    #[arg(long, value_name = "EXPRESSION")]
    pub filter: Option<String>,

    /// A CloudWatch filter pattern: CloudWatch sends only these
    #[arg(long, value_name = "PATTERN")]
    pub pattern: Option<String>,

    /// Go on with what comes, until interrupted
    #[arg(long, short)]
    pub follow: bool,

    /// Go on with Live Tail: each line within a second or two, for $0.01 a minute
    #[arg(long)]
    pub live: bool,

    /// Ask Logs Insights: `stats count(*) by bin(5m)`. Costs $0.005 a gigabyte scanned
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["follow", "live", "filter", "pattern"])]
    pub insights: Option<String>,

    /// The newest N lines of each group only, or N rows of a query [default: 10000]
    #[arg(long, value_name = "N", value_parser = parse::limit, conflicts_with_all = ["follow", "live"])]
    pub limit: Option<usize>,

    /// Show secrets: otherwise keys, tokens and passwords are masked
    #[arg(long)]
    pub reveal: bool,

    /// One JSON object a line (docs/json.md)
    #[arg(long, conflicts_with = "plain")]
    pub json: bool,

    /// Time, stream and message (the default)
    #[arg(long)]
    pub plain: bool,
}

impl LogsArgs {
    /// Nothing asks for output that a program would read, or for what only a list of lines can give.
    pub fn is_for_people(&self) -> bool {
        !(self.json || self.plain || self.reveal || self.filter.is_some())
    }

    /// What hides secrets in what is written.
    pub fn masker<'m>(&self, masker: &'m Masker) -> Option<&'m Masker> {
        (!self.reveal).then_some(masker)
    }

    /// Which lines are written.
    ///
    /// # Errors
    /// With the place in the text, and what to type instead.
    pub fn expression(&self) -> Result<Option<Expression>, ExpressionError> {
        self.filter.as_deref().map(Expression::parse).transpose()
    }
}
