import { types } from "../async-resources";
import { isNamed } from "../links";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { asyncConfigsOf, bucketsOf, lifecyclesOf, pathsOf } from "../storage-resources";

/** A year and a day past: long enough for any yearly audit. */
const maxDaysDefault = 366;

export const payloadsExpire: StackRule = {
  name: "payloads-expire",
  group: "storage",
  displayName: "Results and failures expire",
  description:
    "Each prefix of a bucket of the stack that an asynchronous endpoint writes to is under a lifecycle rule that expires its objects in time.",
  why: "Results and failures hold callers' content: kept for ever they are a growing cost and a growing risk.",
  notJudged: "Inputs, whose place no resource names, buckets that are not in the stack, and old versions of objects.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [{ source: "Checkov", ids: ["CKV2_AWS_61"] }],
  remediationSteps: "Add a BucketLifecycleConfiguration with an enabled rule on the path's prefix and expiration.days.",
  configSchema: {
    properties: {
      maxDays: {
        type: "integer",
        minimum: 1,
        default: maxDaysDefault,
        description: "Longest time results and failures may be kept.",
      },
    },
  },
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const buckets = bucketsOf(resources);
    const written = asyncConfigsOf(resources).flatMap((config) =>
      pathsOf(config).flatMap((path) =>
        buckets.filter((bucket) => isNamed(bucket, path.bucket)).map((bucket) => ({ config, bucket, path })),
      ),
    );
    if (written.length === 0) return args.notApplicable("no known path in a bucket of the stack");
    const maxDays = args.getConfig<{ maxDays?: number }>().maxDays ?? maxDaysDefault;
    inTurn(
      written.map(({ config, bucket, path }) => () => {
        const days = lifecyclesOf(bucket, resources)
          .filter((rule) => rule.expires && !rule.narrowed && path.prefix.startsWith(rule.prefix))
          .map((rule) => rule.days ?? 0);
        const at = `${path.property} s3://${path.bucket}/${path.prefix}`;
        if (days.length === 0) report(`${at}: no enabled lifecycle rule expires what is written there.`, config.urn);
        else if (Math.min(...days) > maxDays)
          report(`${at}: kept ${Math.min(...days)} days, longer than ${maxDays}.`, config.urn);
      }),
    );
  }),
};
