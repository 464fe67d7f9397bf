"""The same as submits.ts, as one writes it with boto3: a pool of 64 threads over one client."""
import json, resource, sys, time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

manifest_path, endpoint, count = sys.argv[1:4]
region = next(iter(json.load(open(manifest_path))["regions"].values()))
client = boto3.client(
    "sagemaker-runtime",
    region["region"],
    endpoint_url=endpoint,
    aws_access_key_id="rehearsal",
    aws_secret_access_key="rehearsal",
    config=Config(max_pool_connections=64),
)
body = b"x" * 1024


def submit(_):
    client.invoke_endpoint_async(
        EndpointName=region["endpointName"],
        Body=body,
        ContentType="text/plain",
        RequestTTLSeconds=region["requests"]["timeToLiveSeconds"],
        InvocationTimeoutSeconds=region["requests"]["invocationTimeoutSeconds"],
    )


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


began, before = time.perf_counter(), processor()
with ThreadPoolExecutor(64) as pool:
    list(pool.map(submit, range(int(count))))
print(json.dumps({"seconds": time.perf_counter() - began, "processorSeconds": processor() - before}))
