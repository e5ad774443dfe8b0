//! Amazon ECR: repositories, images, and what scans found in them.

use super::call::{Call, Reply};
use crate::simulator::dice::Dice;
use crate::simulator::moment::{DAY, MINUTE, Moment};
use crate::simulator::scenario::spec::{Image, ImageRepository};
use crate::simulator::wire::error::ApiError;
use crate::simulator::wire::value::{Members, Value, map};

pub fn answer(call: &Call<'_>) -> Option<Reply> {
    Some(match call.operation {
        "DescribeRepositories" => repositories(call),
        "DescribeImages" => images(call),
        "DescribeImageScanFindings" => findings(call),
        "BatchGetImage" => manifests(call),
        _ => return None,
    })
}

fn not_found(call: &Call<'_>, name: &str) -> ApiError {
    ApiError::new(
        "RepositoryNotFoundException",
        format!(
            "The repository with name '{name}' does not exist in the registry with id '{}'",
            call.view.spec().account.id
        ),
    )
}

fn repositories(call: &Call<'_>) -> Reply {
    let limit = call.limit("maxResults", 100, 1000)?;
    let wanted = call.texts("repositoryNames");
    let all = &call.view.spec().images;
    if let Some(missing) = wanted.iter().find(|w| !all.iter().any(|r| r.name == **w)) {
        return Err(not_found(call, missing));
    }
    let chosen = all
        .iter()
        .filter(|r| wanted.is_empty() || wanted.contains(&r.name.as_str()));
    let (page, token) = call.page(chosen.collect(), limit);
    let account = call.account();
    Ok(map! {
        "repositories" => Value::list(page.into_iter().map(|repository| {
            let age = account.dice.of("repository").of(&repository.name).between(120.0, 500.0);
            map! {
                "repositoryArn" => account.arn("ecr", &format!("repository/{}", repository.name)),
                "registryId" => account.spec.account.id.as_str(),
                "repositoryName" => repository.name.as_str(),
                "repositoryUri" => account.image(&repository.name),
                "createdAt" => account.start.plus(-(age * DAY as f64) as i64),
                "imageTagMutability" => "MUTABLE",
                "imageScanningConfiguration" => map! { "scanOnPush" => true },
                "encryptionConfiguration" => map! { "encryptionType" => "AES256" },
            }
        })),
        "nextToken" => token,
    })
}

fn repository<'c>(call: &Call<'c>) -> Result<&'c ImageRepository, ApiError> {
    let name = call.required("repositoryName")?;
    let found = call.account().spec.images.iter().find(|r| r.name == name);
    found.ok_or_else(|| not_found(call, name))
}

fn dice(call: &Call<'_>, repository: &ImageRepository, index: usize) -> Dice {
    call.account()
        .dice
        .of("image")
        .of(&repository.name)
        .at(index as i64)
}

fn digest(dice: Dice) -> String {
    format!("sha256:{}", dice.hex(64))
}

fn pushed(call: &Call<'_>, image: &Image) -> Moment {
    call.account().start.plus(-(image.days * DAY as f64) as i64)
}

fn images(call: &Call<'_>) -> Reply {
    let repository = repository(call)?;
    let limit = call.limit("maxResults", 100, 1000)?;
    let wanted = call.list("imageIds");
    let tagged = call.input["filter"]["tagStatus"].as_str();
    let mut chosen = Vec::new();
    for (index, image) in repository.images.iter().enumerate() {
        let dice = dice(call, repository, index);
        let by_id = |id: &serde_json::Value| {
            id["imageDigest"].as_str().is_none_or(|d| d == digest(dice))
                && id["imageTag"]
                    .as_str()
                    .is_none_or(|t| image.tags.iter().any(|own| own == t))
        };
        let by_tag = match tagged {
            Some("TAGGED") => !image.tags.is_empty(),
            Some("UNTAGGED") => image.tags.is_empty(),
            _ => true,
        };
        if by_tag
            && (wanted.is_empty() || wanted.iter().any(by_id))
            && pushed(call, image) <= call.now()
        {
            chosen.push((dice, image));
        }
    }
    if chosen.is_empty() && !wanted.is_empty() {
        return Err(ApiError::new(
            "ImageNotFoundException",
            format!(
                "The image requested does not exist within the repository with name '{}'",
                repository.name
            ),
        ));
    }
    let (page, token) = call.page(chosen, limit);
    Ok(map! {
        "imageDetails" => Value::list(page.into_iter().map(|(dice, image)| detail(call, repository, image, dice))),
        "nextToken" => token,
    })
}

