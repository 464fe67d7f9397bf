"""The same as upload.ts with boto3's transfer, as it is without settings of its own."""
import json, resource, sys, time

import boto3
from botocore.config import Config

manifest_path, endpoint, path = sys.argv[1:4]
region = next(iter(json.load(open(manifest_path))["regions"].values()))
bucket, prefix = region["inputPrefix"].removeprefix("s3://").split("/", 1)
client = boto3.client(
    "s3",
    region["region"],
    endpoint_url=endpoint,
    aws_access_key_id="rehearsal",
    aws_secret_access_key="rehearsal",
    config=Config(s3={"addressing_style": "path"}),
)


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


began, before = time.perf_counter(), processor()
client.upload_file(
    path,
    bucket,
    f"{prefix}boto3",
    ExtraArgs={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": region["kmsKeyArn"]},
)
print(json.dumps({"seconds": time.perf_counter() - began, "processorSeconds": processor() - before}))
