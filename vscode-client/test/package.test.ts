import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

interface Package {
  readonly engines: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

test("the editor's types are not newer than the oldest editor", () => {
  const { engines, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Package;
  const oldest = /(\d+)\.(\d+)/.exec(engines.vscode ?? "");
  const types = /(\d+)\.(\d+)/.exec(devDependencies["@types/vscode"] ?? "");
  assert.deepEqual(types?.slice(1), oldest?.slice(1));
});
