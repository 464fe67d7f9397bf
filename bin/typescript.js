// Runs the TypeScript sources as they are, without a type check (`npm run types` is the type check). Compiling with swc
// alone spares each process the quarter of a second that loading the TypeScript compiler costs.
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

process.setSourceMapsEnabled(true);
require.extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    swcrc: false,
    configFile: false,
    sourceMaps: "inline",
    jsc: { parser: { syntax: "typescript" }, target: "es2022", keepClassNames: true },
    module: { type: "commonjs" },
  });
  process.setSourceMapsEnabled(true);
  module._compile(code, filename);
};

// Some packages bring source maps of their own: reading them takes longer than the packages, and 15 MB.
const loadJavaScript = require.extensions[".js"];
require.extensions[".js"] = (module, filename) => {
  process.setSourceMapsEnabled(false);
  try {
    loadJavaScript(module, filename);
  } finally {
    process.setSourceMapsEnabled(true);
  }
};
