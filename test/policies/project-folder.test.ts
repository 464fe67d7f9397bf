import assert from "node:assert/strict";
import { projectFolder } from "../../policies/project-folder";

const at = (folders: readonly string[]) => (folder: string) => folders.includes(folder);

describe("the folder of the project that a pack judges", () => {
  it("is around the pack, when the pack lies in the project", () => {
    assert.equal(projectFolder({}, "/work/fleet/policies", at(["/work/fleet"])), "/work/fleet");
  });

  it("is the one that installed the pack, though the package has a project file of its own", () => {
    const projects = at(["/work/mine/node_modules/async-fleet", "/work/mine"]);
    assert.equal(projectFolder({}, "/work/mine/node_modules/async-fleet/policies", projects), "/work/mine");
  });

  it("is where the launcher was started, or above: a program may lie in a folder of its project", () => {
    const env = { ASYNC_FLEET_PROJECT: "/work/mine/infra" };
    assert.equal(projectFolder(env, "/work/fleet/policies", at(["/work/fleet", "/work/mine"])), "/work/mine");
  });

  it("is what was named when no project is in sight", () => {
    assert.equal(projectFolder({ ASYNC_FLEET_PROJECT: "/tmp/here" }, "/work/fleet/policies", at([])), "/tmp/here");
    assert.equal(projectFolder({ ASYNC_FLEET_PROJECT: "" }, "/a/node_modules/b/policies", at([])), "/a");
  });
});
