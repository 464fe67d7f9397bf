import type { PolicyResource } from "@pulumi/policy";
import { type Statement, statementsOf } from "../access-policy";
import { inOneRegion, refersTo } from "../links";
import { noticeQueuesOf, noticeTypes, policiesOf } from "../notice-resources";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";
import { keyTypes } from "../security-resources";

export const noticeQueueKeysLetTopicsIn: StackRule = {
  name: "notice-queue-keys-let-topics-in",
  group: "notifications",
  displayName: "Keys of the queues behind the topics let SNS in",
  description:
    "The policy of the key of each queue that hears an asynchronous endpoint's topics allows sns.amazonaws.com kms:GenerateDataKey and kms:Decrypt.",
  why: "SNS has no rights of its own on a key: without them it drops every notice to the encrypted queue, and nobody is told.",
  notJudged: "Keys and policies that are not in the stack, and conditions on the right.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Add a statement to the key's policy: Effect Allow, Principal Service sns.amazonaws.com, Action kms:GenerateDataKey* and kms:Decrypt, Condition on aws:SourceAccount.",
  validateStack: looksAtStacksWith([noticeTypes.queue], (resources, report, args) => {
    const pairs = noticeQueuesOf(resources).flatMap(({ queue }) =>
      ofType(resources, keyTypes.key)
        .filter((key) => isEncryptedWith(queue, key, resources))
        .map((key) => ({ queue, key })),
    );
    if (pairs.length === 0) return args.notApplicable("no queue behind the topics with a key of the stack");
    inTurn(
      pairs.map(({ queue, key }) => () => {
        const policies = policiesOf(key, resources, keyTypes.keyPolicy, "keyId");
        const letsIn = (action: string): boolean =>
          policies.flatMap((policy) => statementsOf(policy) ?? []).some((each) => letsSns(each, action));
        const missing = ["kms:generatedatakey", "kms:decrypt"].filter((action) => !letsIn(action));
        if (missing.length > 0)
          report(
            `the key ${key.name} does not allow sns.amazonaws.com ${missing.join(" and ")}: the queue ${queue.name} would get nothing.`,
            queue.urn,
          );
      }),
    );
  }),
};

function letsSns({ allows, principals, actions }: Statement, wanted: string): boolean {
  const named = principals.some((each) => each === "Service:sns.amazonaws.com" || each === "*" || each === "AWS:*");
  const covers = (action: string): boolean =>
    action === wanted || (action.endsWith("*") && wanted.startsWith(action.slice(0, -1)));
  return allows && named && actions.some(covers);
}

/** By the key itself, or by an alias of the stack that stands for it. */
function isEncryptedWith(queue: PolicyResource, key: PolicyResource, resources: readonly PolicyResource[]): boolean {
  const byAlias = ofType(resources, keyTypes.alias).some(
    (alias) =>
      inOneRegion(alias, queue) && refersTo(queue, "kmsMasterKeyId", alias) && refersTo(alias, "targetKeyId", key),
  );
  return byAlias || refersTo(queue, "kmsMasterKeyId", key);
}
