//! What each list shows right now: the ids in order, and the value behind the selected row.

use crate::domain::cost::MonthToDate;
use crate::domain::endpoint::Variant;
use crate::domain::history::CommitId;
use crate::domain::lineage::difference::Change;
use crate::domain::log::{LogGroup, LogStream};
use crate::domain::registry::{Image, ModelVersion};
use crate::domain::repository::Output;
use crate::domain::run::{Run, Step};
use crate::findings::Finding;

use super::list::ListState;
use super::model::Model;
use super::model::costs::CostsSection;
use super::model::endpoints::EndpointRow;
use super::model::nav::Pane;
use super::model::versions::VersionsSection;
use super::model::versions::history::Open;
use super::table::{Column, Row, visible_rows};
use super::tables;
use super::tables::commits::{BlameRow, FILE_COLUMNS};
use super::tables::costs::{day_rows, service_rows};
use super::tables::lineage::{LineageRow, changes, lineage_rows};
use super::tables::runs::RunRow;
use super::tables::steps::StepRow;
use super::tables::variants::VariantRow;
use super::tables::versions::{RefRow, model_rows, ref_rows};

/// The list state of a pane; `None` for panes that are no lists.
pub fn list_mut(model: &mut Model, pane: Pane) -> Option<&mut ListState> {
    Some(match pane {
        Pane::Findings => &mut model.deck.list,
        Pane::RunList => &mut model.runs.list,
        Pane::RunDetail => &mut model.runs.steps,
        Pane::EndpointList => &mut model.endpoints.list,
        Pane::EndpointDetail => &mut model.endpoints.variants,
        Pane::LogGroups => &mut model.logs.list,
        Pane::CostList => match model.costs.section {
            CostsSection::Services => &mut model.costs.services,
            CostsSection::Days => &mut model.costs.days,
            CostsSection::Budgets => &mut model.costs.budget_list,
        },
        Pane::VersionList => match model.versions.section {
            VersionsSection::Commits => &mut model.versions.commits,
            VersionsSection::Data => &mut model.versions.data,
            VersionsSection::Models => &mut model.versions.model_list,
            VersionsSection::Images => &mut model.versions.image_list,
            VersionsSection::Refs => &mut model.versions.refs,
            VersionsSection::Lineage => &mut model.lineage.list,
            VersionsSection::Compare => &mut model.lineage.compare.list,
        },
        Pane::VersionDetail if model.versions.section == VersionsSection::Commits => {
            let detail = &mut model.versions.history.detail;
            match detail.open.last_mut() {
                None => &mut detail.files,
                Some(Open::Blame { lines, .. }) => lines,
                Some(Open::Lines { .. }) => return None,
            }
        }
        Pane::LogLines | Pane::CostDetail | Pane::VersionDetail => return None,
    })
}

pub fn list(model: &Model, pane: Pane) -> Option<&ListState> {
    Some(match pane {
        Pane::Findings => &model.deck.list,
        Pane::RunList => &model.runs.list,
        Pane::RunDetail => &model.runs.steps,
        Pane::EndpointList => &model.endpoints.list,
        Pane::EndpointDetail => &model.endpoints.variants,
        Pane::LogGroups => &model.logs.list,
        Pane::CostList => match model.costs.section {
            CostsSection::Services => &model.costs.services,
            CostsSection::Days => &model.costs.days,
            CostsSection::Budgets => &model.costs.budget_list,
        },
        Pane::VersionList => match model.versions.section {
            VersionsSection::Commits => &model.versions.commits,
            VersionsSection::Data => &model.versions.data,
            VersionsSection::Models => &model.versions.model_list,
            VersionsSection::Images => &model.versions.image_list,
            VersionsSection::Refs => &model.versions.refs,
            VersionsSection::Lineage => &model.lineage.list,
            VersionsSection::Compare => &model.lineage.compare.list,
        },
        Pane::VersionDetail if model.versions.section == VersionsSection::Commits => {
            let detail = &model.versions.history.detail;
            match detail.open.last() {
                None => &detail.files,
                Some(Open::Blame { lines, .. }) => lines,
                Some(Open::Lines { .. }) => return None,
            }
        }
        Pane::LogLines | Pane::CostDetail | Pane::VersionDetail => return None,
    })
}

