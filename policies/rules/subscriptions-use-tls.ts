import { textAt } from "../async-resources";
import { noticeTypes } from "../notice-resources";
import { looksAt, type ResourceRule } from "../rule";

export const subscriptionsUseTls: ResourceRule = {
  name: "subscriptions-use-tls",
  group: "notifications",
  displayName: "Nobody is told over plain HTTP",
  description: "No SNS subscription has the protocol http.",
  why: "SNS would send notices, with places and perhaps responses, through the internet in the clear.",
  notJudged: "Who stands behind an https address or an e-mail.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [{ source: "Prowler", ids: ["sns_subscription_not_using_http_endpoints"] }],
  remediationSteps: "Subscribe with the protocol https, or with a queue.",
  validateResource: looksAt([noticeTypes.subscription], (props, report) => {
    if (textAt(props, "protocol") === "http") report("protocol is http: notices would be sent in the clear.");
  }),
};
