"""AWS's own walkthrough of asynchronous inference and its Python SDK variant, call by call, with an unmodified boto3.

Run by hand: `npm run interop` (python3 with boto3 has to be there). Arguments: the rehearsal's URL.
"""

import io
import json
import sys
import tarfile
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url = sys.argv[1]
region = "eu-west-1"
session = boto3.Session(aws_access_key_id="rehearsal", aws_secret_access_key="rehearsal", region_name=region)
steps = 0


def client(name, **more):
    return session.client(name, endpoint_url=url, **more)


def step(text):
    global steps
    steps += 1
    print(f"{steps:2} {text}", flush=True)


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"{code} expected")


sagemaker = client("sagemaker")
runtime = client("sagemaker-runtime")
scaling = client("application-autoscaling")
s3 = client("s3")
iam = client("iam")
account = client("sts").get_caller_identity()["Account"]

trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*", "sns:*", "logs:*", "cloudwatch:*", "ecr:*"], "Resource": "*"}]}
role = iam.create_role(RoleName="walkthrough", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
iam.put_role_policy(RoleName="walkthrough", PolicyName="all", PolicyDocument=json.dumps(rights))
bucket = f"sagemaker-{region}-{account}"
s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
step("a role and a bucket")

archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w:gz") as tar:
    info = tarfile.TarInfo("model")
    info.size = 5
    tar.addfile(info, io.BytesIO(b"model"))
s3.put_object(Bucket=bucket, Key="async/model.tar.gz", Body=archive.getvalue())
assert [each["Key"] for each in s3.list_objects(Bucket=bucket)["Contents"]] == ["async/model.tar.gz"]
s3.upload_fileobj(io.BytesIO(b"x" * (20 * 1024 * 1024)), bucket, "async/large")
assert s3.head_object(Bucket=bucket, Key="async/large")["ContentLength"] == 20 * 1024 * 1024
step("upload of the model, and of 20 MB in parts")

model = "walkthrough-model"
sagemaker.create_model(
    ModelName=model,
    ExecutionRoleArn=role,
    PrimaryContainer={
        "Image": f"141502667606.dkr.ecr.{region}.amazonaws.com/sagemaker-xgboost:0.90-1-cpu-py3",
        "ModelDataUrl": f"s3://{bucket}/async/model.tar.gz",
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
    },
)
step("create_model")


def config(name, **more):
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            {
                "VariantName": "variant1",
                "ModelName": model,
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
            }
        ],
        AsyncInferenceConfig={
            "OutputConfig": {"S3OutputPath": f"s3://{bucket}/async/output", **more},
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
        },
    )


config("walkthrough-config")
step("create_endpoint_config")
endpoint = "walkthrough"
assert f":endpoint/{endpoint}" in sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName="walkthrough-config")["EndpointArn"]
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
assert sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "InService"
step("create_endpoint, waiter endpoint_in_service, describe_endpoint")

target = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{endpoint}/variant/variant1",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
scaling.register_scalable_target(**target, MinCapacity=0, MaxCapacity=5)
scaling.put_scaling_policy(
    PolicyName="Invocations-ScalingPolicy",
    **target,
    PolicyType="TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration={
        "TargetValue": 5.0,
        "CustomizedMetricSpecification": {
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Namespace": "AWS/SageMaker",
            "Dimensions": [{"Name": "EndpointName", "Value": endpoint}],
            "Statistic": "Average",
        },
        "ScaleInCooldown": 600,
        "ScaleOutCooldown": 300,
    },
)
step("register_scalable_target 0-5, put_scaling_policy")


def upload(key, body):
    s3.upload_fileobj(io.BytesIO(body), bucket, key, ExtraArgs={"ContentType": "text/csv"})
    return f"s3://{bucket}/{key}"


def output(location):
    while True:
        try:
            key = location.split("/", 3)[3]
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            time.sleep(0.1)


data = upload("async/input.csv", b"1,2,3\n")
answer = runtime.invoke_endpoint_async(EndpointName=endpoint, InputLocation=data, ContentType="text/csv")
assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202, answer
assert output(answer["OutputLocation"]) == b"1,2,3\n"
step("invoke_endpoint_async, and its result by polling on NoSuchKey")

sent = [
    runtime.invoke_endpoint_async(EndpointName=endpoint, InputLocation=data, ContentType="text/csv", InferenceId=f"i-{index}")
    for index in range(25)
]
for each in sent:
    assert output(each["OutputLocation"]) == b"1,2,3\n"
step("25 invocations")

