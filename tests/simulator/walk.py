"""Asks the simulated account everything it can answer, and judges each answer by AWS's own service models.

    python walk.py SUPPORT_FOLDER URL NOW

Beside what `strict.py` in the support folder checks, texts must have the lengths and patterns of the models, paging
must lead through everything without repeating, and the protocols that boto3 itself does not choose (CBOR and Query
for CloudWatch) must say the same as JSON. NOW is the account's moment, RFC 3339. Prints JSON:
{"asked": {OPERATION: COUNT}, "violations": [TEXT], "refused": {OPERATION: CODE}}
"""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta

SUPPORT, URL, NOW = sys.argv[1:4]
os.environ.update(
    AWS_ENDPOINT_URL=URL,
    AWS_ACCESS_KEY_ID="simulated",
    AWS_SECRET_ACCESS_KEY="simulated",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE="/dev/null",
    AWS_SHARED_CREDENTIALS_FILE="/dev/null",
)
os.environ.pop("AWS_PROFILE", None)
sys.path.insert(0, SUPPORT)

import botocore.parsers
import botocore.serialize
from botocore.exceptions import ClientError
from strict import Judge

NOW = datetime.fromisoformat(NOW.replace("Z", "+00:00"))


class Walk(Judge):
    def check(self, where, shape, value):
        super().check(where, shape, value)
        limits = shape.metadata
        if isinstance(value, str) and shape.type_name == "string":
            self.limit(where, len(value), limits)
            self.pattern(where, value, limits.get("pattern"))
        # Services answer empty lists where their models, made for requests, want one member.
        elif isinstance(value, (list, dict)) and value and shape.type_name in ("list", "map"):
            self.limit(where, len(value), limits)
        elif isinstance(value, (int, float)) and shape.type_name in ("integer", "long"):
            self.limit(where, value, limits)

    def limit(self, where, size, limits):
        if "min" in limits and size < limits["min"]:
            self.violation(f"{where}: {size} is below {limits['min']}")
        if "max" in limits and size > limits["max"]:
            self.violation(f"{where}: {size} is above {limits['max']}")

    def pattern(self, where, value, pattern):
        if not pattern:
            return
        # The models have Java's patterns: Unicode classes are beyond Python's `re`.
        try:
            right = re.fullmatch(pattern, value, re.DOTALL)
        except re.error:
            return
        if not right:
            self.violation(f"{where}: {value!r} does not fit {pattern}")

    def violation(self, text):
        if text not in self.violations:
            self.violations.append(text)

    # -- every page, one by one ----------------------------------------------------------------

    def pages(self, client, operation, member, identity, token=("NextToken", "NextToken"), **given):
        """Every item over small pages; none may come twice."""
        found, seen = [], set()
        while True:
            answer = getattr(client, operation)(**given)
            for item in answer.get(member, []):
                key = identity(item)
                if key in seen:
                    self.violation(f"{operation}: {key} came twice")
                seen.add(key)
                found.append(item)
            if not answer.get(token[1]):
                return found
            given[token[0]] = answer[token[1]]

    def refusal(self, client, operation, code, **given):
        """The call must be refused with this code."""
        try:
            getattr(client, operation)(**given)
            self.violation(f"{operation}: was not refused")
        except ClientError as error:
            self.asked[f"refused {operation}"] += 1
            if error.response["Error"]["Code"] != code:
                self.violation(f"{operation}: {error.response['Error']} instead of {code}")

    # -- services ------------------------------------------------------------------------------

    def walk(self):
        self.paging()
        self.everything()
        self.models()
        self.batches()
        self.builds_and_jobs()
        self.logs()
        self.metrics_over_time()
        self.money_of_every_kind()
        self.scans()
        self.refusals()
        self.other_protocols()

    def paging(self):
        sagemaker = self.client("sagemaker")
        for operation, member, name in (
            ("list_training_jobs", "TrainingJobSummaries", "TrainingJobName"),
            ("list_processing_jobs", "ProcessingJobSummaries", "ProcessingJobName"),
            ("list_transform_jobs", "TransformJobSummaries", "TransformJobName"),
        ):
            everything = self.pages(
                sagemaker, operation, member, lambda item, name=name: item[name], MaxResults=37
            )
            by_status = 0
            key = member.removesuffix("Summaries") + "Status"
            for status in ("InProgress", "Completed", "Failed", "Stopped"):
                some = self.pages(
                    sagemaker,
                    operation,
                    member,
                    lambda item, name=name: item[name],
                    MaxResults=100,
                    StatusEquals=status,
                    SortBy="CreationTime",
                    SortOrder="Descending",
                )
                if any(item[key] != status for item in some):
                    self.violation(f"{operation}: the filter {status} lets others through")
                times = [item["CreationTime"] for item in some]
                if times != sorted(times, reverse=True):
                    self.violation(f"{operation}: not in the order asked for")
                by_status += len(some)
            if by_status != len(everything):
                self.violation(f"{operation}: {by_status} by status, {len(everything)} in all")
        sfn = self.client("stepfunctions")
        for machine in sfn.list_state_machines()["stateMachines"]:
            self.pages(
                sfn,
                "list_executions",
                "executions",
                lambda item: item["executionArn"],
                ("nextToken", "nextToken"),
                stateMachineArn=machine["stateMachineArn"],
                maxResults=25,
            )

    def models(self):
        sagemaker = self.client("sagemaker")
        for model in self.ask(sagemaker, "list_models")["Models"]:
            self.ask(sagemaker, "describe_model", ModelName=model["ModelName"])

    def batches(self):
        sagemaker = self.client("sagemaker")
        for group in sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
            name = group["ModelPackageGroupName"]
            packages = self.ask(sagemaker, "list_model_packages", ModelPackageGroupName=name)
            arns = [p["ModelPackageArn"] for p in packages["ModelPackageSummaryList"]]
            for arn in arns:
                self.ask(sagemaker, "describe_model_package", ModelPackageName=arn)
            answer = self.ask(
                sagemaker, "batch_describe_model_package", ModelPackageArnList=arns[:5] + [arns[0] + "99"]
            )
            if len(answer["BatchDescribeModelPackageErrorMap"]) != 1:
                self.violation("batch_describe_model_package: the missing one is not told")

    def builds_and_jobs(self):
        codebuild, glue = self.client("codebuild"), self.client("glue")
        self.ask(codebuild, "list_builds")
        answer = self.ask(codebuild, "batch_get_builds", ids=["nope:1"])
        if answer["buildsNotFound"] != ["nope:1"]:
            self.violation("batch_get_builds: the missing one is not told")
        for name in self.ask(glue, "list_jobs")["JobNames"]:
            runs = self.ask(glue, "get_job_runs", JobName=name)["JobRuns"]
            for run in runs[:10]:
                self.ask(glue, "get_job_run", JobName=name, RunId=run["Id"])

    def logs(self):
        logs = self.client("logs")
        since = int((NOW - timedelta(minutes=90)).timestamp() * 1000)
        for group in self.ask(logs, "describe_log_groups")["logGroups"]:
            name = group["logGroupName"]
            events, token, seen = [], {}, set()
            while True:
                page = logs.filter_log_events(logGroupName=name, startTime=since, limit=2000, **token)
                for event in page["events"]:
                    if event["eventId"] in seen:
                        self.violation(f"{name}: event {event['eventId']} came twice")
                    seen.add(event["eventId"])
                    events.append(event)
                if "nextToken" not in page:
                    break
                token = {"nextToken": page["nextToken"]}
            stamps = [e["timestamp"] for e in events]
            if stamps != sorted(stamps):
                self.violation(f"{name}: events are not in order")
            streams = self.ask(
                logs, "describe_log_streams", logGroupName=name, orderBy="LastEventTime", descending=True
            )["logStreams"]
            for stream in streams[:3]:
                self.both_ways(logs, name, stream["logStreamName"])

        self.insights(logs, name)
        self.live_tail(logs)

    def live_tail(self, logs):
        """The session's start and two updates, heartbeats or not."""
        group = self.ask(logs, "describe_log_groups")["logGroups"][0]
        told = self.ask(logs, "start_live_tail", logGroupIdentifiers=[group["logGroupArn"]])
        shape = logs.meta.service_model.shape_for("StartLiveTailResponseStream")
        kinds = []
        for event in told["responseStream"]:
            (kind, value), = event.items()
            kinds.append(kind)
            self.check(f"start_live_tail.{kind}", shape.members[kind], value)
            if len(kinds) == 3:
                break
        told["responseStream"].close()
        if kinds != ["sessionStart", "sessionUpdate", "sessionUpdate"]:
            self.violation(f"start_live_tail: {kinds}")
        self.refusal(
            logs, "start_live_tail", "InvalidParameterException", logGroupIdentifiers=[group["arn"]]
        )

    def insights(self, logs, group):
        given = {
            "logGroupName": group,
            "startTime": int((NOW - timedelta(minutes=30)).timestamp()),
            "endTime": int(NOW.timestamp()),
        }
        for query in (
            "fields @timestamp, @message | filter @message like /e/ | limit 20",
            "stats count(*) as n by bin(5m)",
            "pattern @message",
        ):
            started = self.ask(logs, "start_query", queryString=query, **given)["queryId"]
            for status in ("Running", "Complete"):
                if self.ask(logs, "get_query_results", queryId=started)["status"] != status:
                    self.violation(f"get_query_results: {query} is not {status}")
        started = self.ask(logs, "start_query", queryString="pattern @message", **given)["queryId"]
        self.ask(logs, "stop_query", queryId=started)
        self.refusal(logs, "stop_query", "InvalidParameterException", queryId=started)
        self.refusal(logs, "start_query", "MalformedQueryException", queryString="unmask", **given)
        self.ask(logs, "describe_query_definitions", queryLanguage="CWLI")
        self.ask(logs, "list_anomalies")

    def both_ways(self, logs, group, stream):
        """A stream read forward and backward is the same stream."""
        given = {"logGroupName": group, "logStreamName": stream, "limit": 500}
        given["startTime"] = int((NOW - timedelta(hours=3)).timestamp() * 1000)
        forward, token = [], None
        while True:
            page = logs.get_log_events(startFromHead=True, **given, **({"nextToken": token} if token else {}))
            forward += page["events"]
            if page["nextForwardToken"] == token:
                break
            token = page["nextForwardToken"]
        backward, token = [], None
        while True:
            page = logs.get_log_events(**given, **({"nextToken": token} if token else {}))
            backward = page["events"] + backward
            if page["nextBackwardToken"] == token:
                break
            token = page["nextBackwardToken"]
        if forward != backward:
            self.violation(f"{group}:{stream}: {len(forward)} events forward, {len(backward)} backward")

    def metrics_over_time(self):
        cloudwatch = self.client("cloudwatch")
        listed = self.ask(cloudwatch, "list_metrics", Namespace="AWS/SageMaker")["Metrics"]
        endpoints = self.ask(cloudwatch, "list_metrics", Namespace="/aws/sagemaker/Endpoints")["Metrics"]
        for metric in listed + endpoints:
            self.ask(
                cloudwatch,
                "get_metric_statistics",
                Namespace=metric["Namespace"],
                MetricName=metric["MetricName"],
                Dimensions=metric["Dimensions"],
                StartTime=NOW - timedelta(hours=2),
                EndTime=NOW,
                Period=300,
                Statistics=["SampleCount", "Average", "Sum", "Minimum", "Maximum"],
            )
        self.ask(
            cloudwatch,
            "get_metric_statistics",
            Namespace="AWS/SageMaker",
            MetricName="ModelLatency",
            Dimensions=listed[0]["Dimensions"],
            StartTime=NOW - timedelta(hours=1),
            EndTime=NOW,
            Period=60,
            ExtendedStatistics=["p50", "p99"],
        )

    def money_of_every_kind(self):
        ce = self.client("ce")
        first = NOW.date().replace(day=1)
        period = {"Start": first.isoformat(), "End": (NOW.date() + timedelta(days=1)).isoformat()}
        for groups in (
            [],
            [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}, {"Type": "DIMENSION", "Key": "REGION"}],
            [{"Type": "TAG", "Key": "team"}],
        ):
            for granularity in ("DAILY", "MONTHLY"):
                given = {"GroupBy": groups} if groups else {}
                self.ask(
                    ce,
                    "get_cost_and_usage",
                    TimePeriod=period,
                    Granularity=granularity,
                    Metrics=["UnblendedCost", "UsageQuantity"],
                    **given,
                )
        self.ask(
            ce,
            "get_cost_forecast",
            TimePeriod={
                "Start": NOW.date().isoformat(),
                "End": (NOW.date() + timedelta(days=4)).isoformat(),
            },
            Granularity="DAILY",
            Metric="UNBLENDED_COST",
            PredictionIntervalLevel=80,
        )

    def scans(self):
        ecr = self.client("ecr")
        for repository in self.ask(ecr, "describe_repositories")["repositories"]:
            name = repository["repositoryName"]
            for image in self.ask(ecr, "describe_images", repositoryName=name)["imageDetails"]:
                self.ask(
                    ecr,
                    "describe_image_scan_findings",
                    repositoryName=name,
                    imageId={"imageDigest": image["imageDigest"]},
                )

    def refusals(self):
        region = self.session.region_name
        arn = f"arn:aws:states:{region}:123456789012:"
        sagemaker, sfn, logs = self.client("sagemaker"), self.client("stepfunctions"), self.client("logs")
        self.refusal(sagemaker, "describe_training_job", "ValidationException", TrainingJobName="nope")
        self.refusal(sagemaker, "describe_endpoint", "ValidationException", EndpointName="nope")
        self.refusal(sagemaker, "describe_model", "ValidationException", ModelName="nope")
        self.refusal(sagemaker, "list_pipeline_executions", "ResourceNotFound", PipelineName="nope")
        self.refusal(sagemaker, "list_training_jobs", "ValidationException", NextToken="made-up")
        self.refusal(sagemaker, "delete_endpoint", "UnknownOperationException", EndpointName="churn-prod")
        self.refusal(sfn, "describe_execution", "ExecutionDoesNotExist", executionArn=arn + "execution:a:b")
        self.refusal(sfn, "list_executions", "StateMachineDoesNotExist", stateMachineArn=arn + "stateMachine:a")
        self.refusal(logs, "get_log_events", "ResourceNotFoundException", logGroupName="/nope", logStreamName="x")
        self.refusal(self.client("codepipeline"), "get_pipeline_state", "PipelineNotFoundException", name="nope")
        self.refusal(
            self.client("codebuild"), "list_builds_for_project", "ResourceNotFoundException", projectName="nope"
        )
        self.refusal(self.client("glue"), "get_job_runs", "EntityNotFoundException", JobName="nope")
        self.refusal(self.client("ecr"), "describe_images", "RepositoryNotFoundException", repositoryName="nope")
        self.refusal(
            self.client("cloudwatch"), "delete_alarms", "UnknownOperationException", AlarmNames=["churn-prod-5xx"]
        )
        self.refusal(self.client("sts"), "get_session_token", "InvalidAction")

    # -- CloudWatch over the protocols that boto3 does not choose ----------------------------------

    def other_protocols(self):
        model = self.session._session.get_service_model("cloudwatch")
        dimensions = [
            {"Name": "EndpointName", "Value": "churn-prod"},
            {"Name": "VariantName", "Value": "blue"},
        ]
        stat = {
            "Metric": {"Namespace": "AWS/SageMaker", "MetricName": "ModelLatency", "Dimensions": dimensions},
            "Period": 60,
            "Stat": "p99",
        }
        for operation, given in (
            ("DescribeAlarms", {}),
            ("ListMetrics", {"Namespace": "AWS/SageMaker"}),
            (
                "GetMetricData",
                {
                    "MetricDataQueries": [{"Id": "p99", "MetricStat": stat}],
                    "StartTime": NOW - timedelta(minutes=30),
                    "EndTime": NOW,
                },
            ),
            (
                "GetMetricStatistics",
                {
                    "Namespace": "AWS/SageMaker",
                    "MetricName": "Invocations",
                    "Dimensions": dimensions,
                    "StartTime": NOW - timedelta(minutes=30),
                    "EndTime": NOW,
                    "Period": 60,
                    "Statistics": ["Sum"],
                },
            ),
        ):
            answers = {p: self.over(p, model.operation_model(operation), given) for p in ("json", "query", "smithy-rpc-v2-cbor")}
            for answer in answers.values():
                answer.pop("ResponseMetadata", None)
            empty = {"CompositeAlarms": [], "LogAlarms": [], "Messages": []}
            plain = {
                p: {k: v for k, v in a.items() if not (k in empty and not v)} for p, a in answers.items()
            }
            for protocol in ("query", "smithy-rpc-v2-cbor"):
                self.asked[f"{operation} over {protocol}"] += 1
                if plain[protocol] != plain["json"]:
                    self.violation(f"cloudwatch:{operation}: {protocol} says something else than json")

    def over(self, protocol, operation, given):
        request = botocore.serialize.create_serializer(protocol).serialize_to_request(given, operation)
        body = request["body"]
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body)
        if isinstance(body, str):
            body = body.encode()
        sent = urllib.request.Request(
            URL + request["url_path"], data=body, headers=request["headers"], method=request["method"]
        )
        with urllib.request.urlopen(sent) as answer:
            raw = {"status_code": answer.status, "headers": answer.headers, "body": answer.read()}
        return botocore.parsers.create_parser(protocol).parse(raw, operation.output_shape)


if __name__ == "__main__":
    walk = Walk("eu-west-1")
    walk.walk()
    json.dump({"asked": walk.asked, "violations": walk.violations, "refused": walk.refused}, sys.stdout)
