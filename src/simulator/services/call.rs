//! One request on its way to an answer: its arguments, its page, and the account at its moment.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;

use crate::simulator::account::{Account, View};
use crate::simulator::moment::Moment;
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::service::Service;
use crate::simulator::wire::value::Value;

pub type Reply = Result<Value, ApiError>;

pub struct Call<'a> {
    /// The account at the moment of the first page, so that pages do not shift.
    pub view: View<'a>,
    pub service: Service,
    pub operation: &'a str,
    pub input: &'a Json,
    offset: usize,
}

/// The members that carry a page's token into a request.
const TOKENS: [&str; 3] = ["NextToken", "nextToken", "NextPageToken"];

/// What a token of the log services begins with: those page by their own positions.
const OWN_TOKENS: [&str; 3] = ["f/", "b/", "e/"];

impl<'a> Call<'a> {
    pub fn new(
        account: &'a Account,
        service: Service,
        operation: &'a str,
        input: &'a Json,
        now: Moment,
    ) -> Result<Self, ApiError> {
        let token = TOKENS
            .iter()
            .find_map(|name| input.get(name)?.as_str())
            .filter(|t| !t.is_empty() && !OWN_TOKENS.iter().any(|own| t.starts_with(own)));
        let (at, offset) = match token {
            None => (now, 0),
            Some(token) => read_token(token, operation).ok_or_else(|| {
                ApiError::new(
                    service.bad_token_code(),
                    "The specified nextToken is invalid.",
                )
            })?,
        };
        Ok(Self {
            view: account.at(at),
            service,
            operation,
            input,
            offset,
        })
    }

    pub fn account(&self) -> &'a Account {
        self.view.account
    }

    pub fn now(&self) -> Moment {
        self.view.now
    }

    /// An argument that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.input.get(name)?.as_str().filter(|t| !t.is_empty())
    }

    pub fn required(&self, name: &str) -> Result<&'a str, ApiError> {
        self.text(name).ok_or_else(|| {
            self.invalid(format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower_first(name)
            ))
        })
    }

    /// A number; in Query requests it comes as a text.
    pub fn number(&self, name: &str) -> Option<f64> {
        let value = self.input.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        let value = self.input.get(name)?;
        value.as_bool().or_else(|| value.as_str()?.parse().ok())
    }

    /// A point in time: seconds since 1970, or a text in Query requests.
    pub fn time(&self, name: &str) -> Option<Moment> {
        time(self.input.get(name)?)
    }

    pub fn list(&self, name: &str) -> &'a [Json] {
        self.input
            .get(name)
            .and_then(Json::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub fn texts(&self, name: &str) -> Vec<&'a str> {
        self.list(name).iter().filter_map(Json::as_str).collect()
    }

    /// An argument that does not fit, in the service's words.
    pub fn invalid(&self, message: impl Into<String>) -> ApiError {
        ApiError::new(self.service.bad_input_code(), message)
    }

    /// The size of a page: what is asked for, or the service's default.
    pub fn limit(&self, name: &str, default: usize, most: usize) -> Result<usize, ApiError> {
        let Some(wanted) = self.number(name) else {
            return Ok(default);
        };
        if wanted < 1.0 || wanted > most as f64 {
            let bound = if wanted < 1.0 {
                "greater than or equal to 1".to_owned()
            } else {
                format!("less than or equal to {most}")
            };
            return Err(self.invalid(format!(
                "1 validation error detected: Value '{wanted}' at '{}' failed to satisfy constraint: Member must have value {bound}",
                lower_first(name)
            )));
        }
        Ok(wanted as usize)
    }

    /// This page of `items`, and the token of the next.
    pub fn page<T>(&self, items: Vec<T>, limit: usize) -> (Vec<T>, Option<String>) {
        let more = items.len() > self.offset + limit;
        let page = items.into_iter().skip(self.offset).take(limit).collect();
        (page, more.then(|| self.token(self.offset + limit)))
    }

    fn token(&self, offset: usize) -> String {
        let text = format!("{}|{}|{offset}", self.operation, self.now().0);
        URL_SAFE_NO_PAD.encode(text)
    }
}

fn read_token(token: &str, operation: &str) -> Option<(Moment, usize)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let mut parts = text.split('|');
    if parts.next()? != operation {
        return None;
    }
    let at = parts.next()?.parse().ok()?;
    let offset = parts.next()?.parse().ok()?;
    Some((Moment(at), offset))
}

pub fn time(value: &Json) -> Option<Moment> {
    if let Some(seconds) = value.as_f64() {
        return Some(Moment((seconds * 1000.0) as i64));
    }
    let at: jiff::Timestamp = value.as_str()?.parse().ok()?;
    Some(at.into())
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars
        .next()
        .map(|c| c.to_ascii_lowercase().to_string() + chars.as_str())
        .unwrap_or_default()
}
