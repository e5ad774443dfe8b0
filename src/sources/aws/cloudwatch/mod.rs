//! CloudWatch: the golden signals of endpoints, and alarms.

mod alarms;
mod metrics;

use aws_sdk_cloudwatch::Client;

use super::client::{Lazy, client};
use super::session::Session;

#[derive(Clone)]
pub struct Cloudwatch {
    session: Session,
    client: Lazy<Client>,
}

impl Cloudwatch {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_cloudwatch, session),
            session,
        }
    }
}
