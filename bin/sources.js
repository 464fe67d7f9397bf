// Lets `require` read the TypeScript sources as they are, without a type check (`npm run types` is the type check). The
// compiler is called directly: ts-node loads TypeScript at every start, which takes longer than all of `fleet --help`.
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

process.setSourceMapsEnabled(true);
require.extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    configFile: false,
    swcrc: false,
    sourceMaps: "inline",
    module: { type: "commonjs", importInterop: "swc", ignoreDynamic: true },
    jsc: { target: "es2022", parser: { syntax: "typescript" }, keepClassNames: true },
  });
  module._compile(code, filename);
};
