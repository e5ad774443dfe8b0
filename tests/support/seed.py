"""Fills the doubles of one Region with an account's worth of things, through boto3.

    python seed.py --moto URL --ministack URL --region R --seed N --jobs N [--costs]

What stands there follows from the arguments alone, but for the times, which are counted back from now.
Prints nothing; any refusal of a double ends it with a traceback.
"""

import argparse
import json
import random
import time
import urllib.request
from datetime import date, datetime, timedelta, timezone

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ml"
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/churn:1.4.0"
MINUTE = 60
# A status that AWS does not have today: every enum of AWS is open.
STATUSES = ["Completed"] * 5 + ["Failed", "InProgress", "Stopped", "Stopping", "Paused"]
REASON = "AlgorithmError: ExecuteUserScriptError: CUDA out of memory. Tried to allocate 2.10 GiB"


class Seeder:
    def __init__(self, args):
        self.args = args
        self.region = args.region
        self.chance = random.Random(args.seed)
        self.now = int(time.time())
        self.changes = []

    def client(self, service, url=None):
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=url or self.args.moto,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="seed",
            config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
        )

    def mini(self, service):
        return self.client(service, self.args.ministack)

    def post(self, path, body):
        request = urllib.request.Request(
            self.args.moto + path, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        urllib.request.urlopen(request).read()

    def later(self, path, to, new=False):
        self.changes.append({"path": path, "to": to, "new": new})

    def set_states(self, service):
        body = {"service": service, "account": ACCOUNT, "region": self.region, "set": self.changes}
        self.post("/set-state", body)
        self.changes = []

    def moments(self, index, status, names, minutes_each=1):
        """Created one job a minute, some minutes of queue, then work; no end while it moves."""
        created = self.now - (index + 1) * minutes_each * MINUTE - 600
        over = status not in ("InProgress", "Stopping", "Paused")
        took = 60 + index % 400
        values = {
            names[0]: {"timestamp": created},
            names[1]: {"timestamp": created + 30},
            names[2]: {"timestamp": created + 30 + took} if over else None,
            "last_modified_time": {"timestamp": created + 30 + took},
        }
        return values

    # -- runs ---------------------------------------------------------------------------------

    def training_jobs(self):
        sagemaker = self.client("sagemaker")
        for index in range(self.args.jobs):
            name = f"churn-train-{self.args.seed}-{index:04}"
            sagemaker.create_training_job(
                TrainingJobName=name,
                AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
                RoleArn=ROLE,
                OutputDataConfig={"S3OutputPath": "s3://ml/out"},
                ResourceConfig={
                    "InstanceType": "ml.g5.2xlarge",
                    "InstanceCount": 1 + index % 2,
                    "VolumeSizeInGB": 50,
                },
                StoppingCondition={"MaxRuntimeInSeconds": 86400},
                HyperParameters={"lr": f"0.00{index % 9}"},
            )
            status = STATUSES[index % len(STATUSES)]
            change = self.moments(
                index, status, ("creation_time", "training_start_time", "training_end_time")
            )
            change |= {"training_job_status": status, "secondary_status": status}
            self.later(["training_jobs", name], change)
            if status == "Failed":
                self.later(["training_jobs", name], {"failure_reason": REASON}, new=True)
        self.set_states("sagemaker")

    def other_jobs(self):
        sagemaker = self.client("sagemaker")
        for index in range(12 + self.args.seed):
            status = STATUSES[(index * 3) % len(STATUSES)]
            name = f"features-{self.args.seed}-{index:03}"
            sagemaker.create_processing_job(
                ProcessingJobName=name,
                AppSpecification={"ImageUri": IMAGE},
                RoleArn=ROLE,
                ProcessingResources={
                    "ClusterConfig": {
                        "InstanceCount": 1,
                        "InstanceType": "ml.m5.xlarge",
                        "VolumeSizeInGB": 30,
                    }
                },
            )
            change = self.moments(
                index, status, ("creation_time", "processing_start_time", "processing_end_time"), 7
            )
            self.later(
                ["processing_jobs", name], change | {"processing_job_status": status}, new=True
            )
            if status == "Failed":
                self.later(["processing_jobs", name], {"failure_reason": REASON}, new=True)
        for index in range(4 + self.args.seed):
            status = STATUSES[(index * 5 + 1) % len(STATUSES)]
            name = f"score-{self.args.seed}-{index:03}"
            sagemaker.create_transform_job(
                TransformJobName=name,
                ModelName="churn-blue",
                TransformInput={
                    "DataSource": {
                        "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://ml/in"}
                    }
                },
                TransformOutput={"S3OutputPath": "s3://ml/out"},
                TransformResources={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
            )
            change = self.moments(
                index, status, ("creation_time", "transform_start_time", "transform_end_time"), 11
            )
            change |= {"transform_job_status": status}
            if status == "Failed":
                change |= {"failure_reason": REASON}
            self.later(["transform_jobs", name], change)
        for index in range(2 + self.args.seed):
            status = STATUSES[(index * 2 + 4) % len(STATUSES)]
            name = f"tune-{self.args.seed}-{index:03}"
            sagemaker.create_hyper_parameter_tuning_job(
                HyperParameterTuningJobName=name,
                HyperParameterTuningJobConfig={
                    "Strategy": "Bayesian",
                    "ResourceLimits": {
                        "MaxNumberOfTrainingJobs": 20,
                        "MaxParallelTrainingJobs": 2,
                    },
                },
            )
            over = status in ("Completed", "Failed", "Stopped")
            created = self.now - (index + 1) * 13 * MINUTE
            self.later(
                ["hyper_parameter_tuning_jobs", name],
                {
                    "hyper_parameter_tuning_job_status": status,
                    "creation_time": {"timestamp": created},
                    "hyper_parameter_tuning_end_time": (
                        {"timestamp": created + 700} if over else None
                    ),
                },
            )
        self.set_states("sagemaker")

    def pipelines(self):
        sagemaker = self.client("sagemaker")
        statuses = ["Succeeded", "Executing", "Failed", "Stopped", "Stopping"]
        for number in range(2 + self.args.seed):
            name = f"pipeline-{self.args.seed}-{number}"
            definition = {
                "Version": "2020-12-01",
                "Steps": [
                    {"Name": "Prepare", "Type": "Processing", "Arguments": {}},
                    {"Name": "Train", "Type": "Training", "DependsOn": ["Prepare"], "Arguments": {}},
                ],
            }
            sagemaker.create_pipeline(
                PipelineName=name,
                PipelineDefinition=json.dumps(definition),
                RoleArn=ROLE,
                ClientRequestToken="x" * 32,
            )
            for index in range(3 + number):
                arn = sagemaker.start_pipeline_execution(
                    PipelineName=name,
                    PipelineExecutionDisplayName=f"nightly-{index}",
                    PipelineParameters=[{"Name": "Commit", "Value": "a1b2c3d"}],
                    ClientRequestToken=f"{index:032}",
                )["PipelineExecutionArn"]
                status = statuses[(number + index) % len(statuses)]
                started = self.now - (number * 10 + index + 1) * 17 * MINUTE
                change = {
                    "pipeline_execution_status": status,
                    "creation_time": {"timestamp": started},
                    "start_time": {"timestamp": started},
                    "last_modified_time": {"timestamp": started + 500},
                }
                if status == "Failed":
                    change["pipeline_execution_failure_reason"] = "Step failure: Train"
                self.later(["pipelines", name, "pipeline_executions", arn], change)
        self.set_states("sagemaker")

    def state_machines(self, client):
        machines = {
            "retrain": {"Type": "Pass", "End": True},
            "score": {"Type": "Fail", "Error": "Model.Missing", "Cause": "no approved version"},
            "watch": {"Type": "Wait", "Seconds": 86400, "End": True},
        }
        for name, state in machines.items():
            arn = client.create_state_machine(
                name=f"{name}-{self.args.seed}",
                definition=json.dumps({"StartAt": "Only", "States": {"Only": state}}),
                roleArn=ROLE,
            )["stateMachineArn"]
            for index in range(2 + self.args.seed):
                started = client.start_execution(
                    stateMachineArn=arn, name=f"{name}-{index}", input="{}"
                )
                if name == "watch" and index == 0:
                    client.stop_execution(
                        executionArn=started["executionArn"], error="Stopped", cause="by hand"
                    )

    def deliveries(self):
        iam = self.client("iam")
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "codepipeline.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = iam.create_role(
            RoleName=f"delivery-{self.region}", AssumeRolePolicyDocument=json.dumps(trust)
        )["Role"]["Arn"]
        codepipeline = self.client("codepipeline")
        codebuild = self.client("codebuild")
        for number in range(1 + self.args.seed):
            name = f"deploy-{self.args.seed}-{number}"
            action = {
                "actionTypeId": {
                    "category": "Source",
                    "owner": "AWS",
                    "provider": "S3",
                    "version": "1",
                },
                "configuration": {"S3Bucket": "ml", "S3ObjectKey": "model.zip"},
            }
            codepipeline.create_pipeline(
                pipeline={
                    "name": name,
                    "roleArn": role,
                    "artifactStore": {"type": "S3", "location": "ml-artifacts"},
                    "stages": [
                        {"name": "Source", "actions": [{"name": "Fetch"} | action]},
                        {"name": "Deploy", "actions": [{"name": "Ship"} | action]},
                    ],
                }
            )
            statuses = ["Succeeded", "InProgress", "Failed", "Superseded", "Cancelled"]
            for index in range(3 + number):
                ran = codepipeline.start_pipeline_execution(name=name)["pipelineExecutionId"]
                started = self.now - (index + 1) * 19 * MINUTE
                self.later(
                    ["pipelines", name, "executions", ran],
                    {
                        "status": statuses[(number + index) % len(statuses)],
                        "start_time": {"timestamp": started},
                        "last_update_time": {"timestamp": started + 240},
                    },
                )
            project = f"image-{self.args.seed}-{number}"
            codebuild.create_project(
                name=project,
                source={"type": "S3", "location": "ml/source.zip"},
                artifacts={"type": "NO_ARTIFACTS"},
                environment={
                    "type": "LINUX_CONTAINER",
                    "image": "aws/codebuild/standard:7.0",
                    "computeType": "BUILD_GENERAL1_SMALL",
                },
                serviceRole=role,
            )
            for _ in range(2 + number):
                codebuild.start_build(projectName=project)
        self.set_states("codepipeline")

    def glue_jobs(self):
        glue = self.client("glue")
        for number in range(1 + self.args.seed):
            name = f"etl-{self.args.seed}-{number}"
            glue.create_job(
                Name=name,
                Role=ROLE,
                Command={"Name": "glueetl", "ScriptLocation": "s3://ml/etl.py"},
                ExecutionProperty={"MaxConcurrentRuns": 50},
            )
            for _ in range(2 + number):
                glue.start_job_run(JobName=name)

    # -- what serves --------------------------------------------------------------------------

    def endpoints(self):
        sagemaker = self.client("sagemaker")
        for colour in ("blue", "green"):
            sagemaker.create_model(
                ModelName=f"churn-{colour}",
                ExecutionRoleArn=ROLE,
                PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://ml/{colour}.tar.gz"},
            )
        statuses = ["InService"] * 3 + ["Updating", "Failed", "RollingBack", "Mending"]
        for number in range(5 + 2 * self.args.seed):
            name = f"churn-{self.args.seed}-{number}"
            if number == 3:
                variants = [
                    {
                        "VariantName": "only",
                        "ModelName": "churn-blue",
                        "ServerlessConfig": {"MemorySizeInMB": 4096, "MaxConcurrency": 20},
                    }
                ]
            else:
                variants = [
                    {
                        "VariantName": colour,
                        "ModelName": f"churn-{colour}",
                        "InitialInstanceCount": count,
                        "InstanceType": "ml.m5.xlarge",
                        "InitialVariantWeight": weight,
                    }
                    for colour, count, weight in (("blue", 3, 90.0), ("green", 1, 10.0))
                ]
            sagemaker.create_endpoint_config(
                EndpointConfigName=f"{name}-config", ProductionVariants=variants
            )
            sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"{name}-config")
            status = statuses[number % len(statuses)]
            changed = self.now - (number + 1) * 23 * MINUTE
            change = {
                "endpoint_status": status,
                "creation_time": {"timestamp": changed - 86400},
                "last_modified_time": {"timestamp": changed},
            }
            if status == "Failed":
                change["failure_reason"] = "The primary container did not pass the ping check"
            self.later(["endpoints", name], change)
        self.set_states("sagemaker")
        sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=f"churn-{self.args.seed}-0",
            DesiredWeightsAndCapacities=[
                {"VariantName": "blue", "DesiredWeight": 50.0, "DesiredInstanceCount": 3},
                {"VariantName": "green", "DesiredWeight": 50.0, "DesiredInstanceCount": 2},
            ],
        )

    def metrics_and_alarms(self):
        cloudwatch = self.mini("cloudwatch")
        for number in range(2):
            for colour in ("blue", "green"):
                dimensions = [
                    {"Name": "EndpointName", "Value": f"churn-{self.args.seed}-{number}"},
                    {"Name": "VariantName", "Value": colour},
                ]
                data = []
                for minute in range(1, 45):
                    at = datetime.fromtimestamp(self.now - minute * MINUTE, timezone.utc)
                    for metric, value, unit in (
                        ("Invocations", self.chance.randint(50, 200), "Count"),
                        ("Invocation5XXErrors", self.chance.randint(0, 3), "Count"),
                        ("Invocation4XXErrors", 0, "Count"),
                        ("ModelLatency", self.chance.randint(20_000, 90_000), "Microseconds"),
                        ("OverheadLatency", self.chance.randint(1_000, 4_000), "Microseconds"),
                    ):
                        data.append(
                            {
                                "MetricName": metric,
                                "Dimensions": dimensions,
                                "Timestamp": at,
                                "Value": float(value),
                                "Unit": unit,
                            }
                        )
                cloudwatch.put_metric_data(Namespace="AWS/SageMaker", MetricData=data)
            cloudwatch.put_metric_alarm(
                AlarmName=f"churn-{self.args.seed}-{number}-errors",
                Namespace="AWS/SageMaker",
                MetricName="Invocation5XXErrors",
                Dimensions=[
                    {"Name": "EndpointName", "Value": f"churn-{self.args.seed}-{number}"},
                    {"Name": "VariantName", "Value": "green"},
                ],
                Statistic="Sum",
                Period=60,
                EvaluationPeriods=5,
                Threshold=0.5 if number == 0 else 1000.0,
                ComparisonOperator="GreaterThanThreshold",
            )

    # -- what is kept -------------------------------------------------------------------------

    def registry(self):
        sagemaker = self.client("sagemaker")
        approvals = ["Approved", "PendingManualApproval", "Rejected"]
        for group, count in ((f"churn-{self.args.seed}", 105), (f"reco-{self.args.seed}", 3)):
            sagemaker.create_model_package_group(
                ModelPackageGroupName=group, ModelPackageGroupDescription="seeded"
            )
            for index in range(count):
                sagemaker.create_model_package(
                    ModelPackageGroupName=group,
                    ModelPackageDescription=f"build {index}",
                    ModelApprovalStatus=approvals[index % 3],
                    InferenceSpecification={
                        "Containers": [{"Image": IMAGE}],
                        "SupportedContentTypes": ["text/csv"],
                        "SupportedResponseMIMETypes": ["text/csv"],
                    },
                    MetadataProperties={"CommitId": f"{index:07x}a1b2c3d"},
                )
        # An empty group, which is not the same as none.
        sagemaker.create_model_package_group(ModelPackageGroupName=f"empty-{self.args.seed}")

    def images(self):
        ecr = self.client("ecr")
        for name in ("churn", "reco"):
            ecr.create_repository(repositoryName=f"{name}-{self.args.seed}")
            for index in range(4):
                manifest = {
                    "schemaVersion": 2,
                    "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                    "config": {
                        "mediaType": "application/vnd.docker.container.image.v1+json",
                        "size": 7023 + index,
                        "digest": "sha256:" + f"{index:x}" * 64,
                    },
                    "layers": [
                        {
                            "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                            "size": 1000 + index,
                            "digest": "sha256:" + f"{index + 8:x}" * 64,
                        }
                    ],
                }
                ecr.put_image(
                    repositoryName=f"{name}-{self.args.seed}",
                    imageManifest=json.dumps(manifest),
                    imageTag=f"1.{index}.0",
                )

    def logs(self, client):
        """Three streams of a job and one of an endpoint; terminal controls in one line."""
        for group, streams in (
            ("/aws/sagemaker/TrainingJobs", [f"churn-train-{self.args.seed}-0005/algo-{n}-1" for n in (1, 2)]),
            (f"/aws/sagemaker/Endpoints/churn-{self.args.seed}-0", ["blue/i-0001"]),
        ):
            client.create_log_group(logGroupName=group)
            for number, stream in enumerate(streams):
                client.create_log_stream(logGroupName=group, logStreamName=stream)
                events = []
                for line in range(240):
                    at = (self.now - 3600 + line * 10 + number) * 1000
                    text = f"epoch={line} loss={1 / (line + 1):.4f} stream={number}"
                    if line == 230:
                        text = "\x1b[31mred\x1b[0m \u202egnol\u202c 模型"
                    events.append({"timestamp": at, "message": text})
                client.put_log_events(
                    logGroupName=group, logStreamName=stream, logEvents=events
                )

    # -- money --------------------------------------------------------------------------------

    def costs(self):
        budgets = self.client("budgets")
        for name, limit, actual, forecast in (
            ("ml-platform", "7000", "6440.00", "8260.00"),
            ("research", "500", "12.5", "40"),
        ):
            budgets.create_budget(
                AccountId=ACCOUNT,
                Budget={
                    "BudgetName": name,
                    "BudgetLimit": {"Amount": limit, "Unit": "USD"},
                    "TimeUnit": "MONTHLY",
                    "BudgetType": "COST",
                    "CalculatedSpend": {
                        "ActualSpend": {"Amount": actual, "Unit": "USD"},
                        "ForecastedSpend": {"Amount": forecast, "Unit": "USD"},
                    },
                },
            )
        answer = {"ResultsByTime": list(self.days()), "DimensionValueAttributes": []}
        # moto hands one entry to each request it has not seen: enough for every test that asks.
        self.post(
            "/moto-api/static/ce/cost-and-usage-results",
            {"account_id": ACCOUNT, "results": [answer] * 200},
        )

    def days(self):
        today = datetime.fromtimestamp(self.now, timezone.utc).date()
        day = date(today.year, today.month, 1)
        services = ["Amazon SageMaker", "AmazonCloudWatch", "Amazon Simple Storage Service"]
        while day <= today:
            after = day + timedelta(days=1)
            yield {
                "TimePeriod": {"Start": day.isoformat(), "End": after.isoformat()},
                "Total": {},
                "Estimated": day == today,
                "Groups": [
                    {
                        "Keys": [service],
                        "Metrics": {
                            "UnblendedCost": {
                                "Amount": f"{(number + 1) * 3 + day.day / 7:.6f}",
                                "Unit": "USD",
                            }
                        },
                    }
                    for number, service in enumerate(services)
                ],
            }
            day = after

    def everything(self):
        self.endpoints()
        self.training_jobs()
        self.other_jobs()
        self.pipelines()
        self.state_machines(self.client("stepfunctions"))
        self.state_machines(self.mini("stepfunctions"))
        self.deliveries()
        self.glue_jobs()
        self.registry()
        self.images()
        self.logs(self.client("logs"))
        self.logs(self.mini("logs"))
        self.metrics_and_alarms()
        if self.args.costs:
            self.costs()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moto", required=True)
    parser.add_argument("--ministack", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--costs", action="store_true")
    Seeder(parser.parse_args()).everything()
