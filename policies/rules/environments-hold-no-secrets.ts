import { inner, textAt, types } from "../async-resources";
import { isOneOf } from "../patterns";
import { inTurn, looksAt, type ResourceRule } from "../rule";
import { containersOf } from "../security-resources";

/** Whole words of a name: MAX_TOKENS and TOKENIZERS_PARALLELISM are none. */
const names =
  /(^|_)(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIALS?|APIKEY|API_KEY|ACCESS_KEY|PRIVATE_KEY)(_ID)?$/i;

/** AWS, GitHub, Hugging Face, Slack, and keys in PEM. */
const forms = [
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bhf_[A-Za-z0-9]{30}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

export const environmentsHoldNoSecrets: ResourceRule = {
  name: "environments-hold-no-secrets",
  group: "security",
  displayName: "Environments hold no secrets",
  description: "No environment variable of a model is named like a secret or holds what looks like one.",
  why: "A model's environment stands in the clear in the console, in CloudTrail and in state: whoever may describe the model reads the secret.",
  notJudged:
    "Secrets under harmless names and of forms not known here. A variable that names a secret by its ARN is no secret.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Keep the secret in Secrets Manager and give the container its ARN, or allow the variable's name in this policy's configuration.",
  configSchema: {
    properties: {
      allowed: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Names of variables that are no secrets; * stands for any text.",
      },
    },
  },
  validateResource: looksAt([types.model], (props, report, args) => {
    const containers = containersOf(props).filter(({ container }) => "environment" in container);
    if (containers.length === 0) return args.notApplicable("no container has an environment");
    const allowed = args.getConfig<{ allowed?: readonly string[] }>().allowed ?? [];
    inTurn(
      containers.flatMap(({ at, container }) => {
        const environment = inner(container, "environment") ?? {};
        return Object.keys(environment)
          .filter((name) => !isOneOf(name, allowed))
          .map((name) => () => {
            const value = textAt(environment, name) ?? "";
            if (/^arn:aws[a-z-]*:(secretsmanager|ssm):/.test(value)) return;
            if (forms.some((form) => form.test(value)))
              report(`${at}.environment.${name} holds what looks like a secret.`);
            else if (value !== "" && names.test(name)) report(`${at}.environment.${name} is named like a secret.`);
          });
      }),
    );
  }),
};
