import type { ServiceKey } from "./wire/schemas";
import type { AssumptionName } from "./world/assumptions";

/** A part of AWS as the rehearsal plays it: docs/REHEARSAL.md is printed from these. */
export interface Area {
  readonly title: string;
  /** What is modelled, each with the page of AWS it is taken from. */
  readonly modelled: ReadonlyArray<readonly [what: string, source: string]>;
  /** What stands in for what AWS does not say. */
  readonly assumed: readonly AssumptionName[];
  /** What AWS has here and the rehearsal has not. */
  readonly absent: readonly string[];
  /** Whose operations are told of here. */
  readonly services: readonly ServiceKey[];
}

const guide = (page: string): string => `SageMaker developer guide, ${page}`;
const api = (what: string): string => `API reference, ${what}`;
const scalingGuide = "Application Auto Scaling user guide";

export const areas: readonly Area[] = [
  {
    title: "Endpoints",
    modelled: [
      [
        "Creating, InService, Updating, RollingBack, Deleting and Failed; a failed endpoint can only be deleted",
        api("DescribeEndpoint"),
      ],
      [
        "names are told apart without case when they are made and with case when they are called; a name that is taken is refused",
        api("CreateEndpoint, InvokeEndpointAsync"),
      ],
      [
        "a configuration in use, or left by an update under way, is not deleted; configurations and models never change",
        api("DeleteEndpointConfig"),
      ],
      [
        "what an asynchronous endpoint cannot have is refused at CreateEndpoint: several variants, shadows, data capture, serverless",
        guide("model-deploy-feature-matrix"),
      ],
      [
        "the role is tried at CreateEndpoint: its trust, sns:Publish on both topics, cloudwatch:DescribeAlarms for rollback",
        guide("async-inference-create-endpoint-prerequisites"),
      ],
      [
        "blue/green with all at once, canary and linear traffic, rolling batches, termination wait, rollback by alarm and by time",
        guide("deployment-guardrails"),
      ],
      [
        "another instance type or variant is refused while a scalable target is registered; DeleteEndpoint deregisters it",
        guide("endpoint-scaling"),
      ],
      [
        "an update goes to InitialInstanceCount unless RetainAllVariantProperties keeps the count",
        api("UpdateEndpoint"),
      ],
    ],
    assumed: [
      "instanceStartSeconds",
      "instanceStopSeconds",
      "leavingFleet",
      "rollbackAlarmSeconds",
      "roleRights",
      "modelsPerPage",
    ],
    absent: [
      "inference components, inference pipelines, multi-model and multi-container endpoints, serverless and real-time inference",
      "instance pools, capacity reservations, managed instance scaling, inference routers",
      "SystemUpdating: AWS's own maintenance never comes; a variant's own status and PendingDeploymentSummary are not told",
      "which instance types a region really has",
    ],
    services: ["sagemaker"],
  },
  {
    title: "Queue and requests",
    modelled: [
      [
        "202 with InferenceId, OutputLocation and, where a failure path is configured, FailureLocation",
        api("InvokeEndpointAsync"),
      ],
      [
        "every member's range and pattern; inline bodies to 128,000 bytes; exactly one of Body and InputLocation",
        api("InvokeEndpointAsync"),
      ],
      [
        "one queue for each endpoint; instances times MaxConcurrentInvocationsPerInstance in flight; zero instances queue",
        guide("async-inference"),
      ],
      ["time to live in the queue and invocation timeout, each with its default", api("InvokeEndpointAsync")],
      [
        "a payload that cannot be read and a result that cannot be written fail the request after it was accepted",
        guide("async-inference-monitor"),
      ],
      [
        "a reply without Content-Length fails; 4xx, 5xx and a broken connection each fail in their own way",
        "container contract and published failures",
      ],
      ["the synchronous InvokeEndpoint is refused", guide("async-inference")],
    ],
    assumed: [
      "concurrencyPerInstance",
      "queueOrder",
      "invocationRetries",
      "invocationTimeout",
      "expiredRequest",
      "deletedEndpoint",
      "busyInstance",
      "lostInstance",
    ],
    absent: ["the depth at which AWS refuses more requests, and its throttling: no number is published"],
    services: ["sagemakerRuntime"],
  },
  {
    title: "Documents and notices",
    modelled: [
      [
        "TestNotification to both topics after create, update and every change of capacity",
        guide("async-inference-create-endpoint"),
      ],
      [
        "the result's notice, members in AWS's order, accept and contentType only where the caller sent them",
        guide("async-inference-check-predictions"),
      ],
      ["IncludeInferenceResponseIn, to 128 KB", api("AsyncInferenceNotificationConfig")],
      [
        "result and failure objects, their names and content types, their encryption key",
        guide("async-inference-create-endpoint"),
      ],
      [
        "the message of an alarm, with its queries where it is on metric math",
        "CloudWatch user guide, and messages it has sent",
      ],
    ],
    assumed: ["failureNotice", "includedEncoding", "failureName", "uploadInPartsFromBytes", "errorBodyBytesMax"],
    absent: ["the exact words of failure reasons other than the published ones"],
    services: [],
  },
  {
    title: "Scaling",
    modelled: [
      [
        "targets from zero, only of a variant that is there; ObjectNotFoundException for what is not",
        api("RegisterScalableTarget"),
      ],
      [
        "step scaling with its three adjustment types and bounds; target tracking with an alarm pair of its own, also on metric math",
        scalingGuide,
      ],
      [
        "of several policies the largest capacity wins; cooldowns out and in; suspended directions; disableScaleIn",
        scalingGuide,
      ],
      ["scheduled actions with at, rate and cron in any time zone", scalingGuide],
      ["scaling activities with cause, status and message, failed ones too", api("DescribeScalingActivities")],
    ],
    assumed: ["trackingHighMinutes", "trackingLowMinutes", "trackingLowShare"],
    absent: [
      "predictive scaling, activities that were not scaled, other namespaces than sagemaker",
      "high-resolution metrics: the smallest period is a minute",
    ],
    services: ["applicationAutoScaling"],
  },
  {
    title: "Alarms and metrics",
    modelled: [
      [
        "every metric of an asynchronous endpoint, each minute, with the dimensions it really has",
        guide("async-inference-monitor"),
      ],
      [
        "M of N datapoints and the four ways to treat missing data, by CloudWatch's own examples",
        "CloudWatch user guide, alarms-and-missing-data",
      ],
      [
        "metric math in alarms and GetMetricData; a function that is not played is refused when it is put",
        "CloudWatch user guide, using-metric-math",
      ],
      [
        "INSUFFICIENT_DATA at first, actions on change of state, an alarm in ALARM calls its scaling policies each minute, history",
        "CloudWatch user guide, AlarmThatSendsEmail",
      ],
      ["dashboards and what is refused in their bodies", api("Dashboard Body Structure and Syntax")],
    ],
    assumed: [
      "alarmExtraPeriods",
      "backlogPerInstanceAtZero",
      "processedMetric",
      "alarmsPerPage",
      "hostCpuBusyPercent",
      "hostCpuIdlePercent",
      "hostMemoryPercent",
      "hostDiskPercent",
    ],
    absent: [
      "composite, anomaly and Metrics Insights alarms; percentiles; periods below a minute; EC2 and Systems Manager actions",
      "EventBridge, and the delay with which metrics arrive at AWS",
    ],
    services: ["cloudwatch"],
  },
  {
    title: "S3",
    modelled: [
      [
        "objects, versions, multipart uploads, ranges, conditions, checksums, listings with delimiter and continuation",
        api("Amazon S3"),
      ],
      ["bucket policies, encryption, lifecycle, ownership and public access as they are put", api("Amazon S3")],
      ["requests are signed or presigned; presigned URLs expire", "Signature Version 4"],
    ],
    assumed: [],
    absent: [
      "lifecycle rules are kept and never carried out",
      "access control lists beyond ownership, replication, Select, object lock, access points, storage classes",
    ],
    services: ["s3"],
  },
  {
    title: "SNS and SQS",
    modelled: [
      [
        "topics, subscriptions with confirmation, filter policies, raw delivery, retries and dead-letter queues",
        "SNS developer guide",
      ],
      ["queues with visibility, delay, long polls, redrive, policies", "SQS developer guide"],
    ],
    assumed: [],
    absent: [
      "nothing leaves the machine: e-mail, SMS and other HTTPS subscribers end in the journal",
      "FIFO topics and queues; the signature of an HTTPS notice is not one AWS's certificate would prove",
    ],
    services: ["sns", "sqs"],
  },
  {
    title: "IAM and callers",
    modelled: [
      [
        "trust, inline and managed policies, boundaries, resource policies and conditions decide what a role or user may do",
        "IAM user guide, policy evaluation logic",
      ],
      ["access keys and sessions; calls without a known key are the administrator's", "IAM user guide"],
      [
        "signatures: their form, time and scope always, their value with every key that was given out here",
        "Signature Version 4",
      ],
    ],
    assumed: [],
    absent: [
      "organizations' policies, AWS's managed policies, groups, federation",
      "signatures with keys that were not given out here: a dummy key signs as it likes, in time and for its region",
    ],
    services: ["iam", "sts"],
  },
  {
    title: "KMS",
    modelled: [
      [
        "key policies, grants of use through a service, encryption contexts, aliases, rotation settings, deletion",
        "KMS developer guide",
      ],
    ],
    assumed: [],
    absent: ["cryptography: the permission is played, nothing is encrypted"],
    services: ["kms"],
  },
  {
    title: "Logs",
    modelled: [
      ["the endpoint's group, a stream for each instance, what the role may write", guide("logging-cloudwatch")],
    ],
    assumed: ["logAgent", "dataLog"],
    absent: [
      "Insights queries, metric filters, subscriptions; filter patterns beyond a text; retention is kept and never carried out",
    ],
    services: ["logs"],
  },
  {
    title: "ECR",
    modelled: [["repositories, tags, mutability, replication to other regions, the rights to pull", "ECR user guide"]],
    assumed: ["imageReplicationSeconds"],
    absent: ["layers and digests of real images: docker push does not work; scanning, lifecycle policies"],
    services: ["ecr"],
  },
  {
    title: "Containers",
    modelled: [
      [
        "GET /ping and POST /invocations on one port, two seconds for a ping, time to become healthy, SIGTERM and SIGKILL 30 seconds later",
        guide("your-algorithms-inference-code"),
      ],
      ["model data unpacked for the container, as the role", guide("your-algorithms-inference-code")],
      [
        "an instance whose container ends, or no longer answers its pings, is replaced",
        guide("your-algorithms-inference-code"),
      ],
    ],
    assumed: ["containerBootMs", "platformVariables", "unhealthyAfterPings", "busyHealth", "volumeGb"],
    absent: [
      "an instance's processors, accelerators and network are this machine's; network isolation of a child process",
    ],
    services: [],
  },
  {
    title: "Quotas and the account",
    modelled: [
      [
        "regions that are not enabled, instance quotas, missing images and networks, denied and throttled actions, as an account file says",
        "see `fleet serve --account`",
      ],
      [
        "faults to order: calls, notices, metrics, instances, capacity, quotas, a region that is gone",
        "ours, see [FAULTS.md](FAULTS.md)",
      ],
    ],
    assumed: ["endpointQuota", "updateQuota", "capacityLookSeconds", "capacityGivesUpSeconds"],
    absent: [
      "AWS's real quotas and free capacity",
      "functions are called and not run; a VPC is believed to be as it is named",
    ],
    services: ["serviceQuotas", "ec2"],
  },
  {
    title: "Time",
    modelled: [
      ["one clock: real work holds it, waits let it run ahead, so that hours pass in moments", "docs/ARCHITECTURE.md"],
    ],
    assumed: [],
    absent: ["eventual consistency: what is made is there at once", "how long AWS's control plane takes to answer"],
    services: [],
  },
  {
    title: "What outlives the process",
    modelled: [
      [
        "with --state: every answer is safe before it leaves; no accepted request is lost, none is answered twice, and what was under way runs again",
        "docs/OPERATIONS.md, a rehearsal that is kept",
      ],
    ],
    assumed: [],
    absent: [
      "instances are lost with the process: endpoints replace them by cold starts, and begin a change under way again",
      "datapoints of metrics, log lines, the events of the status page, and copies of images that ECR had under way are not kept",
    ],
    services: [],
  },
];
