import { declared, inner, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

const servers = [
  {
    name: "TorchServe",
    image: /torchserve|pytorch-inference/,
    request: "TS_MAX_REQUEST_SIZE",
    response: "TS_MAX_RESPONSE_SIZE",
    prefix: "TS_",
    defaultBytes: 6_553_500,
  },
  {
    name: "Multi Model Server",
    image: /mxnet-inference|huggingface-pytorch-inference|multi-model-server/,
    request: "MMS_MAX_REQUEST_SIZE",
    response: "MMS_MAX_RESPONSE_SIZE",
    prefix: "MMS_",
    defaultBytes: 6_553_500,
  },
] as const;

/** Limits and their variables: SageMaker guide, async-inference-create-endpoint. */
export const containerAcceptsTheDeclaredPayload: ResourceRule = {
  name: "container-accepts-the-declared-payload",
  group: "payload",
  displayName: "The model server takes the declared payload",
  description: "A known model server's request limit is at least the payload the endpoint declares.",
  why: "A model server refuses requests above a limit of its own, far below 1 GB unless raised: large payloads queue, wake an instance and then fail.",
  notJudged:
    "Servers not known here (told by image name or variable prefix), and whether the container has the memory for the payload.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Raise TS_MAX_REQUEST_SIZE or MMS_MAX_REQUEST_SIZE in the model's environment, or lower async-fleet:requests.payloadBytes.",
  validateResource: looksAt([types.model], (props, report, args) => {
    const bytes = declared(props, "payloadBytes");
    if (bytes === undefined || Number.isNaN(bytes))
      return args.notApplicable("no payload limit is declared on the model");
    const container = inner(props, "primaryContainer");
    const environment = inner(container, "environment") ?? {};
    const image = container !== undefined && "image" in container ? String(container.image) : "";
    const variables = Object.keys(environment);
    const server =
      servers.find(({ prefix }) => variables.some((name) => name.startsWith(prefix))) ??
      servers.find((each) => each.image.test(image));
    if (server === undefined) return args.notApplicable("not a model server this rule knows");
    const set = server.request in environment ? Number(environment[server.request]) : undefined;
    if (set === undefined) {
      if (bytes > server.defaultBytes)
        report(
          `${server.request} is missing: ${server.name} then refuses requests above ${server.defaultBytes} bytes, and ${bytes} are declared.`,
        );
    } else if (!(set >= bytes))
      report(`${server.request} is ${environment[server.request]}: less than the declared ${bytes} bytes.`);
  }),
};
