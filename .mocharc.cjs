/** Fast tests by default; `test/engine` needs an engine and has a timeout of its own. */
module.exports = {
  extension: ["ts"],
  require: ["ts-node/register/transpile-only"],
  forbidOnly: true,
  forbidPending: true,
  failZero: true,
  timeout: 10_000,
  exit: true,
};
