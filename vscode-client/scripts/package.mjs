// Packs batten.vsix for the system that this runs on, as the bundled libraries are for that one.
import { copyFileSync } from "node:fs";
import { createVSIX } from "@vscode/vsce";

for (const name of ["LICENSE", "CHANGELOG.md"]) copyFileSync(`../${name}`, name);
await createVSIX({
  packagePath: "batten.vsix",
  target: `${process.platform}-${process.arch}`,
  dependencies: false, // all are in dist/extension.js
  allowMissingRepository: true,
  rewriteRelativeLinks: false, // pictures travel in the package
});
