//! Single things of a lineage, asked when somebody opens one: each says of itself what it was made from.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::ecr::Ecr;
use super::sagemaker::Sagemaker;
use crate::domain::lineage::{Record, Thing};
use crate::domain::source_error::{Answer, Partial, SourceError};
use crate::sources::LineageSource;

pub struct Lineage {
    sagemaker: Sagemaker,
    ecr: Ecr,
    /// What will never say anything else: models, jobs that are over, images by digest.
    fixed: Mutex<HashMap<Thing, Vec<Record>>>,
}

/// Records, and whether they hold for good.
pub struct Told {
    pub records: Vec<Record>,
    pub fixed: bool,
    pub missing: Vec<SourceError>,
}

impl Lineage {
    pub fn new(sagemaker: Sagemaker, ecr: Ecr) -> Self {
        Self {
            sagemaker,
            ecr,
            fixed: Mutex::default(),
        }
    }
}

#[async_trait]
impl LineageSource for Lineage {
    async fn record(&self, thing: &Thing) -> Answer<Vec<Record>> {
        let known = {
            let fixed = self.fixed.lock().unwrap_or_else(PoisonError::into_inner);
            fixed.get(thing).cloned()
        };
        if let Some(records) = known {
            return Ok(Partial::whole(records));
        }
        let told = match thing {
            Thing::Model { name } => self.sagemaker.model_record(name).await,
            Thing::ModelVersion { arn } => self.sagemaker.package_record(arn).await,
            Thing::Execution { arn } => self.sagemaker.execution_record(arn).await,
            Thing::TrainingJob { name } => self.sagemaker.training_record(name).await,
            Thing::ProcessingJob { name } => self.sagemaker.processing_record(name).await,
            Thing::Object { uri } => self.sagemaker.object_records(uri).await,
            Thing::Image { uri } => self.ecr.image_record(uri).await,
            Thing::Endpoint { .. }
            | Thing::Variant { .. }
            | Thing::Config { .. }
            | Thing::Delivery { .. }
            | Thing::Commit { .. }
            | Thing::Data { .. } => return Ok(Partial::whole(Vec::new())),
        }?;
        if told.fixed && told.missing.is_empty() {
            let mut fixed = self.fixed.lock().unwrap_or_else(PoisonError::into_inner);
            fixed.insert(thing.clone(), told.records.clone());
        }
        Ok(Partial {
            value: told.records,
            missing: told.missing,
        })
    }
}
