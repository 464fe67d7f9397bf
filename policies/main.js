// The pack runner registers ts-node with a type check, which costs seconds at every start and finds nothing that
// `npm run types` has not. Its hooks wrap each other, so they are not registered anew but replaced: each source is
// turned into JavaScript as it stands.
const { readFileSync } = require("node:fs");
const ts = require("typescript");

require.extensions[".ts"] = (module, fileName) => {
  const { outputText } = ts.transpileModule(readFileSync(fileName, "utf8"), {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      inlineSourceMap: true,
    },
  });
  module._compile(outputText, fileName);
};
require("./pack");