/// The columns of a pane's table as it stands.
pub fn columns(model: &Model, pane: Pane) -> &'static [Column] {
    match pane {
        Pane::Findings => tables::findings::COLUMNS,
        Pane::RunList => tables::runs::COLUMNS,
        Pane::RunDetail => tables::steps::COLUMNS,
        Pane::EndpointList => tables::endpoints::COLUMNS,
        Pane::EndpointDetail => tables::variants::COLUMNS,
        Pane::LogGroups if model.logs.open_group.is_some() => tables::logs::STREAM_COLUMNS,
        Pane::LogGroups => tables::logs::GROUP_COLUMNS,
        Pane::CostList => match model.costs.section {
            CostsSection::Services => tables::costs::SERVICE_COLUMNS,
            CostsSection::Days => tables::costs::DAY_COLUMNS,
            CostsSection::Budgets => tables::costs::BUDGET_COLUMNS,
        },
        Pane::VersionList => match model.versions.section {
            // They are listed in Git's order, and found by what they say.
            VersionsSection::Commits => &[],
            VersionsSection::Data => tables::versions::DATA_COLUMNS,
            VersionsSection::Models => tables::versions::MODEL_COLUMNS,
            VersionsSection::Images => tables::versions::IMAGE_COLUMNS,
            VersionsSection::Refs => tables::versions::REF_COLUMNS,
            VersionsSection::Lineage => tables::lineage::LINEAGE_COLUMNS,
            VersionsSection::Compare => tables::lineage::CHANGE_COLUMNS,
        },
        Pane::VersionDetail if lists_files(model) => FILE_COLUMNS,
        Pane::LogLines | Pane::CostDetail | Pane::VersionDetail => &[],
    }
}

/// Whether the pane beside the commits lists files, which can be filtered.
pub fn lists_files(model: &Model) -> bool {
    model.versions.section == VersionsSection::Commits
        && model.versions.history.detail.open.is_empty()
}

/// Ids of the rows a pane shows, filtered and in order; not of commits, which are too many (`update::commits`).
pub fn ids(model: &Model, pane: Pane) -> Vec<String> {
    let Some(list) = list(model, pane) else {
        return Vec::new();
    };
    let columns = columns(model, pane);
    match pane {
        Pane::Findings => of(&model.findings, columns, list),
        Pane::RunList => of(&run_rows(model), columns, list),
        Pane::RunDetail => of(&step_rows(model), columns, list),
        Pane::EndpointList => of(&model.endpoints.rows, columns, list),
        Pane::EndpointDetail => of(&variant_rows(model), columns, list),
        Pane::LogGroups => match &model.logs.open_group {
            Some(_) => of(streams(model), columns, list),
            None => of(model.logs.groups.items(), columns, list),
        },
        Pane::CostList => match (model.costs.section, model.costs.month.value()) {
            (CostsSection::Services, Some(month)) => of(&service_rows(month), columns, list),
            (CostsSection::Days, Some(month)) => of(&day_rows(month), columns, list),
            (CostsSection::Budgets, _) => of(model.costs.budgets.items(), columns, list),
            (_, None) => Vec::new(),
        },
        Pane::VersionList => version_ids(model, columns, list),
        Pane::VersionDetail if model.versions.section == VersionsSection::Commits => {
            let detail = &model.versions.history.detail;
            match detail.open.last() {
                None => of(detail.files(), columns, list),
                Some(Open::Blame {
                    answer: Some(Ok(blame)),
                    ..
                }) => (0..blame.lines.len()).map(BlameRow::id_of).collect(),
                Some(_) => Vec::new(),
            }
        }
        Pane::LogLines | Pane::CostDetail | Pane::VersionDetail => Vec::new(),
    }
}

fn version_ids(model: &Model, columns: &[Column], list: &ListState) -> Vec<String> {
    let room = &model.versions;
    match (room.section, room.repository.value()) {
        (VersionsSection::Commits, _) => Vec::new(),
        (VersionsSection::Data, Some(repo)) => of(
            repo.data.as_ref().map_or(&[][..], |d| &d.outputs),
            columns,
            list,
        ),
        (VersionsSection::Refs, Some(repo)) => of(&ref_rows(repo), columns, list),
        (VersionsSection::Models, _) => of(&model_rows(room.models.items()), columns, list),
        (VersionsSection::Images, _) => of(room.images.items(), columns, list),
        (VersionsSection::Lineage, _) => of(&lineage_rows(&model.lineage), columns, list),
        (VersionsSection::Compare, _) => of(changes(&model.lineage), columns, list),
        (_, None) => Vec::new(),
    }
}

fn of<R: Row>(items: &[R], columns: &[Column], list: &ListState) -> Vec<String> {
    visible_rows(items, columns, list)
        .into_iter()
        .map(|i| items[i].id())
        .collect()
}

pub fn run_rows(model: &Model) -> Vec<RunRow<'_>> {
    tables::runs::rows(&model.runs.all, model.now)
}

