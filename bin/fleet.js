#!/usr/bin/env node

// The command line runs the sources as they are: ts-node without a type check (`npm run types` is the type check).
require("ts-node").register({
  transpileOnly: true,
  project: require("node:path").join(__dirname, "..", "tsconfig.json"),
});
require("../cli/main").main(process.argv);
