import assert from "node:assert/strict";
import * as path from "node:path";
import test from "node:test";
import { needsRestart, startSettings, type Places } from "../src/settings";

const HOME = path.resolve("/home/me");
const FOLDER = path.resolve("/work/project");
const PLACES: Places = { home: HOME, folder: FOLDER, environment: { TOOLS: path.resolve("/opt/tools") } };

function read(settings: Record<string, unknown>, places = PLACES): string {
  return startSettings((key) => settings[key], places).path;
}

test("what is not set is empty", () => {
  assert.deepEqual(startSettings(() => undefined, PLACES), { path: "", interpreter: "" });
});

for (const wrong of [null, 3, ["batten"], { path: "batten" }]) {
  test(`${JSON.stringify(wrong)} is no path`, () => {
    assert.equal(read({ path: wrong }), "");
  });
}

test("each key is read for itself", () => {
  const settings: Record<string, string> = { path: "batten", interpreter: "python3.12" };
  assert.deepEqual(startSettings((key) => settings[key], PLACES), { path: "batten", interpreter: "python3.12" });
});

test("a name stays a name, to be found on the PATH", () => {
  assert.equal(read({ path: " batten " }), "batten");
});

test("~ and ${userHome} are the home", () => {
  assert.equal(read({ path: "~/bin/batten" }), path.join(HOME, "bin", "batten"));
  assert.equal(read({ path: "${userHome}/bin/batten" }), path.join(HOME, "bin", "batten"));
});

test("a ~ inside of a name is part of it", () => {
  assert.equal(read({ path: "~batten" }), "~batten");
});

test("${workspaceFolder} is the first folder", () => {
  assert.equal(read({ path: "${workspaceFolder}/.venv/bin/batten" }), path.join(FOLDER, ".venv", "bin", "batten"));
});

test("${env:NAME} comes from the environment; what is not there is empty", () => {
  assert.equal(read({ path: "${env:TOOLS}/batten" }), path.resolve("/opt/tools/batten"));
  assert.equal(read({ path: "${env:NONE}" }), "");
});

test("a relative path starts from the first folder", () => {
  assert.equal(read({ path: ".venv/bin/batten" }), path.join(FOLDER, ".venv", "bin", "batten"));
  assert.equal(read({ path: ".venv/bin/batten" }, { ...PLACES, folder: undefined }), ".venv/bin/batten");
});

test("only what says how to start needs a restart", () => {
  assert.equal(needsRestart((setting) => setting === "batten.path"), true);
  assert.equal(needsRestart((setting) => setting === "batten.interpreter"), true);
  assert.equal(needsRestart((setting) => setting === "batten.minSeverity"), false);
});
