import assert from "node:assert/strict";
import test from "node:test";
import { DOCUMENTS } from "../src/documents";

test("files are served, and what is not saved yet, and no other form of a text", () => {
  assert.deepEqual(DOCUMENTS.map(({ scheme }) => scheme).sort(), ["file", "untitled"]);
});

test("only Python is served", () => {
  assert.ok(DOCUMENTS.every(({ language }) => language === "python"));
});
