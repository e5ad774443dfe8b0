//! `flightdeck versions`

mod item;
mod rows;

use std::io;

use crate::cli::args::VersionsArgs;
use crate::cli::exit::Exit;

use super::ask::{self, Got};
use super::print::Answered;
use super::{Desk, Io, finish};
use item::VersionItem;
use rows::table;

/// Commits that are listed when nobody says how many.
const DEFAULT_LOG_LIMIT: usize = 200;

/// The repository, its data versions, the model registry and the images.
///
/// Git and DVC answer without an account.
pub async fn versions(args: &VersionsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> Exit {
    let result = run(args, desk, io).await;
    finish(result, io)
}

async fn run(args: &VersionsArgs, desk: &Desk<'_>, io: &mut Io<'_>) -> io::Result<Exit> {
    let mut answered = Answered {
        schema: "flightdeck.versions/1",
        items: Vec::new(),
        identity: None,
        partial: Vec::new(),
    };
    let log_limit = args.log_limit.unwrap_or(DEFAULT_LOG_LIMIT);
    if let Some(rev) = &args.rev {
        let range = ask::range(desk.sources, rev.clone(), log_limit).await;
        let range = range.into_value(&mut answered.partial);
        answered.items = range.iter().flat_map(VersionItem::of_range).collect();
        return answered.print(args.json, desk, io, |items, out| table(items).write(out));
    }
    let from_account = async {
        let account = ask::account(desk.sources)?;
        Ok(tokio::join!(
            ask::identity(account),
            account.registry.model_groups(),
            account.registry.images(),
        ))
    };
    let (repository, from_account) =
        tokio::join!(ask::repository(desk.sources, log_limit), from_account);
    let repository = repository.into_value(&mut answered.partial);
    let (mut groups, mut images) = (Vec::new(), Vec::new());
    match from_account {
        Ok((who, got_groups, got_images)) => {
            answered.identity = who.into_value(&mut answered.partial);
            groups = Got::from(got_groups)
                .into_value(&mut answered.partial)
                .unwrap_or_default();
            images = Got::from(got_images)
                .into_value(&mut answered.partial)
                .unwrap_or_default();
        }
        Err(error) => answered.partial.push(error),
    }
    answered.items = repository.iter().flat_map(VersionItem::of_git).collect();
    answered
        .items
        .extend(groups.iter().flat_map(VersionItem::of_group));
    answered
        .items
        .extend(images.iter().map(VersionItem::of_image));
    answered.print(args.json, desk, io, |items, out| table(items).write(out))
}
