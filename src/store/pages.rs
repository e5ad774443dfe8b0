//! Detail panes as pages: what each is about, and the line it is scrolled to.

use super::model::Model;
use super::model::nav::Pane;
use super::model::versions::VersionsSection;
use super::rows;

/// What a detail pane tells about; `None` where nothing is selected.
pub fn subject(model: &Model, pane: Pane) -> Option<String> {
    match pane {
        Pane::RunDetail => rows::selected_run(model).map(|run| run.key()),
        Pane::EndpointDetail => rows::selected_endpoint(model).map(|row| row.endpoint.name.clone()),
        Pane::CostDetail => {
            let selected = rows::list(model, Pane::CostList)?.selected.as_ref()?;
            Some(format!("{} {selected}", model.costs.section.title()))
        }
        Pane::VersionDetail => {
            let selected = rows::list(model, Pane::VersionList)?.selected.as_ref()?;
            let title = model.versions.section.title();
            let detail = &model.versions.history.detail;
            Some(match detail.open.last() {
                Some(open) if model.versions.section == VersionsSection::Commits => open.subject(),
                _ => format!("{title} {selected}"),
            })
        }
        _ => None,
    }
}

/// First line shown of the page, as the user left it; it may lie past the end of a page that became shorter.
pub fn top(model: &Model, pane: Pane) -> usize {
    let of = |subject| model.nav.scrolled.get(&(pane, subject)).copied();
    subject(model, pane).and_then(of).unwrap_or(0)
}
