import { types } from "../../../policies/async-resources";
import { a, configuration, named, realTime } from "../../support/hand-written";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const config = named("config", configuration());
const endpoint = named("endpoint", a(types.endpoint, { region: "eu-west-1", name: "e", endpointConfigName: unknown }), {
  endpointConfigName: ["config"],
});
const group = (change: object) =>
  named(
    "logs",
    a("aws:cloudwatch/logGroup:LogGroup", { region: "eu-west-1", name: "/aws/sagemaker/Endpoints/e", ...change }),
  );

judgesStack("endpoint-logs-expire", [
  ["a log group that forgets", [config, endpoint, group({ retentionInDays: 30 })], "complies"],
  [
    "a log group named by dependency",
    [config, endpoint, { ...group({ name: unknown, retentionInDays: 30 }), dependsOn: { name: ["endpoint"] } }],
    "complies",
  ],
  ["a log group that keeps", [config, endpoint, group({})], /^retentionInDays is missing/],
  [
    "a log group that keeps for ever, said so",
    [config, endpoint, group({ retentionInDays: 0 })],
    /^retentionInDays is missing/,
  ],
  ["no log group", [config, endpoint], /^no log group of the endpoint endpoint is in the stack\.$/],
  [
    "another endpoint's log group",
    [config, endpoint, group({ name: "/aws/sagemaker/Endpoints/other", retentionInDays: 30 })],
    /no log group/,
  ],
  [
    "another region's log group",
    [config, endpoint, group({ region: "us-east-1", retentionInDays: 30 })],
    /no log group/,
  ],
  ["a real-time endpoint", [named("config", realTime), endpoint], "not applicable"],
  ["an unknown retention", [config, endpoint, group({ retentionInDays: unknown })], "unknown"],
]);