sns = client("sns")
sqs = client("sqs")
topic = sns.create_topic(Name="async-success")["TopicArn"]
queue = sqs.create_queue(QueueName="results")["QueueUrl"]
queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue_arn}
sqs.set_queue_attributes(
    QueueUrl=queue, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})}
)
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
config("walkthrough-config-2", NotificationConfig={"SuccessTopic": topic, "ErrorTopic": topic})
message = refused(
    "ValidationException", sagemaker.create_endpoint, EndpointName=endpoint, EndpointConfigName="walkthrough-config-2"
)
sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="walkthrough-config-2")
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
assert sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"] == "walkthrough-config-2"
answer = runtime.invoke_endpoint_async(EndpointName=endpoint, InputLocation=data, InferenceId="noticed")
notice = None
while notice is None:
    for each in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", []):
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        body = json.loads(json.loads(each["Body"])["Message"])
        if body.get("inferenceId") == "noticed":
            notice = body
assert notice["invocationStatus"] == "Completed", notice
assert notice["responseParameters"]["outputLocation"] == answer["OutputLocation"], notice
step("update_endpoint, and a notice through SNS and SQS")

cloudwatch = client("cloudwatch")
cloudwatch.put_metric_alarm(
    AlarmName="backlog",
    Namespace="AWS/SageMaker",
    MetricName="HasBacklogWithoutCapacity",
    Dimensions=[{"Name": "EndpointName", "Value": endpoint}],
    Statistic="Average",
    Period=60,
    EvaluationPeriods=2,
    DatapointsToAlarm=2,
    Threshold=1,
    ComparisonOperator="GreaterThanOrEqualToThreshold",
    TreatMissingData="missing",
)
state = cloudwatch.describe_alarms(AlarmNames=["backlog"])["MetricAlarms"][0]["StateValue"]
assert state in ("OK", "INSUFFICIENT_DATA"), state
assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 3
statistics = cloudwatch.get_metric_statistics(
    Namespace="AWS/SageMaker",
    MetricName="ApproximateBacklogSize",
    Dimensions=[{"Name": "EndpointName", "Value": endpoint}],
    StartTime=time.time() - 7 * 86400,
    EndTime=time.time() + 7 * 86400,
    Period=3600,
    Statistics=["Average"],
)
assert isinstance(statistics["Datapoints"], list)
data_of = cloudwatch.get_metric_data(
    MetricDataQueries=[
        {
            "Id": "m1",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/SageMaker",
                    "MetricName": "ApproximateBacklogSize",
                    "Dimensions": [{"Name": "EndpointName", "Value": endpoint}],
                },
                "Period": 60,
                "Stat": "Average",
            },
        }
    ],
    StartTime=time.time() - 7 * 86400,
    EndTime=time.time() + 7 * 86400,
)
assert data_of["MetricDataResults"][0]["Id"] == "m1"
assert cloudwatch.list_metrics(Namespace="AWS/SageMaker")["Metrics"]
step("put_metric_alarm, describe_alarms, get_metric_statistics, get_metric_data, list_metrics")

assert scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"][0]["MaxCapacity"] == 5
assert scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 5.0
assert isinstance(scaling.describe_scaling_activities(ServiceNamespace="sagemaker")["ScalingActivities"], list)
assert client("logs").describe_log_streams(logGroupName=f"/aws/sagemaker/Endpoints/{endpoint}")["logStreams"]
step("describe_scalable_targets, policies, activities, log streams")

signed = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "async/input.csv"})
assert urllib.request.urlopen(signed).read() == b"1,2,3\n"
virtual = boto3.Session(aws_access_key_id="rehearsal", aws_secret_access_key="rehearsal", region_name=region).client(
    "s3", config=Config(s3={"addressing_style": "virtual"}, proxies={"http": url}), use_ssl=False
)
assert virtual.get_object(Bucket=bucket, Key="async/input.csv")["Body"].read() == b"1,2,3\n"
step("a presigned URL; virtual-host style through the rehearsal as a proxy")

message = refused("NotImplemented", sagemaker.create_training_job, TrainingJobName="t", AlgorithmSpecification={"TrainingInputMode": "File"}, RoleArn=role, OutputDataConfig={"S3OutputPath": "s3://b"}, ResourceConfig={"VolumeSizeInGB": 1}, StoppingCondition={})
assert "CreateTrainingJob" in message, message
step("an operation that is not played says so")

scaling.delete_scaling_policy(PolicyName="Invocations-ScalingPolicy", **target)
scaling.deregister_scalable_target(**target)
sagemaker.delete_endpoint(EndpointName=endpoint)
sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
sagemaker.delete_endpoint_config(EndpointConfigName="walkthrough-config")
sagemaker.delete_model(ModelName=model)
step("deregister_scalable_target, delete_endpoint, waiter endpoint_deleted")
print("all of it works")
