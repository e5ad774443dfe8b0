//! Endpoint URLs of single services, by the names that AWS documents.
//!
//! The `services` section of a profile names CloudWatch Logs `cloudwatch_logs`, and every other SDK reads it so; the
//! Rust SDK looks for `cloudwatch-logs` only.

use aws_config::SdkConfig;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// The configuration, with the documented names understood as well.
pub fn with_documented_names(config: SdkConfig) -> SdkConfig {
    let names = DocumentedNames(config.clone());
    config.into_builder().service_config(names).build()
}

#[derive(Debug)]
struct DocumentedNames(SdkConfig);

impl LoadServiceConfig for DocumentedNames {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let inner = self.0.service_config()?;
        let documented = ServiceConfigKey::builder()
            .service_id(&key.service_id().replace(' ', "_"))
            .env(key.env())
            .profile(key.profile())
            .build()
            .ok()
            .and_then(|key| inner.load_config(key));
        // Where neither name is found, the URL of all services is the answer to both.
        if documented.as_deref() == self.0.endpoint_url() {
            inner.load_config(key)
        } else {
            documented
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ALL: &str = "http://all";

    /// What a profile says under each name; like the SDK it falls back to the URL of all services.
    #[derive(Debug)]
    struct Profile(&'static [(&'static str, &'static str)]);

    impl LoadServiceConfig for Profile {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let found = self.0.iter().find(|(id, _)| *id == key.service_id());
            Some(found.map_or(ALL, |(_, url)| url).to_owned())
        }
    }

    fn url(profile: &'static [(&'static str, &'static str)], service: &str) -> String {
        let config = SdkConfig::builder()
            .endpoint_url(ALL)
            .service_config(Profile(profile))
            .build();
        let key = ServiceConfigKey::builder()
            .service_id(service)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .unwrap();
        let config = with_documented_names(config);
        config.service_config().unwrap().load_config(key).unwrap()
    }

    #[test]
    fn a_service_of_two_words_is_found_by_its_documented_name() {
        let profile = &[("CloudWatch_Logs", "http://logs"), ("SFN", "http://sfn")];
        assert_eq!(url(profile, "CloudWatch Logs"), "http://logs");
        assert_eq!(url(profile, "SFN"), "http://sfn");
        assert_eq!(url(profile, "Cost Explorer"), ALL);
    }

    #[test]
    fn the_name_that_the_sdk_knows_still_works() {
        let profile = &[("CloudWatch Logs", "http://logs")];
        assert_eq!(url(profile, "CloudWatch Logs"), "http://logs");
    }
}
