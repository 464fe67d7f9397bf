import { limitTags } from "../contract/manifest";

/** Type tokens the rules look at; comparing text keeps the AWS package, a second of start-up, out of the pack. */
export const types = {
  model: "aws:sagemaker/model:Model",
  endpointConfiguration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  target: "aws:appautoscaling/target:Target",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
} as const;

export type Props = Readonly<Record<string, unknown>>;

/** A member that is an object, or undefined; reading a value unknown at preview throws, which the SDK reports. */
export function inner(props: Props | undefined, ...path: readonly string[]): Props | undefined {
  return path.reduce<Props | undefined>(
    (at, key) => (at !== undefined && key in at ? (at[key] as Props | undefined) : undefined),
    props,
  );
}

/** The asynchronous part of an endpoint configuration, or undefined for a real-time one. */
export function asyncConfig(props: Props): Props | undefined {
  return inner(props, "asyncInferenceConfig");
}

/** A declared limit: the number of its tag; NaN when the tag is no whole number; undefined when there is none. */
export function declared(props: Props, limit: keyof typeof limitTags): number | undefined {
  const tags = inner(props, "tags");
  if (tags === undefined || !(limitTags[limit] in tags)) return undefined;
  const text = String(tags[limitTags[limit]]);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** `text` at `key`, without reading anything else. */
export function textAt(props: Props | undefined, key: string): string | undefined {
  return props !== undefined && key in props ? (props[key] as string | undefined) : undefined;
}