fn detail(call: &Call<'_>, repository: &ImageRepository, image: &Image, dice: Dice) -> Value {
    let pushed = pushed(call, image);
    let scanned = pushed.plus(3 * MINUTE);
    let in_use = !image.tags.is_empty();
    map! {
        "registryId" => call.view.spec().account.id.as_str(),
        "repositoryName" => repository.name.as_str(),
        "imageDigest" => digest(dice),
        "imageTags" => in_use.then(|| Value::list(&image.tags)),
        "imageSizeInBytes" => (image.megabytes * 1_048_576.0) as i64 + dice.index(1_000_000) as i64,
        "imagePushedAt" => pushed,
        "imageScanStatus" => (scanned <= call.now()).then(|| map! {
            "status" => "COMPLETE",
            "description" => "The scan was completed successfully.",
        }),
        "imageScanFindingsSummary" => (scanned <= call.now()).then(|| map! {
            "imageScanCompletedAt" => scanned,
            "vulnerabilitySourceUpdatedAt" => scanned.day(),
            "findingSeverityCounts" => counts(image),
        }),
        "imageManifestMediaType" => MANIFEST,
        "artifactMediaType" => CONFIG,
        "lastRecordedPullTime" => in_use.then(|| call.now().minute().plus(-(dice.of("pulled").index(600) as i64) * MINUTE).max(pushed)),
        "imageStatus" => "ACTIVE",
    }
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// Manifests with annotations, as `docker buildx build --annotation` writes them.
fn manifests(call: &Call<'_>) -> Reply {
    let repository = repository(call)?;
    let id = call.view.spec().account.id.as_str();
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for wanted in call.list("imageIds") {
        let (tag, by_digest) = (wanted["imageTag"].as_str(), wanted["imageDigest"].as_str());
        let image = repository.images.iter().enumerate().find(|(index, image)| {
            pushed(call, image) <= call.now()
                && by_digest.is_none_or(|d| d == digest(dice(call, repository, *index)))
                && tag.is_none_or(|tag| image.tags.iter().any(|own| own == tag))
        });
        let Some((index, image)) = image else {
            failures.push(map! {
                "imageId" => map! { "imageDigest" => by_digest, "imageTag" => tag },
                "failureCode" => "ImageNotFound",
                "failureReason" => "Requested image not found",
            });
            continue;
        };
        let dice = dice(call, repository, index);
        // One entry for each tag, as the service has it.
        let tags: Vec<Option<&str>> = match image.tags.is_empty() {
            true => vec![None],
            false => image.tags.iter().map(|t| Some(t.as_str())).collect(),
        };
        for own in tags.into_iter().filter(|own| tag.is_none() || *own == tag) {
            found.push(map! {
                "registryId" => id,
                "repositoryName" => repository.name.as_str(),
                "imageId" => map! { "imageDigest" => digest(dice), "imageTag" => own },
                "imageManifest" => manifest(call, repository, image, dice),
                "imageManifestMediaType" => MANIFEST,
            });
        }
    }
    Ok(map! {
        "images" => found,
        "failures" => failures,
    })
}

fn manifest(call: &Call<'_>, repository: &ImageRepository, image: &Image, dice: Dice) -> String {
    let layer = |kind: &str, name: &str, bytes: i64| {
        serde_json::json!({
            "mediaType": kind,
            "digest": format!("sha256:{}", dice.of(name).hex(64)),
            "size": bytes,
        })
    };
    let mut manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": layer(CONFIG, "config", 9123),
        "layers": [layer(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "layer",
            (image.megabytes * 1_048_576.0) as i64,
        )],
    });
    // What the team builds says from what; an image that lost its tags was built by hand.
    let commit = call.account().history().commit_at(pushed(call, image));
    if let Some(commit) =
        commit.filter(|_| repository.name.starts_with("churn") && !image.tags.is_empty())
    {
        manifest["annotations"] = serde_json::json!({
            "org.opencontainers.image.revision": commit.id,
            "org.opencontainers.image.source": "https://github.com/acme/churn",
        });
    }
    manifest.to_string()
}

