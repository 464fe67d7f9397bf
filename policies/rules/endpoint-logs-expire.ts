import type { PolicyResource } from "@pulumi/policy";
import { textAt, types } from "../async-resources";
import { comesFrom, inOneRegion, refersTo } from "../links";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";
import { asyncConfigsOf } from "../storage-resources";

export const endpointLogsExpire: StackRule = {
  name: "endpoint-logs-expire",
  group: "cost",
  displayName: "Logs of endpoints expire",
  description: "Each asynchronous endpoint of the stack has a log group in the stack, with a retention.",
  why: "The log group SageMaker makes itself keeps everything for ever, and stays when the endpoint is gone.",
  notJudged: "Endpoints whose configuration is not in the stack, and how long is right.",
  severity: "low",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Add a LogGroup named /aws/sagemaker/Endpoints/<endpoint> with retentionInDays, before the endpoint.",
  validateStack: looksAtStacksWith([types.endpoint], (resources, report, args) => {
    const configs = asyncConfigsOf(resources);
    const endpoints = ofType(resources, types.endpoint).filter((endpoint) =>
      configs.some((config) => inOneRegion(config, endpoint) && refersTo(endpoint, "endpointConfigName", config)),
    );
    if (endpoints.length === 0) return args.notApplicable("no asynchronous endpoint in the stack");
    const groups = ofType(resources, "aws:cloudwatch/logGroup:LogGroup");
    inTurn(
      endpoints.map((endpoint) => () => {
        const own = groups.filter((group) => comesFrom(group, "name", endpoint) || isLogOf(group, endpoint));
        if (own.length === 0) report(`no log group of the endpoint ${endpoint.name} is in the stack.`, endpoint.urn);
        for (const { props, urn } of own) {
          // Zero is CloudWatch's word for ever.
          if (!(Number(props.retentionInDays ?? 0) > 0))
            report("retentionInDays is missing: logs are kept for ever.", urn);
        }
      }),
    );
  }),
};

function isLogOf(group: PolicyResource, endpoint: PolicyResource): boolean {
  return (
    inOneRegion(group, endpoint) &&
    textAt(group.props, "name") === `/aws/sagemaker/Endpoints/${textAt(endpoint.props, "name")}`
  );
}
