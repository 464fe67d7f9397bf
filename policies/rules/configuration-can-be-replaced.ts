import { textAt } from "../async-resources";
import { looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const configurationCanBeReplaced: ResourceRule = {
  name: "configuration-can-be-replaced",
  group: "rollout",
  displayName: "The configuration is made anew before the old one goes",
  description:
    "An asynchronous endpoint configuration has no fixed name, and is not deleted before its successor is there.",
  why: "A configuration in use must not be deleted and none can be changed: with a fixed name, or deleted first, every update fails half way with the endpoint on a configuration that is gone.",
  notJudged:
    "Models with fixed names. A name that ends in six or more hexadecimal digits, a digit among them, is taken to change with the content.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Leave out name (or use namePrefix) and deleteBeforeReplace.",
  validateResource: looksAtAsyncConfigs((_async, report, args, props) => {
    if (args.opts.deleteBeforeReplace === true) report("deleteBeforeReplace is set.");
    const name = textAt(props, "name");
    if (name !== undefined && !changes(name, args.name)) report(`its name is fixed: ${name}.`);
  }),
};

/** Pulumi's own names are in the inputs, too: the logical name, a dash and seven hexadecimal digits. */
function changes(name: string, logicalName: string): boolean {
  if (name.startsWith(`${logicalName}-`) && /^[0-9a-f]{7,}$/.test(name.slice(logicalName.length + 1))) return true;
  const ending = /[0-9a-f]{6,}$/.exec(name)?.[0] ?? "";
  return /\d/.test(ending);
}
