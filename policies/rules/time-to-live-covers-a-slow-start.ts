import { declared, listAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

const timeouts = ["modelDataDownloadTimeoutInSeconds", "containerStartupHealthCheckTimeoutInSeconds"] as const;

export const timeToLiveCoversASlowStart: ResourceRule = {
  name: "time-to-live-covers-a-slow-start",
  group: "time",
  displayName: "Requests live longer than the slowest start allowed",
  description:
    "The declared time to live is not below the time a variant is given to download its model and to answer its first ping, plus one invocation.",
  why: "An instance that starts as slowly as the configuration allows would find every request that woke it expired.",
  notJudged: "Variants that leave both times to SageMaker, and how long starting really takes.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Raise async-fleet:requests.timeToLiveSeconds, or lower the start-up and download timeouts.",
  validateResource: looksAtAsyncConfigs((_async, report, args, props) => {
    const seconds = declared(props, "timeToLiveSeconds");
    if (seconds === undefined || Number.isNaN(seconds)) return args.notApplicable("no time to live is declared");
    const variants = listAt(props, "productionVariants").filter((variant) => timeouts.some((key) => key in variant));
    if (variants.length === 0) return args.notApplicable("start-up and download timeouts are left to SageMaker");
    inTurn(
      variants.map((variant) => () => {
        const start = timeouts.reduce((sum, key) => sum + Number(variant[key] ?? 0), 0);
        const invocation = declared(props, "invocationTimeoutSeconds") ?? 0;
        if (seconds < start + invocation)
          report(
            `the time to live of ${seconds} seconds is below a start of ${start} plus one invocation of ${invocation}.`,
          );
      }),
    );
  }),
};
