// Packs batten.vsix for the system that this runs on, as the bundled libraries are for that one.
// A warning of the packer is a failure.
import { copyFileSync, rmSync } from "node:fs";
import { createVSIX } from "@vscode/vsce";

const warnings = [];
console.warn = (...words) => warnings.push(words.join(" "));
delete process.env.GITHUB_ACTIONS; // there it would warn in another way

for (const name of ["LICENSE", "CHANGELOG.md"]) copyFileSync(`../${name}`, name);
await createVSIX({
  packagePath: "batten.vsix",
  target: `${process.platform}-${process.arch}`,
  dependencies: false, // all are in dist/extension.js
  allowMissingRepository: true,
  rewriteRelativeLinks: false, // pictures travel in the package
});
if (warnings.length > 0) {
  rmSync("batten.vsix");
  console.error(warnings.join("\n"));
  process.exitCode = 1;
}
