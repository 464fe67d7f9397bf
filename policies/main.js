"use strict";
// The pack runner registers ts-node with a type check, which costs seconds at every start and checks nothing that
// `npm run types` has not. It is taken out here and put back without.
const { join } = require("node:path");
delete require.extensions[".ts"];
require("ts-node").register({ transpileOnly: true, project: join(__dirname, "..", "tsconfig.json") });
require("./pack");
