//! Definition and parameters of a pipeline's run: what was fixed when it began.

use super::dag::Dag;
use super::jobs::PAGE;
use super::pipelines::{STEPS, kept};
use super::{Sagemaker, api};
use crate::domain::source_error::{Answer, ErrorKind, Partial, SourceError};
use crate::sources::aws::paging::{Page, read};

#[derive(Clone)]
pub struct Frozen {
    pub dag: Dag,
    pub parameters: Vec<(String, String)>,
}

impl Sagemaker {
    /// Asked for once, for it never changes.
    pub(super) async fn frozen(&self, arn: &str) -> Partial<Frozen> {
        if let Some(known) = self.frozen_pipelines.get(arn) {
            return Partial::whole(known);
        }
        let api = api("DescribePipelineDefinitionForExecution");
        let send = self
            .client
            .describe_pipeline_definition_for_execution()
            .pipeline_execution_arn(arn)
            .send();
        let (definition, parameters) =
            tokio::join!(self.session.call(api, send), self.parameters(arn));
        let mut missing = Vec::new();
        let parameters = kept(parameters, &mut missing).unwrap_or_default();
        let parsed = definition.and_then(|answer| {
            let text = answer.pipeline_definition().unwrap_or_default();
            Dag::parse(text, &parameters).map_err(|why| {
                SourceError::new(
                    api.to_string(),
                    ErrorKind::Malformed,
                    format!("the pipeline's definition is no JSON ({why})"),
                )
            })
        });
        let dag = parsed.unwrap_or_else(|error| {
            missing.push(error);
            Dag::default()
        });
        let value = Frozen { dag, parameters };
        if missing.is_empty() {
            self.frozen_pipelines.put(arn, value.clone());
        }
        Partial { value, missing }
    }

    async fn parameters(&self, arn: &str) -> Answer<Vec<(String, String)>> {
        let api = api("ListPipelineParametersForExecution");
        let listed = read(STEPS, |token| async move {
            let send = self
                .client
                .list_pipeline_parameters_for_execution()
                .pipeline_execution_arn(arn)
                .max_results(PAGE)
                .set_next_token(token)
                .send();
            let answer = self.session.call(api, send).await?;
            let parameters = answer
                .pipeline_parameters()
                .iter()
                .filter_map(|p| Some((p.name()?.to_owned(), p.value()?.to_owned())));
            Ok(Page::new(parameters.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(api, STEPS))
    }
}
