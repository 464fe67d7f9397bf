import { types } from "../../policies/async-resources";
import type { Resource } from "./rule-rows";
import type { StackResource } from "./verdict";

/** Resources as a person would write them for AWS, to be judged as they are or with one change. */

const limits = {
  "async-fleet:max-payload-bytes": "1000000000",
  "async-fleet:invocation-timeout-seconds": "900",
  "async-fleet:time-to-live-seconds": "21600",
} as const;

const output = {
  s3OutputPath: "s3://bucket/results/",
  s3FailurePath: "s3://bucket/failures/",
  notificationConfig: {
    successTopic: "arn:aws:sns:eu-west-1:123456789012:ok",
    errorTopic: "arn:aws:sns:eu-west-1:123456789012:bad",
  },
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