fn counts(image: &Image) -> Value {
    let mut members = Members::default();
    for severity in ["CRITICAL", "HIGH", "MEDIUM", "LOW"] {
        members.put(severity, image.findings.get(severity).copied());
    }
    members.into()
}

/// Packages that scans find something in.
const PACKAGES: [(&str, &str); 6] = [
    ("openssl", "3.0.11-1~deb12u2"),
    ("libxml2", "2.9.14+dfsg-1.3"),
    ("python3.11", "3.11.2-6+deb12u1"),
    ("curl", "7.88.1-10+deb12u5"),
    ("zlib", "1:1.2.13.dfsg-1"),
    ("expat", "2.5.0-1"),
];

fn findings(call: &Call<'_>) -> Reply {
    let repository = repository(call)?;
    let limit = call.limit("maxResults", 100, 1000)?;
    let id = &call.input["imageId"];
    let found = repository.images.iter().enumerate().find(|(index, image)| {
        id["imageDigest"].as_str() == Some(digest(dice(call, repository, *index)).as_str())
            || id["imageTag"]
                .as_str()
                .is_some_and(|t| image.tags.iter().any(|own| own == t))
    });
    let (index, image) = found.ok_or_else(|| {
        ApiError::new(
            "ImageNotFoundException",
            format!(
                "The image requested does not exist within the repository with name '{}'",
                repository.name
            ),
        )
    })?;
    let dice = dice(call, repository, index);
    let mut all = Vec::new();
    for severity in ["CRITICAL", "HIGH", "MEDIUM", "LOW"] {
        for n in 0..image.findings.get(severity).copied().unwrap_or(0) {
            let dice = dice.of(severity).at(i64::from(n));
            let (package, version) = PACKAGES[dice.index(PACKAGES.len())];
            let name = format!(
                "CVE-{}-{}",
                2023 + dice.of("year").index(3),
                1000 + dice.of("cve").index(48_000)
            );
            all.push(map! {
                "name" => name.as_str(),
                "description" => format!("A flaw was found in {package}."),
                "uri" => format!("https://security-tracker.debian.org/tracker/{name}"),
                "severity" => severity,
                "attributes" => Value::list([("package_name", package), ("package_version", version)].map(|(key, value)| map! {
                    "key" => key,
                    "value" => value,
                })),
            });
        }
    }
    let (page, token) = call.page(all, limit);
    let scanned = pushed(call, image).plus(3 * MINUTE);
    Ok(map! {
        "registryId" => call.view.spec().account.id.as_str(),
        "repositoryName" => repository.name.as_str(),
        "imageId" => map! { "imageDigest" => digest(dice), "imageTag" => image.tags.first() },
        "imageScanStatus" => map! { "status" => "COMPLETE", "description" => "The scan was completed successfully." },
        "imageScanFindings" => map! {
            "imageScanCompletedAt" => scanned,
            "vulnerabilitySourceUpdatedAt" => scanned.day(),
            "findingSeverityCounts" => counts(image),
            "findings" => page,
        },
        "nextToken" => token,
    })
}
