// @pulumi/pulumi loads npm's own dependency tree, the TypeScript compiler and its Automation API at every start, and
// needs them only to serialise functions and to drive engines. Each is loaded here when something of it is first asked
// for: a start takes a quarter of the time and 55 MB less. It must be required before Pulumi is.
const Module = require("node:module");

function loadWhenAsked(id, from) {
  const fileName = Module.createRequire(from).resolve(id);
  if (require.cache[fileName] !== undefined) return;
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[fileName];
      loaded = require(fileName);
    }
    return loaded;
  };
  const standIn = new Module(fileName);
  standIn.loaded = true;
  // Pulumi copies a module's members as it imports it, unless the module says that it was an ES module once.
  standIn.exports = new Proxy(
    {},
    { get: (_, key) => (key === "__esModule" ? true : load()[key]), has: (_, key) => key in load() },
  );
  require.cache[fileName] = standIn;
}

const pulumi = require.resolve("@pulumi/pulumi/package.json");
loadWhenAsked("./automation", pulumi);
loadWhenAsked("./typescript-shim", pulumi);
loadWhenAsked("@npmcli/arborist", pulumi);
