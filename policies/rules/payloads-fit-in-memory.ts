import { memoryGib } from "../../contract/instance-memory";
import { declared, inner, listAt, textAt } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

const bytesPerGib = 2 ** 30;

export const payloadsFitInMemory: ResourceRule = {
  name: "payloads-fit-in-memory",
  group: "payload",
  displayName: "Payloads fit into an instance's memory",
  description:
    "The declared payload times the requests an instance works on at once is not above the memory of the instance type.",
  why: "A container that holds its requests in memory is killed at the first busy moment, and every request on the instance with it.",
  notJudged:
    "Endpoints that leave concurrency to SageMaker, instance types not known here, and what model, decoded payload and response need beside.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Lower the declared payload or the concurrency, or take a larger instance type.",
  configSchema: {
    properties: {
      memoryGib: {
        type: "object",
        additionalProperties: { type: "number", exclusiveMinimum: 0 },
        default: {},
        description: "GiB of memory by instance type, over what is known here.",
      },
      copies: {
        type: "number",
        minimum: 1,
        default: 1,
        description: "How often the container holds a payload in memory.",
      },
    },
  },
  validateResource: looksAtAsyncConfigs((async, report, args, props) => {
    const bytes = declared(props, "payloadBytes");
    const concurrency = inner(async, "clientConfig")?.maxConcurrentInvocationsPerInstance as number | undefined;
    if (bytes === undefined || Number.isNaN(bytes) || concurrency === undefined)
      return args.notApplicable("payload or concurrency is not declared");
    const { memoryGib: given = {}, copies = 1 } = args.getConfig<{
      memoryGib?: Record<string, number>;
      copies?: number;
    }>();
    const types = listAt(props, "productionVariants").flatMap((variant) => textAt(variant, "instanceType") ?? []);
    const known = types.flatMap((type) => {
      const gib = given[type] ?? memoryGib(type);
      return gib === undefined ? [] : [{ type, gib }];
    });
    if (known.length === 0) return args.notApplicable("no instance type whose memory is known here");
    const needed = bytes * concurrency * copies;
    for (const { type, gib } of known) {
      if (needed > gib * bytesPerGib)
        report(
          `${concurrency} payloads of ${bytes} bytes${copies === 1 ? "" : `, ${copies} times each,`} are more than the ${gib} GiB of ${type}.`,
        );
    }
  }),
};
