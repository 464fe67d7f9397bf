import { inner } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const responsesStayOutOfNotices: ResourceRule = {
  name: "responses-stay-out-of-notices",
  group: "notifications",
  displayName: "Notices do not carry responses unless meant to",
  description:
    "An asynchronous endpoint configuration puts no response into notices, unless a reason is configured for that topic.",
  why: "A response in a notice lies in SNS, in every subscriber and in their logs, outside the bucket's key, policy and expiry.",
  notJudged: "What subscribers do with notices.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Remove includeInferenceResponseIns, or configure this policy's allowed with the topic and the reason.",
  configSchema: {
    properties: {
      allowed: {
        type: "object",
        additionalProperties: { type: "string", minLength: 10 },
        default: {},
        description: "Why responses may be in a notice, by SUCCESS_NOTIFICATION_TOPIC or ERROR_NOTIFICATION_TOPIC.",
      },
    },
  },
  validateResource: looksAtAsyncConfigs((async, report, args) => {
    const notification = inner(async, "outputConfig", "notificationConfig");
    if (notification === undefined || !("includeInferenceResponseIns" in notification)) return;
    const allowed = args.getConfig<{ allowed?: Record<string, string> }>().allowed ?? {};
    for (const which of (notification.includeInferenceResponseIns ?? []) as readonly string[]) {
      if ((allowed[which] ?? "").trim().length < 10)
        report(`includeInferenceResponseIns has ${which}: responses would lie in SNS and in every subscriber.`);
    }
  }),
};
