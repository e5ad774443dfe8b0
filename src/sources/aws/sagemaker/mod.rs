//! SageMaker: pipelines, jobs, endpoints and the model registry.

mod dag;
mod endpoints;
mod frozen;
mod jobs;
mod lineage;
mod pipelines;
mod processing;
mod registry;
mod steps;
mod tags;
mod training;
mod transform;
mod tuning;

pub use jobs::{settings, span};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::api::Api;
use super::client::{Lazy, client};
use super::session::Session;
use crate::domain::registry::ModelVersion;

/// Cheap to clone, so that many things can be asked for at once.
#[derive(Clone)]
pub struct Sagemaker {
    session: Session,
    client: Lazy<aws_sdk_sagemaker::Client>,
    endpoint_configs: Memo<endpoints::Config>,
    frozen_pipelines: Memo<frozen::Frozen>,
    models: Memo<Option<String>>,
    model_versions: Memo<ModelVersion>,
}

impl Sagemaker {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_sagemaker, session),
            session,
            endpoint_configs: Memo::default(),
            frozen_pipelines: Memo::default(),
            models: Memo::default(),
            model_versions: Memo::default(),
        }
    }
}

const fn api(operation: &'static str) -> Api {
    Api::new("sagemaker", operation)
}

/// Things that never change once they exist, by name.
struct Memo<T>(Arc<Mutex<HashMap<String, T>>>);

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Memo<T> {
    fn get(&self, name: &str) -> Option<T> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(name).cloned()
    }

    fn put(&self, name: &str, value: T) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.to_owned(), value);
    }
}

/// A weight as it was written: 0.1 and not 0.10000000149.
fn exact(value: f32) -> f64 {
    value
        .to_string()
        .parse()
        .unwrap_or_else(|_| f64::from(value))
}
