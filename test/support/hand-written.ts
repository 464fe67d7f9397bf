import { types } from "../../policies/async-resources";
import type { Resource } from "./rule-rows";
import { type StackResource, unknown } from "./verdict";

/** Resources as a person would write them for AWS, to be judged as they are or with one change. */

const limits = {
  "async-fleet:max-payload-bytes": "1000000000",
  "async-fleet:invocation-timeout-seconds": "900",
  "async-fleet:time-to-live-seconds": "21600",
} as const;

export const successArn = "arn:aws:sns:eu-west-1:123456789012:ok";
export const errorArn = "arn:aws:sns:eu-west-1:123456789012:bad";

const output = {
  s3OutputPath: "s3://bucket/results/",
  s3FailurePath: "s3://bucket/failures/",
  notificationConfig: { successTopic: successArn, errorTopic: errorArn },
} as const;

const variant = {
  variantName: "primary",
  modelName: "m",
  instanceType: "ml.m5.large",
  initialInstanceCount: 1,
} as const;

/** An asynchronous endpoint configuration with everything declared. */
export function configuration(change: object = {}): Resource {
  return {
    type: types.endpointConfiguration,
    props: {
      region: "eu-west-1",
      tags: limits,
      productionVariants: [variant],
      asyncInferenceConfig: { outputConfig: output },
      ...change,
    },
  };
}

/** The same with another part of `outputConfig`. */
export function configurationWithOutput(change: object): Resource {
  return configuration({ asyncInferenceConfig: { outputConfig: { ...output, ...change } } });
}

/** The same with its one variant changed. */
export function configurationWithVariant(change: object): Resource {
  return configuration({ productionVariants: [{ ...variant, ...change }] });
}

/** The same with one declared limit changed, or taken away by `undefined`. */
export function configurationDeclaring(tag: keyof typeof limits, value: string | undefined): Resource {
  const { [tag]: _was, ...others } = limits;
  return configuration({ tags: value === undefined ? others : { ...others, [tag]: value } });
}

/** An endpoint configuration that is none of the rules' affair. */
export const realTime: Resource = {
  type: types.endpointConfiguration,
  props: { region: "eu-west-1", productionVariants: [variant] },
};

/** A model that declares the limits of its endpoint. */
export function model(change: object = {}): Resource {
  return {
    type: types.model,
    props: {
      region: "eu-west-1",
      tags: limits,
      primaryContainer: { image: "registry/own:1", environment: {} },
      ...change,
    },
  };
}

/** The same with its container's environment, and another image. */
export function modelWithEnvironment(environment: object, image = "registry/own:1"): Resource {
  return model({ primaryContainer: { image, environment } });
}

/** A resource of a stack under a name that others may depend on. */
export function named(
  name: string,
  { type, props }: Resource,
  dependsOn: StackResource["dependsOn"] = {},
): StackResource {
  return { type, name, props, dependsOn };
}

/** A resource of a stack with some properties changed. */
export function but(resource: StackResource, change: object): StackResource {
  return { ...resource, props: { ...resource.props, ...change } };
}

/** Any resource. */
export function a(type: string, props: object): Resource {
  return { type, props };
}

/** A policy document as JSON text. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** The bucket of `configuration()`'s paths. */
export function bucket(change: object = {}): StackResource {
  return named("bucket", a("aws:s3/bucket:Bucket", { region: "eu-west-1", bucket: "bucket", ...change }));
}

/** One of the topics of `configuration()`: `ok` or `bad`. */
export function topic(name: string, change: object = {}): StackResource {
  return named(name, a("aws:sns/topic:Topic", { region: "eu-west-1", name, ...change }));
}

/** A queue's subscription to `ok`, with ARNs that are unknown until topic and queue exist. */
export function subscription(change: object = {}, of = "ok"): StackResource {
  return named(
    `${of}-to-queue`,
    a("aws:sns/topicSubscription:TopicSubscription", {
      region: "eu-west-1",
      protocol: "sqs",
      topic: unknown,
      endpoint: unknown,
      ...change,
    }),
    { topic: [of], endpoint: ["queue"] },
  );
}

/** The queue that hears. */
export function queue(change: object = {}): StackResource {
  return named("queue", a("aws:sqs/queue:Queue", { region: "eu-west-1", name: "notices", ...change }));
}
