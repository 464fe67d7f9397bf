import { a } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const group = (change: object) =>
  a("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/sagemaker/Endpoints/e", ...change });

judges("endpoint-logs-use-a-customer-key", [
  ["a key", group({ kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/k" }), "complies"],
  ["no key", group({}), /^kmsKeyId is missing\.$/],
  ["another service's logs", group({ name: "/aws/lambda/f" }), "not applicable"],
  ["an unknown key, which is a key", group({ kmsKeyId: unknown }), "complies"],
  ["an unknown name", group({ name: unknown }), "unknown"],
]);
