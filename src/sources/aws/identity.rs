//! Who is asking: STS.

use async_trait::async_trait;

use super::api::Api;
use super::session::Session;
use crate::domain::identity::Identity;
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::sources::IdentitySource;

const GET_CALLER_IDENTITY: Api = Api::new("sts", "GetCallerIdentity");

pub struct Identities {
    session: Session,
}

impl Identities {
    pub fn new(session: Session) -> Self {
        Self { session }
    }
}

#[async_trait]
impl IdentitySource for Identities {
    async fn identity(&self) -> Answer<Identity> {
        let identity = caller(&self.session).await?;
        self.session.know_account(&identity.account);
        Ok(Partial::whole(identity))
    }
}

/// Asks STS; never denied by any policy.
pub async fn caller(session: &Session) -> Result<Identity, SourceError> {
    let send = session.sts().get_caller_identity().send();
    let answer = session.call(GET_CALLER_IDENTITY, send).await?;
    match (answer.account, answer.arn) {
        (Some(account), Some(arn)) => Ok(Identity {
            account,
            arn,
            expires_at: session.expiry().get(),
        }),
        _ => Err(SourceError::new(
            GET_CALLER_IDENTITY.to_string(),
            ErrorKind::Malformed,
            "the answer names no account",
        )),
    }
}
