// The pack runner registers ts-node with a type check, which costs seconds at every start and finds nothing that
// `npm run types` has not. Its hooks wrap each other, so they are not registered anew but replaced: each source is
// turned into JavaScript as it stands, by swc, because TypeScript needs a second for a pack of this size.
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

require.extensions[".ts"] = (module, fileName) => {
  const { code } = transformSync(readFileSync(fileName, "utf8"), {
    filename: fileName,
    configFile: false,
    swcrc: false,
    sourceMaps: "inline",
    module: { type: "commonjs" },
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
  });
  module._compile(code, fileName);
};
require("./pack");
