import { parseSchedule } from "../world/application-auto-scaling/schedule";
import { keptEndpoint } from "../world/sagemaker/kept-endpoint";
import type { World } from "../world/world";

/** Where a value belongs. */
export interface Spot {
  readonly accountId: string;
  readonly region: string;
  /** When the process that wrote it was there last. */
  readonly endedMs: number;
}

interface Shape {
  /** What of a value is written down. */
  readonly plain: (value: never) => unknown;
  /** The value again. @default - what was written down */
  readonly revive?: (kept: never, world: World, spot: Spot) => unknown;
}

/** Of histories the newest are kept: what AWS shows without asking for more. */
const newestKept = 100;

type History = { readonly history: readonly unknown[] };
type Scheduled = { readonly schedule: unknown; readonly input: { Schedule: string; Timezone?: string } };

/** Settings that are not kept just as they are, by their path. */
export const shapes: Readonly<Record<string, Shape>> = {
  "applicationAutoScaling.capacity.activities": { plain: (list: readonly unknown[]) => list.slice(-newestKept) },
  "applicationAutoScaling.regions.scheduled.actions": {
    plain: ({ schedule: _, ...action }: Scheduled) => action,
    revive: (action: Omit<Scheduled, "schedule">) => ({
      ...action,
      schedule: parseSchedule(action.input.Schedule, action.input.Timezone),
    }),
  },
  "cloudwatch.regions.alarms": {
    plain: (alarm: History) => ({ ...alarm, history: alarm.history.slice(-newestKept) }),
  },
  "logs.regions": {
    plain: (group: { readonly streams: unknown }) => ({ ...group, streams: new Map() }),
  },
  "s3.buckets": {
    plain: ({ objects: _o, hidden: _h, uploads: _u, sortedKeys: _s, ...settings }: Record<string, unknown>) => settings,
    revive: (settings: object) => ({
      objects: new Map(),
      hidden: new Map(),
      uploads: new Map(),
      sortedKeys: undefined,
      ...settings,
    }),
  },
  "sagemaker.regions.endpoints": {
    plain: keptEndpoint,
    revive: (kept: never, world, { endedMs, ...where }) => world.sagemaker.revivedEndpoint(where, kept, endedMs),
  },
  "sqs.regions": {
    plain: ({ messages: _, ...queue }: Record<string, unknown>) => queue,
    revive: (queue: never, world, { accountId, region }) => world.sqs.revivedQueue({ accountId, region }, queue),
  },
};

/** What services hold and a folder does not keep, by its path, and why. */
export const notKept: Readonly<Record<string, string>> = {
  "cloudwatch.regions.metrics": "datapoints: an alarm without any judges by how it treats missing data",
  "iam.parsed": "policies that were read already, to be read again",
  "s3.rows": "writes down objects and uploads one by one",
  "sns.deliveries.ending": "breaks off what is under way in this process",
  "sns.deliveries.listeners": "given at each start",
  "sns.deliveries.posting": "deliveries under way are written down one by one",
};
