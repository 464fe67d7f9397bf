import { PolicyPack } from "@pulumi/policy";
import { listenToAnalyzerCalls } from "./analyzer-calls";
import { OneReading } from "./one-reading";
import { projectFolder } from "./project-folder";
import { rules } from "./rules";
import { PackSession } from "./session";
import { unpackOnce } from "./unpack-once";

// A rule says that a resource is not its affair by throwing, some hundred thousand times a stack: each trace costs more
// than the rule.
Error.stackTraceLimit = 1;
unpackOnce();
const reading = new OneReading();
const session = new PackSession({
  rules,
  projectFolder: projectFolder(process.env, __dirname),
  now: () => new Date(),
  reading,
});
listenToAnalyzerCalls({
  configureStack: (stack, config) => session.configureStack(stack, config),
  describe: () => session.describe(),
  configure: (parameters) => session.configure(parameters),
  mends: (told) => session.mends(told),
  reading,
});
new PolicyPack("async-fleet", { policies: session.policies, enforcementLevel: "mandatory" }, session.initialConfig);
