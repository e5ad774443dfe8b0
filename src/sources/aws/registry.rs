//! Models from SageMaker and images from ECR.

use async_trait::async_trait;

use super::ecr::Ecr;
use super::sagemaker::Sagemaker;
use crate::domain::registry::{Image, ModelGroup};
use crate::domain::source_error::Answer;
use crate::sources::RegistrySource;

pub struct Registry {
    pub sagemaker: Sagemaker,
    pub ecr: Ecr,
}

#[async_trait]
impl RegistrySource for Registry {
    async fn model_groups(&self) -> Answer<Vec<ModelGroup>> {
        self.sagemaker.model_groups().await
    }

    async fn images(&self) -> Answer<Vec<Image>> {
        self.ecr.images().await
    }
}
