"""A stand-in for the Python extension: it has the part of its interface that Batten uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zipfile import ZipFile

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = {
    "name": "python",
    "publisher": "ms-python",
    "version": "2026.1.0",
    "engines": {"vscode": "^1.91.0"},
    "main": "./main.js",
    "activationEvents": [],
    "contributes": {
        "commands": [{"command": "python.setInterpreter", "title": "Python: Select Interpreter"}]
    },
}

_MAIN = """\
const vscode = require("vscode");
exports.activate = () => {
  const changed = new vscode.EventEmitter();
  let path = "python-of-nobody";
  vscode.commands.registerCommand("python.setInterpreter", () => {
    path = %s;
    changed.fire({ path });
  });
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ path }),
      resolveEnvironment: async (asked) => ({ executable: { uri: vscode.Uri.file(asked.path) } }),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
"""

_TYPES = """\
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension=".json" ContentType="application/json"/>
<Default Extension=".js" ContentType="application/javascript"/>
<Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
"""

_MANIFEST = """\
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
<Metadata><Identity Language="en-US" Id="python" Version="2026.1.0" Publisher="ms-python"/>
<DisplayName>Python</DisplayName></Metadata>
<Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
<Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/></Assets>
</PackageManifest>
"""


def python_extension(file: Path, interpreter: Path) -> None:
    """Pack it; `interpreter` is what the user selects when asked to."""
    with ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("extension.vsixmanifest", _MANIFEST)
        package.writestr("extension/package.json", json.dumps(_PACKAGE))
        package.writestr("extension/main.js", _MAIN % json.dumps(str(interpreter)))
