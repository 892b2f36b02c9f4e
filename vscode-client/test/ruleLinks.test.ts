import assert from "node:assert/strict";
import test from "node:test";
import { linksToPages } from "../src/ruleLinks";

test("a link to the file of a rule becomes one to its page", () => {
  assert.equal(
    linksToPages("**[BTN101 a-name](file:///opt/batten/pages/BTN101.md)** · warning"),
    "**[BTN101 a-name](command:batten.client.explainRule?%5B%22BTN101%22%5D)** · warning",
  );
});

for (const other of [
  "[site](https://example.org/BTN101.md)",
  "[file](file:///home/me/notes.md)",
  "`](file:///x/NOTBTN101.md)`",
  "no link",
]) {
  test(`${other} is left alone`, () => {
    assert.equal(linksToPages(other), other);
  });
}
