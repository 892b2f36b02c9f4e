import assert from "node:assert/strict";
import test from "node:test";
import { statusText } from "../src/statusText";

test("a running server tells its findings", () => {
  assert.equal(statusText("running", 3).text, "$(shield) Batten: 3");
  assert.match(statusText("running", 1).tooltip, /1 finding$/);
});

test("a server that does not run is a warning, and tells no findings", () => {
  for (const state of ["stopped", "failed"] as const) {
    assert.equal(statusText(state, 3).isWarning, true);
    assert.doesNotMatch(statusText(state, 3).text, /3/);
  }
});
