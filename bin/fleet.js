#!/usr/bin/env node

// The AWS SDK announces the end of Node 20; package.json says what is supported, and when that changes.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
require("./typescript");
require("../cli/main").main(process.argv);