pub fn step_rows(model: &Model) -> Vec<StepRow<'_>> {
    selected_run(model).map_or_else(Vec::new, |run| {
        run.steps
            .iter()
            .enumerate()
            .map(|(index, step)| StepRow {
                step,
                index,
                now: model.now,
            })
            .collect()
    })
}

pub fn variant_rows(model: &Model) -> Vec<VariantRow<'_>> {
    selected_endpoint(model).map_or_else(Vec::new, |row| {
        let total_rpm = row.invocations_per_min();
        row.endpoint
            .variants
            .iter()
            .zip(&row.metrics)
            .map(|(variant, metrics)| VariantRow {
                variant,
                metrics: metrics.as_ref(),
                total_rpm,
            })
            .collect()
    })
}

/// The streams of the group that is open.
pub fn streams(model: &Model) -> &[LogStream] {
    model
        .logs
        .open_group
        .as_ref()
        .and_then(|group| model.logs.streams.get(group))
        .map_or(&[], |fetched| fetched.items())
}

pub fn selected_finding(model: &Model) -> Option<&Finding> {
    let id = model.deck.list.selected.as_ref()?;
    model.findings.iter().find(|f| f.id == *id)
}

pub fn selected_run(model: &Model) -> Option<&Run> {
    model.runs.find(model.runs.list.selected.as_ref()?)
}

pub fn selected_step(model: &Model) -> Option<&Step> {
    let id = model.runs.steps.selected.as_ref()?;
    let run = selected_run(model)?;
    run.steps
        .iter()
        .enumerate()
        .find(|(index, step)| format!("{index}:{}", step.name) == *id)
        .map(|(_, step)| step)
}

pub fn selected_endpoint(model: &Model) -> Option<&EndpointRow> {
    model
        .endpoints
        .find(model.endpoints.list.selected.as_ref()?)
}

pub fn selected_variant(model: &Model) -> Option<&Variant> {
    let name = model.endpoints.variants.selected.as_ref()?;
    selected_endpoint(model)?
        .endpoint
        .variants
        .iter()
        .find(|v| v.name == *name)
}

pub fn selected_group(model: &Model) -> Option<&LogGroup> {
    if model.logs.open_group.is_some() {
        return None;
    }
    let name = model.logs.list.selected.as_ref()?;
    model.logs.groups.items().iter().find(|g| g.name == *name)
}

pub fn selected_stream(model: &Model) -> Option<&LogStream> {
    let name = model.logs.list.selected.as_ref()?;
    streams(model).iter().find(|s| s.name == *name)
}

pub fn selected_service(month: &MonthToDate, list: &ListState) -> Option<String> {
    let selected = list.selected.as_ref()?;
    month
        .cells
        .iter()
        .find(|c| c.service == *selected)
        .map(|c| c.service.clone())
}

/// The commit of the list, or what stands for the working tree.
pub fn selected_commit(model: &Model) -> Option<CommitId> {
    let id = model.versions.commits.selected.as_deref()?;
    CommitId::from_hex(id)
}

pub fn selected_output(model: &Model) -> Option<&Output> {
    let path = model.versions.data.selected.as_ref()?;
    model
        .versions
        .repository
        .value()?
        .data
        .as_ref()?
        .outputs
        .iter()
        .find(|o| o.path == *path)
}

pub fn selected_model_version(model: &Model) -> Option<&ModelVersion> {
    let arn = model.versions.model_list.selected.as_ref()?;
    model
        .versions
        .models
        .items()
        .iter()
        .flat_map(|g| &g.versions)
        .find(|v| v.arn == *arn)
}

pub fn selected_image(model: &Model) -> Option<&Image> {
    let id = model.versions.image_list.selected.as_ref()?;
    model.versions.images.items().iter().find(|i| i.id() == *id)
}

/// The selected row of the open lineage.
pub fn selected_lineage(model: &Model) -> Option<LineageRow<'_>> {
    let id = model.lineage.list.selected.as_ref()?;
    lineage_rows(&model.lineage)
        .into_iter()
        .find(|row| row.row.id == *id)
}

pub fn selected_change(model: &Model) -> Option<&Change> {
    let id = model.lineage.compare.list.selected.as_ref()?;
    changes(&model.lineage)
        .iter()
        .find(|change| Row::id(*change) == *id)
}

pub fn selected_ref(model: &Model) -> Option<RefRow<'_>> {
    let id = model.versions.refs.selected.as_ref()?;
    ref_rows(model.versions.repository.value()?)
        .into_iter()
        .find(|r| r.id() == *id)
}
