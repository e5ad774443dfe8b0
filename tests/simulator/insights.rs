//! Logs Insights on the simulated logs, asked by the official client.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::QueryStatus;

use super::clients::{config, simulator_at, start};

const SERVING: &str = "/aws/sagemaker/Endpoints/churn-prod";

fn client() -> Client {
    Client::new(&config(&simulator_at(20.0)))
}

async fn started(client: &Client, query: &str) -> String {
    let now = start().as_second() + 20 * 60;
    let answer = client
        .start_query()
        .log_group_names(SERVING)
        .start_time(now - 3600)
        .end_time(now)
        .query_string(query)
        .send()
        .await
        .unwrap();
    answer.query_id().unwrap().to_owned()
}

/// The rows when it is complete, as `name=value`.
async fn rows(query: &str) -> Vec<String> {
    let client = client();
    let id = started(&client, query).await;
    let ask = || client.get_query_results().query_id(&id).send();
    assert_eq!(ask().await.unwrap().status(), Some(&QueryStatus::Running));
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), Some(&QueryStatus::Complete));
    assert!(answer.statistics().unwrap().bytes_scanned() > 1000.0);
    let row = |row: &Vec<aws_sdk_cloudwatchlogs::types::ResultField>| {
        let cells = row
            .iter()
            .map(|cell| format!("{}={}", cell.field().unwrap(), cell.value().unwrap()));
        cells.collect::<Vec<_>>().join(" ")
    };
    answer.results().iter().map(row).collect()
}

#[tokio::test]
async fn what_it_counts_is_what_a_search_finds() {
    let counted = rows("filter @message like /KeyError/ | stats count(*) as n").await;
    let found = client()
        .filter_log_events()
        .log_group_name(SERVING)
        .start_time(start().as_millisecond() - 40 * 60 * 1000)
        .filter_pattern("KeyError")
        .send()
        .await
        .unwrap()
        .events()
        .len();
    assert_eq!(counted, [format!("n={found}")]);
    assert!(found > 10);
}

#[tokio::test]
async fn bins_fields_and_patterns() {
    let bins = rows("stats count(*) by bin(5m)").await;
    assert_eq!(bins.len(), 12, "{bins:?}");
    let lines = rows("fields @timestamp, @message | sort @timestamp desc | limit 3").await;
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0] >= lines[1] && lines[0].contains("@ptr="),
        "{lines:?}"
    );
    assert!(rows("pattern @message").await[0].starts_with("@pattern="));
}

#[tokio::test]
async fn a_query_can_be_stopped_once_and_nonsense_is_refused() {
    let client = client();
    let id = started(&client, "fields @message").await;
    assert!(
        client
            .stop_query()
            .query_id(&id)
            .send()
            .await
            .unwrap()
            .success()
    );
    let again = client.stop_query().query_id(&id).send().await.unwrap_err();
    assert!(again.into_service_error().is_invalid_parameter_exception());
    let answer = client
        .get_query_results()
        .query_id(&id)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), Some(&QueryStatus::Cancelled));
    let nonsense = client
        .start_query()
        .log_group_names(SERVING)
        .start_time(0)
        .end_time(1)
        .query_string("unmask @message")
        .send()
        .await
        .unwrap_err();
    assert!(nonsense.into_service_error().is_malformed_query_exception());
}
