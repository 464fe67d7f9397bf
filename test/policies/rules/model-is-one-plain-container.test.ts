import { but } from "../../support/hand-written";
import {
  realTimeStack,
  servedModel,
  settings,
  stackWith,
  stackWithout,
  wholeStack,
} from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const container = { image: "registry/own:1" };
const depending = (change: object) => [
  ...stackWithout("model", "settings"),
  { ...settings, dependsOn: { productionVariants: ["model"] } },
  but(servedModel, { name: unknown, ...change }),
];

judgesStack("model-is-one-plain-container", [
  ["one container", wholeStack, "complies"],
  ["a list of one", stackWith("model", { primaryContainer: undefined, containers: [container] }), "complies"],
  [
    "a pipeline",
    stackWith("model", { containers: [container, container] }),
    /^e in eu-west-1: model has 2 containers\.$/,
  ],
  [
    "many models",
    stackWith("model", { primaryContainer: { ...container, mode: "MultiModel" } }),
    /model serves many models/,
  ],
  ["many models, by dependency", depending({ primaryContainer: { mode: "MultiModel" } }), /serves many models/],
  ["an unknown mode", stackWith("model", { primaryContainer: { ...container, mode: unknown } }), "unknown"],
  [
    "an unknown mode beside a pipeline",
    stackWith("model", { primaryContainer: { mode: unknown }, containers: [container, container] }),
    /2 containers/,
  ],
  ["a model outside the stack", stackWithout("model"), "not applicable"],
  ["another model", stackWith("model", { name: "other", containers: [container, container] }), "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  [
    "an unknown mode before a container of many models",
    stackWith("model", { primaryContainer: { mode: unknown }, containers: [{ mode: "MultiModel" }] }),
    /serves many models/,
  ],
]);
