import { declared, inner, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

const variables = [
  "TS_DEFAULT_RESPONSE_TIMEOUT",
  "MMS_DEFAULT_RESPONSE_TIMEOUT",
  "SAGEMAKER_MODEL_SERVER_TIMEOUT",
] as const;

/** The variables: SageMaker guide, async-inference-create-endpoint. */
export const containerTimeoutCoversTheInvocation: ResourceRule = {
  name: "container-timeout-covers-the-invocation",
  group: "time",
  displayName: "The model server waits as long as SageMaker",
  description: "A model server's response timeout is not below the declared invocation timeout.",
  why: "A model server that gives up before SageMaker does turns every long request into a failure.",
  notJudged: "Servers that set none of the known variables, and how long the model really takes.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Raise the model server's response timeout in the model's environment to the declared invocation timeout.",
  validateResource: looksAt([types.model], (props, report, args) => {
    const seconds = declared(props, "invocationTimeoutSeconds");
    if (seconds === undefined || Number.isNaN(seconds))
      return args.notApplicable("no invocation timeout is declared on the model");
    const environment = inner(props, "primaryContainer", "environment") ?? {};
    const set = variables.filter((name) => name in environment);
    if (set.length === 0) return args.notApplicable("no response timeout of a known model server is set");
    for (const name of set) {
      if (!(Number(environment[name]) >= seconds))
        report(`${name} is ${environment[name]}: below the declared ${seconds} seconds.`);
    }
  }),
};
