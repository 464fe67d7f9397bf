import { UnknownValueError } from "@pulumi/policy";
import { limitTags } from "../contract/manifest";

/** Type tokens the rules look at; comparing text keeps the AWS package, a second of start-up, out of the pack. */
export const types = {
  model: "aws:sagemaker/model:Model",
  endpointConfiguration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
  target: "aws:appautoscaling/target:Target",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  scheduledAction: "aws:appautoscaling/scheduledAction:ScheduledAction",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  compositeAlarm: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
} as const;

export type Props = Readonly<Record<string, unknown>>;

/** A member that is an object, or undefined (null, too: so a provider tells of what is not set); reading a value unknown at preview throws, which the SDK reports. */
export function inner(props: Props | undefined, ...path: readonly string[]): Props | undefined {
  return path.reduce<Props | undefined>(
    (at, key) => (at !== undefined && key in at ? ((at[key] ?? undefined) as Props | undefined) : undefined),
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
  return props !== undefined && key in props ? ((props[key] ?? undefined) as string | undefined) : undefined;
}

/** A number at `key`, without reading anything else. */
export function numberAt(props: Props | undefined, key: string): number | undefined {
  const value = textAt(props, key) as unknown;
  return value === undefined || value === "" ? undefined : Number(value);
}

/** A list at `key`; empty when there is none. */
export function listAt<Item = Props>(props: Props | undefined, key: string): readonly Item[] {
  return (textAt(props, key) ?? []) as unknown as readonly Item[];
}

/** The value at `key`, or undefined where it is unknown: for finding what is certainly the one, never for judging it. */
export function known(props: Props, key: string): unknown {
  try {
    return props[key] ?? undefined;
  } catch (cause) {
    if (cause instanceof UnknownValueError) return undefined;
    throw cause;
  }
}

/** Whether something is set at `key`, be it unknown. */
export function isSet(props: Props | undefined, key: string): boolean {
  if (props === undefined || !(key in props)) return false;
  try {
    return (props[key] ?? undefined) !== undefined;
  } catch (cause) {
    if (cause instanceof UnknownValueError) return true;
    throw cause;
  }
}
