//! Container images in ECR.

mod manifest;

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::ImageDetail;

use super::api::Api;
use super::client::{Lazy, client};
use super::paging::{Page, each, read, summed_up};
use super::session::Session;
use super::time::optional;
use crate::domain::registry::Image;
use crate::domain::source_error::{Answer, Partial};

const DESCRIBE_REPOSITORIES: Api = Api::new("ecr", "DescribeRepositories");
const DESCRIBE_IMAGES: Api = Api::new("ecr", "DescribeImages");
const REPOSITORIES: usize = 500;
const IMAGES: usize = 2000;
const WIDTH: usize = 6;
/// Worst first.
const SEVERITIES: [&str; 6] = [
    "CRITICAL",
    "HIGH",
    "MEDIUM",
    "LOW",
    "INFORMATIONAL",
    "UNDEFINED",
];

#[derive(Clone)]
pub struct Ecr {
    session: Session,
    client: Lazy<Client>,
}

impl Ecr {
    pub fn new(session: Session) -> Self {
        Self {
            client: client!(aws_sdk_ecr, session),
            session,
        }
    }

    /// Images of all repositories, newest first.
    pub async fn images(&self) -> Answer<Vec<Image>> {
        let repositories = read(REPOSITORIES, |token| async move {
            let send = self
                .client
                .describe_repositories()
                .max_results(1000)
                .set_next_token(token)
                .send();
            let answer = self.session.call(DESCRIBE_REPOSITORIES, send).await?;
            let names = answer
                .repositories()
                .iter()
                .filter_map(|r| r.repository_name().map(str::to_owned));
            Ok(Page::new(names.collect(), answer.next_token.clone()))
        })
        .await?
        .into_partial(DESCRIBE_REPOSITORIES, REPOSITORIES);
        let answers = each(repositories.value, WIDTH, |name| {
            let this = self.clone();
            async move { this.images_of(&name).await }
        })
        .await;
        let mut whole = Partial {
            value: Vec::new(),
            missing: repositories.missing,
        };
        for answer in answers {
            match answer {
                Ok(partial) => {
                    whole.value.extend(partial.value);
                    whole.missing.extend(partial.missing);
                }
                Err(error) => whole.missing.push(error),
            }
        }
        whole.missing = summed_up(whole.missing);
        whole.value.sort_by(|a, b| {
            b.pushed_at
                .cmp(&a.pushed_at)
                .then_with(|| a.digest.cmp(&b.digest))
        });
        Ok(whole)
    }

    async fn images_of(&self, repository: &str) -> Answer<Vec<Image>> {
        let listed = read(IMAGES, |token| async move {
            let send = self
                .client
                .describe_images()
                .repository_name(repository)
                .max_results(1000)
                .set_next_token(token)
                .send();
            let answer = self.session.call(DESCRIBE_IMAGES, send).await?;
            let images = answer
                .image_details()
                .iter()
                .map(|detail| image(repository, detail));
            Ok(Page::new(images.collect(), answer.next_token.clone()))
        })
        .await?;
        Ok(listed.into_partial(DESCRIBE_IMAGES, IMAGES))
    }
}

fn image(repository: &str, detail: &ImageDetail) -> Image {
    let counts = detail
        .image_scan_findings_summary()
        .and_then(|summary| summary.finding_severity_counts());
    let mut findings: Vec<(String, i32)> = counts
        .into_iter()
        .flatten()
        .map(|(severity, count)| (severity.as_str().to_owned(), *count))
        .collect();
    findings.sort_by_key(|(severity, _)| {
        SEVERITIES
            .iter()
            .position(|known| known == severity)
            .unwrap_or(SEVERITIES.len())
    });
    Image {
        repository: repository.to_owned(),
        digest: detail.image_digest().unwrap_or_default().to_owned(),
        tags: detail.image_tags().to_vec(),
        pushed_at: optional(detail.image_pushed_at()),
        size_bytes: detail.image_size_in_bytes(),
        last_pulled_at: optional(detail.last_recorded_pull_time()),
        findings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecr::types::{FindingSeverity, ImageScanFindingsSummary};

    #[test]
    fn findings_come_worst_first() {
        let detail = ImageDetail::builder()
            .image_digest("sha256:1")
            .image_scan_findings_summary(
                ImageScanFindingsSummary::builder()
                    .finding_severity_counts(FindingSeverity::Low, 9)
                    .finding_severity_counts(FindingSeverity::Critical, 1)
                    .finding_severity_counts(FindingSeverity::Medium, 3)
                    .build(),
            )
            .build();
        let told = image("churn", &detail);
        let severities: Vec<&str> = told.findings.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(severities, ["CRITICAL", "MEDIUM", "LOW"]);
    }
}
