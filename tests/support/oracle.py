"""What boto3 sees, every page of it, as JSON: the answer that Flightdeck's own must agree with.

    python oracle.py REGION TOPIC...        (runs endpoints alarms costs versions logs identity refusals)

Endpoints and credentials come from the AWS config file and AWS_PROFILE, as they do for Flightdeck.
Times are seconds since 1970, or null. One object is printed, with a member for each topic.
"""

import json
import sys
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class Oracle:
    def __init__(self, region):
        self.session = boto3.Session(region_name=region)

    def client(self, service):
        return self.session.client(
            service,
            config=Config(
                retries={"total_max_attempts": 1}, inject_host_prefix=False, read_timeout=5
            ),
        )

    def identity(self):
        said = self.client("sts").get_caller_identity()
        return {"account": said["Account"], "arn": said["Arn"]}

    def refusals(self):
        """What goes wrong: the error's code as AWS names it, or the class of the exception, which on
        bytes that are no JSON may be any of Python's."""
        for service, operation in (
            ("sagemaker", "list_endpoints"),
            ("cloudwatch", "describe_alarms"),
            ("sts", "get_caller_identity"),
        ):
            try:
                getattr(self.client(service), operation)()
                code, message = None, ""
            except ClientError as error:
                # botocore makes an error without a code of a page of HTML.
                told = error.response.get("Error", {"Code": "none", "Message": str(error)})
                code, message = told["Code"], told["Message"]
            except Exception as error:
                code, message = type(error).__name__, str(error)
            yield {"operation": operation, "code": code, "message": message}

    # -- runs ---------------------------------------------------------------------------------

    def runs(self):
        found = []
        found += self.sagemaker_jobs("training_job", "list_training_jobs", "TrainingJob")
        found += self.sagemaker_jobs("processing_job", "list_processing_jobs", "ProcessingJob")
        found += self.sagemaker_jobs("transform_job", "list_transform_jobs", "TransformJob")
        found += self.sagemaker_jobs(
            "tuning_job", "list_hyper_parameter_tuning_jobs", "HyperParameterTuningJob"
        )
        found += self.pipeline_executions()
        found += self.state_machine_executions()
        found += self.codepipeline_executions()
        found += self.builds()
        found += self.glue_runs()
        return found

    def sagemaker_jobs(self, kind, operation, noun):
        end = noun.removesuffix("Job") + "EndTime"
        for job in pages(self.client("sagemaker"), operation, f"{noun}Summaries"):
            yield {
                "kind": kind,
                "name": job[f"{noun}Name"],
                "id": job[f"{noun}Name"],
                "arn": job[f"{noun}Arn"],
                "raw_status": job[f"{noun}Status"],
                "started_at": seconds(job["CreationTime"]),
                "ended_at": seconds(job.get(end)),
            }

    def pipeline_executions(self):
        sagemaker = self.client("sagemaker")
        for pipeline in pages(sagemaker, "list_pipelines", "PipelineSummaries"):
            for run in pages(
                sagemaker,
                "list_pipeline_executions",
                "PipelineExecutionSummaries",
                PipelineName=pipeline["PipelineName"],
            ):
                arn = run["PipelineExecutionArn"]
                yield {
                    "kind": "sagemaker_pipeline",
                    "family": pipeline["PipelineName"],
                    "id": arn.rsplit("/", 1)[1],
                    "arn": arn,
                    "raw_status": run["PipelineExecutionStatus"],
                    "started_at": seconds(run["StartTime"]),
                    "ended_at": None,
                }

    def state_machine_executions(self):
        sfn = self.client("stepfunctions")
        for machine in pages(sfn, "list_state_machines", "stateMachines"):
            for run in pages(
                sfn, "list_executions", "executions", stateMachineArn=machine["stateMachineArn"]
            ):
                yield {
                    "kind": "step_functions",
                    "family": machine["name"],
                    "id": run["name"],
                    "arn": run["executionArn"],
                    "raw_status": run["status"],
                    "started_at": seconds(run["startDate"]),
                    "ended_at": seconds(run.get("stopDate")),
                }

    def codepipeline_executions(self):
        codepipeline = self.client("codepipeline")
        for pipeline in pages(codepipeline, "list_pipelines", "pipelines"):
            for run in pages(
                codepipeline,
                "list_pipeline_executions",
                "pipelineExecutionSummaries",
                pipelineName=pipeline["name"],
            ):
                yield {
                    "kind": "codepipeline",
                    "family": pipeline["name"],
                    "id": run["pipelineExecutionId"],
                    "raw_status": run["status"],
                    "started_at": seconds(run["startTime"]),
                }

    def builds(self):
        codebuild = self.client("codebuild")
        for project in pages(codebuild, "list_projects", "projects"):
            ids = list(pages(codebuild, "list_builds_for_project", "ids", projectName=project))
            for start in range(0, len(ids), 100):
                for build in codebuild.batch_get_builds(ids=ids[start : start + 100])["builds"]:
                    yield {
                        "kind": "codebuild",
                        "family": project,
                        "id": build["id"],
                        "arn": build["arn"],
                        "raw_status": build["buildStatus"],
                        "started_at": seconds(build["startTime"]),
                    }

    def glue_runs(self):
        glue = self.client("glue")
        for job in pages(glue, "get_jobs", "Jobs"):
            for run in pages(glue, "get_job_runs", "JobRuns", JobName=job["Name"]):
                yield {
                    "kind": "glue",
                    "family": job["Name"],
                    "id": run["Id"],
                    "raw_status": run["JobRunState"],
                    "started_at": seconds(run["StartedOn"]),
                    "ended_at": seconds(run.get("CompletedOn")),
                }

    # -- what serves --------------------------------------------------------------------------

    def endpoints(self):
        sagemaker = self.client("sagemaker")
        for listed in pages(sagemaker, "list_endpoints", "Endpoints"):
            endpoint = sagemaker.describe_endpoint(EndpointName=listed["EndpointName"])
            config = sagemaker.describe_endpoint_config(
                EndpointConfigName=endpoint["EndpointConfigName"]
            )
            configured = {v["VariantName"]: v for v in config["ProductionVariants"]}
            yield {
                "name": endpoint["EndpointName"],
                "raw_status": endpoint["EndpointStatus"],
                "config": endpoint["EndpointConfigName"],
                "failure_reason": endpoint.get("FailureReason"),
                "variants": [
                    {
                        "name": variant["VariantName"],
                        "model": configured[variant["VariantName"]]["ModelName"],
                        "weight": variant.get("CurrentWeight"),
                        "desired_weight": variant.get("DesiredWeight"),
                        "instances": variant.get("CurrentInstanceCount"),
                        "desired_instances": variant.get("DesiredInstanceCount"),
                        "instance_type": configured[variant["VariantName"]].get("InstanceType"),
                        "serverless": "ServerlessConfig" in configured[variant["VariantName"]],
                    }
                    for variant in endpoint.get("ProductionVariants", [])
                ],
            }

    def alarms(self):
        for alarm in pages(self.client("cloudwatch"), "describe_alarms", "MetricAlarms"):
            yield {"name": alarm["AlarmName"], "state": alarm["StateValue"]}

    # -- money --------------------------------------------------------------------------------

    def costs(self):
        today = datetime.now(timezone.utc).date()
        answer = self.client("ce").get_cost_and_usage(
            TimePeriod={
                "Start": today.replace(day=1).isoformat(),
                "End": (today + timedelta(days=1)).isoformat(),
            },
            Granularity="DAILY",
            Metrics=["UnblendedCost"],
            GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
        )
        cells = [
            {
                "day": day["TimePeriod"]["Start"],
                "service": group["Keys"][0],
                "amount": float(group["Metrics"]["UnblendedCost"]["Amount"]),
            }
            for day in answer["ResultsByTime"]
            for group in day["Groups"]
        ]
        account = self.identity()["account"]
        budgets = [
            {
                "name": budget["BudgetName"],
                "limit": float(budget["BudgetLimit"]["Amount"]),
                "actual": float(budget["CalculatedSpend"]["ActualSpend"]["Amount"]),
                "forecast": float(budget["CalculatedSpend"]["ForecastedSpend"]["Amount"]),
            }
            for budget in pages(
                self.client("budgets"), "describe_budgets", "Budgets", AccountId=account
            )
        ]
        return {"cells": cells, "budgets": budgets}

    # -- what is kept -------------------------------------------------------------------------

    def versions(self):
        sagemaker = self.client("sagemaker")
        groups = [
            {
                "name": group["ModelPackageGroupName"],
                "arn": group["ModelPackageGroupArn"],
                "versions": [
                    {
                        "version": package["ModelPackageVersion"],
                        "arn": package["ModelPackageArn"],
                        "status": package["ModelPackageStatus"],
                        "approval": package.get("ModelApprovalStatus"),
                    }
                    for package in pages(
                        sagemaker,
                        "list_model_packages",
                        "ModelPackageSummaryList",
                        ModelPackageGroupName=group["ModelPackageGroupName"],
                    )
                ],
            }
            for group in pages(
                sagemaker, "list_model_package_groups", "ModelPackageGroupSummaryList"
            )
        ]
        ecr = self.client("ecr")
        images = [
            {
                "repository": image["repositoryName"],
                "digest": image["imageDigest"],
                "tags": image.get("imageTags", []),
                "size_bytes": image.get("imageSizeInBytes"),
            }
            for repository in pages(ecr, "describe_repositories", "repositories")
            for image in pages(
                ecr, "describe_images", "imageDetails", repositoryName=repository["repositoryName"]
            )
        ]
        return {"groups": groups, "images": images}

    def logs(self):
        logs = self.client("logs")
        for group in pages(logs, "describe_log_groups", "logGroups"):
            name = group["logGroupName"]
            yield {
                "group": name,
                "events": [
                    {"stream": e["logStreamName"], "at_ms": e["timestamp"], "message": e["message"]}
                    for e in pages(logs, "filter_log_events", "events", logGroupName=name)
                ],
            }


def pages(client, operation, member, **given):
    if not client.can_paginate(operation):
        yield from getattr(client, operation)(**given)[member]
        return
    for page in client.get_paginator(operation).paginate(**given):
        yield from page[member]


def seconds(moment):
    return None if moment is None else int(moment.timestamp())


def plain(value):
    return value if isinstance(value, (dict, list)) else list(value)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    oracle = Oracle(sys.argv[1])
    json.dump({topic: plain(getattr(oracle, topic)()) for topic in sys.argv[2:]}, sys.stdout)
