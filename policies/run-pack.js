// Serves the policy pack of the working folder as `@pulumi/pulumi/cmd/run-policy-pack` does, without what that loads for
// packs in TypeScript and for functions that are serialised: two thirds of the time a pack takes to start.
require("./lean-pulumi");

// A rule that fails where nobody waits for it is told, and the others go on; a pack that does not load ends with 1.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (cause) => {
    process.exitCode = 1;
    console.error(cause?.stack ?? String(cause));
  });
}
require(process.cwd());
