#!/usr/bin/env node

// The command line runs the sources as they are: ts-node without a type check (`npm run types` is the type check).
// The AWS SDK announces the end of Node 20; package.json says what is supported, and when that changes.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
require("ts-node").register({
  transpileOnly: true,
  project: require("node:path").join(__dirname, "..", "tsconfig.json"),
});
require("../cli/main").main(process.argv);
