"""Asks every operation that Flightdeck asks, and judges each answer by AWS's own service models.

    python strict.py REGION

botocore forgives much: here an answer must have the required members and no unknown ones, numbers where the model
has numbers, times as its protocol writes them, and only the enum values there are. Prints JSON:
{"asked": {OPERATION: COUNT}, "violations": [TEXT], "refused": {OPERATION: CODE}}
"""

import json
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# Things of each listing that are described.
SOME = 12
NUMBERS = {"integer": int, "long": int, "float": (int, float), "double": (int, float)}


class Judge:
    def __init__(self, region):
        self.session = boto3.Session(region_name=region)
        self.asked = Counter()
        self.refused = {}
        self.violations = []
        self.session.events.register("before-parse", self.judge)

    # -- judging ------------------------------------------------------------------------------

    def judge(self, operation_model, response_dict, **_):
        operation = f"{operation_model.service_model.service_name}:{operation_model.name}"
        self.asked[operation] += 1
        if response_dict["status_code"] >= 300 or operation_model.has_event_stream_output:
            return
        if not operation_model.service_model.resolved_protocol.startswith("json"):
            return
        try:
            body = json.loads(response_dict["body"] or b"{}")
        except ValueError as error:
            self.violations.append(f"{operation}: no JSON: {error}")
            return
        if operation_model.output_shape:
            self.check(operation, operation_model.output_shape, body)

    def check(self, where, shape, value):
        def wrong(why):
            text = f"{where}: {why}"
            if text not in self.violations:
                self.violations.append(text)

        if value is None:
            return
        kind = shape.type_name
        if kind == "structure":
            if not isinstance(value, dict):
                return wrong(f"{value!r} is no structure")
            for name in shape.required_members:
                if value.get(shape.members[name].serialization.get("name", name)) is None:
                    wrong(f"{name} is required")
            known = {m.serialization.get("name", n): m for n, m in shape.members.items()}
            for name, member in value.items():
                if name in known:
                    self.check(f"{where}.{name}", known[name], member)
                else:
                    wrong(f"{name} is unknown")
        elif kind == "list":
            if not isinstance(value, list):
                return wrong(f"{value!r} is no list")
            for member in value:
                self.check(f"{where}[]", shape.member, member)
        elif kind == "map":
            if not isinstance(value, dict):
                return wrong(f"{value!r} is no map")
            for key, member in value.items():
                self.check(f"{where} key", shape.key, key)
                self.check(f"{where}[]", shape.value, member)
        elif kind in ("string", "blob"):
            if not isinstance(value, str):
                wrong(f"{value!r} is no text")
            elif getattr(shape, "enum", None) and value not in shape.enum:
                wrong(f"{value!r} is none of the values")
        elif kind in NUMBERS:
            if isinstance(value, bool) or not isinstance(value, NUMBERS[kind]):
                wrong(f"{value!r} is no {kind}")
        elif kind == "boolean":
            if not isinstance(value, bool):
                wrong(f"{value!r} is no boolean")
        elif kind == "timestamp":
            iso = shape.serialization.get("timestampFormat") == "iso8601"
            right = isinstance(value, str if iso else (int, float))
            if not right or isinstance(value, bool):
                wrong(f"{value!r} is no time of this protocol")

    # -- asking -------------------------------------------------------------------------------

    def client(self, service):
        return self.session.client(
            service, config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)
        )

    def ask(self, client, operation, **given):
        """The answer, every page of it as one; empty where it is refused, which is told."""
        try:
            if client.can_paginate(operation):
                return client.get_paginator(operation).paginate(**given).build_full_result()
            return getattr(client, operation)(**given)
        except ClientError as error:
            self.refused[error.operation_name] = error.response["Error"]["Code"]
            return {}

    def everything(self):
        self.ask(self.client("sts"), "get_caller_identity")
        self.jobs()
        self.pipelines()
        self.state_machines()
        self.deliveries()
        self.glue_jobs()
        self.endpoints()
        self.watching()
        self.money()
        self.registry()
        self.lineage()

    def jobs(self):
        sagemaker = self.client("sagemaker")
        for operation, summaries, describe, name in (
            ("list_training_jobs", "TrainingJobSummaries", "describe_training_job", "TrainingJobName"),
            ("list_processing_jobs", "ProcessingJobSummaries", "describe_processing_job", "ProcessingJobName"),
            ("list_transform_jobs", "TransformJobSummaries", "describe_transform_job", "TransformJobName"),
            (
                "list_hyper_parameter_tuning_jobs",
                "HyperParameterTuningJobSummaries",
                "describe_hyper_parameter_tuning_job",
                "HyperParameterTuningJobName",
            ),
        ):
            for job in self.ask(sagemaker, operation).get(summaries, [])[:SOME]:
                described = self.ask(sagemaker, describe, **{name: job[name]})
                if name == "HyperParameterTuningJobName":
                    self.ask(
                        sagemaker, "list_training_jobs_for_hyper_parameter_tuning_job", **{name: job[name]}
                    )
                for key, arn in described.items():
                    if key == name.replace("Name", "Arn"):
                        self.ask(sagemaker, "list_tags", ResourceArn=arn)

    def pipelines(self):
        sagemaker = self.client("sagemaker")
        for pipeline in self.ask(sagemaker, "list_pipelines").get("PipelineSummaries", []):
            name = pipeline["PipelineName"]
            self.ask(sagemaker, "describe_pipeline", PipelineName=name)
            listed = self.ask(sagemaker, "list_pipeline_executions", PipelineName=name)
            for execution in listed.get("PipelineExecutionSummaries", [])[:SOME]:
                arn = execution["PipelineExecutionArn"]
                for operation in (
                    "describe_pipeline_execution",
                    "list_pipeline_execution_steps",
                    "list_pipeline_parameters_for_execution",
                    "describe_pipeline_definition_for_execution",
                ):
                    self.ask(sagemaker, operation, PipelineExecutionArn=arn)

    def state_machines(self):
        sfn = self.client("stepfunctions")
        for machine in self.ask(sfn, "list_state_machines").get("stateMachines", []):
            arn = machine["stateMachineArn"]
            self.ask(sfn, "describe_state_machine", stateMachineArn=arn)
            for run in self.ask(sfn, "list_executions", stateMachineArn=arn).get("executions", [])[:SOME]:
                self.ask(sfn, "describe_execution", executionArn=run["executionArn"])
                self.ask(sfn, "get_execution_history", executionArn=run["executionArn"])

    def deliveries(self):
        codepipeline, codebuild = self.client("codepipeline"), self.client("codebuild")
        for pipeline in self.ask(codepipeline, "list_pipelines").get("pipelines", []):
            name = pipeline["name"]
            self.ask(codepipeline, "get_pipeline_state", name=name)
            self.ask(codepipeline, "list_action_executions", pipelineName=name)
            listed = self.ask(codepipeline, "list_pipeline_executions", pipelineName=name)
            for run in listed.get("pipelineExecutionSummaries", [])[:SOME]:
                self.ask(
                    codepipeline,
                    "get_pipeline_execution",
                    pipelineName=name,
                    pipelineExecutionId=run["pipelineExecutionId"],
                )
        for project in self.ask(codebuild, "list_projects").get("projects", []):
            ids = self.ask(codebuild, "list_builds_for_project", projectName=project).get("ids", [])
            if ids:
                self.ask(codebuild, "batch_get_builds", ids=ids[:100])

    def glue_jobs(self):
        glue = self.client("glue")
        for job in self.ask(glue, "get_jobs").get("Jobs", []):
            self.ask(glue, "get_job_runs", JobName=job["Name"])

    def endpoints(self):
        sagemaker = self.client("sagemaker")
        for listed in self.ask(sagemaker, "list_endpoints").get("Endpoints", []):
            endpoint = self.ask(sagemaker, "describe_endpoint", EndpointName=listed["EndpointName"])
            if endpoint:
                config = self.ask(
                    sagemaker,
                    "describe_endpoint_config",
                    EndpointConfigName=endpoint["EndpointConfigName"],
                )
                for variant in config.get("ProductionVariants", []):
                    model = self.ask(sagemaker, "describe_model", ModelName=variant["ModelName"])
                    if model:
                        self.ask(sagemaker, "list_tags", ResourceArn=model["ModelArn"])
                self.metrics(listed["EndpointName"], config.get("ProductionVariants", []))

    def metrics(self, endpoint, variants):
        now = datetime.now(timezone.utc)
        queries = [
            {
                "Id": f"m{number}_{place}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SageMaker",
                        "MetricName": metric,
                        "Dimensions": [
                            {"Name": "EndpointName", "Value": endpoint},
                            {"Name": "VariantName", "Value": variant["VariantName"]},
                        ],
                    },
                    "Period": 60,
                    "Stat": statistic,
                },
            }
            for place, variant in enumerate(variants)
            for number, (metric, statistic) in enumerate(
                [("Invocations", "Sum"), ("ModelLatency", "p99"), ("Invocation5XXErrors", "Sum")]
            )
        ]
        if queries:
            self.ask(
                self.client("cloudwatch"),
                "get_metric_data",
                MetricDataQueries=queries,
                StartTime=now - timedelta(hours=1),
                EndTime=now,
            )

    def watching(self):
        self.ask(self.client("cloudwatch"), "describe_alarms")
        logs = self.client("logs")
        for group in self.ask(logs, "describe_log_groups").get("logGroups", []):
            name = group["logGroupName"]
            self.ask(logs, "filter_log_events", logGroupName=name, PaginationConfig={"MaxItems": 500})
            streams = self.ask(logs, "describe_log_streams", logGroupName=name).get("logStreams", [])
            for stream in streams[:2]:
                self.ask(
                    logs, "get_log_events", logGroupName=name, logStreamName=stream["logStreamName"]
                )

    def money(self):
        today = datetime.now(timezone.utc).date()
        ce, budgets = self.client("ce"), self.client("budgets")
        self.ask(
            ce,
            "get_cost_and_usage",
            TimePeriod={
                "Start": today.replace(day=1).isoformat(),
                "End": (today + timedelta(days=1)).isoformat(),
            },
            Granularity="DAILY",
            Metrics=["UnblendedCost"],
            GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
        )
        self.ask(
            ce,
            "get_cost_forecast",
            TimePeriod={
                "Start": (today + timedelta(days=1)).isoformat(),
                "End": (today + timedelta(days=9)).isoformat(),
            },
            Granularity="MONTHLY",
            Metric="UNBLENDED_COST",
            PredictionIntervalLevel=80,
        )
        account = self.ask(self.client("sts"), "get_caller_identity").get("Account", "")
        self.ask(budgets, "describe_budgets", AccountId=account)

    def registry(self):
        sagemaker, ecr = self.client("sagemaker"), self.client("ecr")
        listed = self.ask(sagemaker, "list_model_package_groups")
        for group in listed.get("ModelPackageGroupSummaryList", []):
            packages = self.ask(
                sagemaker, "list_model_packages", ModelPackageGroupName=group["ModelPackageGroupName"]
            ).get("ModelPackageSummaryList", [])
            for package in packages[:5]:
                self.ask(
                    sagemaker, "describe_model_package", ModelPackageName=package["ModelPackageArn"]
                )
        for repository in self.ask(ecr, "describe_repositories").get("repositories", []):
            name = repository["repositoryName"]
            images = self.ask(ecr, "describe_images", repositoryName=name).get("imageDetails", [])
            if images:
                ids = [{"imageDigest": image["imageDigest"]} for image in images[:SOME]]
                manifests = self.ask(ecr, "batch_get_image", repositoryName=name, imageIds=ids)
                for image in manifests.get("images", []):
                    json.loads(image["imageManifest"])

    def lineage(self):
        sagemaker = self.client("sagemaker")
        artifacts = self.ask(sagemaker, "list_artifacts").get("ArtifactSummaries", [])
        for artifact in artifacts[:SOME]:
            self.ask(sagemaker, "list_artifacts", SourceUri=artifact["Source"]["SourceUri"])
            self.ask(sagemaker, "list_associations", DestinationArn=artifact["ArtifactArn"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    judge = Judge(sys.argv[1])
    judge.everything()
    json.dump(
        {"asked": judge.asked, "violations": judge.violations, "refused": judge.refused}, sys.stdout
    )
