//! AWS STS: who the caller is.

use super::call::{Call, Reply};
use crate::simulator::wire::value::map;

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "GetCallerIdentity" => Ok(identity(call)),
        _ => return None,
    })
}

fn identity(call: &Call<'_>) -> crate::simulator::wire::value::Value {
    let account = &call.view.spec().account;
    let role = call
        .account()
        .dice
        .of("role id")
        .mixed_case(17)
        .to_ascii_uppercase();
    map! {
        "UserId" => format!("AROA{role}:{}", account.session),
        "Account" => account.id.as_str(),
        "Arn" => call.account().caller_arn(),
    }
}
