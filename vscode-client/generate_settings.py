"""Write the settings of the extension into package.json: the server's, and those of the client.

`make generate` runs this. With `--check` nothing is written, and the exit code is 1 when
package.json is not what it would be.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

CLIENT = Path(__file__).parent
PACKAGE = CLIENT / "package.json"
SCHEMA = CLIENT.parent / "analyzers/batten/report/schema/configuration.schema.json"

OF_CLIENT: dict[str, dict[str, Any]] = {
    "path": {
        "description": "The program `batten` to run instead of the server that comes with the "
        "extension. May hold ~, ${workspaceFolder}, ${userHome} and ${env:NAME}.",
        "type": "string",
        "default": "",
        "scope": "machine-overridable",
    },
    "interpreter": {
        "description": "The Python, 3.10 or newer, that runs the server. When empty: the one "
        "chosen in the Python extension, where there is one, else the first on the PATH.",
        "type": "string",
        "default": "",
        "scope": "machine-overridable",
    },
    "trace.server": {
        "description": "How much the server and the client say in the log.",
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
    },
}


def main() -> int:
    """Write or check the file; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    check = parser.parse_args().check
    before = PACKAGE.read_text("utf-8")
    after = package(before)
    if before == after:
        return 0
    if check:
        sys.stderr.write("vscode-client/package.json is not current: run `make generate`\n")
        return 1
    PACKAGE.write_text(after, "utf-8", newline="\n")
    return 0


def package(text: str) -> str:
    """Return the text of package.json with the settings in it."""
    whole = json.loads(text)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    settings = {
        name: {**setting(inlined(each, schema)), "scope": "resource"}
        for name, each in schema["properties"].items()
    }
    properties = {f"batten.{camel_case(name)}": each for name, each in settings.items()}
    properties |= {f"batten.{name}": each for name, each in OF_CLIENT.items()}
    whole["contributes"]["configuration"] = {"title": "Batten", "properties": properties}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def inlined(part: Any, schema: dict[str, Any]) -> Any:
    """Return a part of the schema with its definitions in place: the editor follows no links."""
    if isinstance(part, list):
        return [inlined(each, schema) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return inlined(schema["$defs"][part["$ref"].removeprefix("#/$defs/")], schema)
    return {
        key: (
            {camel_case(name): inlined(each, schema) for name, each in value.items()}
            if key == "properties"
            else inlined(value, schema)
        )
        for key, value in part.items()
    }


def setting(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a setting with a default that says nothing: an editor sends it where none is set."""
    kind = schema.get("type", "string")
    if kind == "object":
        return {**schema, "default": {}}
    if kind == "array" and "minItems" not in schema:
        return {**schema, "default": []}
    optional = {**schema, "type": [kind, "null"], "default": None}
    if "enum" in schema:
        optional["enum"] = [None, *schema["enum"]]
    return optional


def camel_case(name: str) -> str:
    """Return a key as editors spell it."""
    return re.sub("-(.)", lambda found: found[1].upper(), name)


if __name__ == "__main__":
    raise SystemExit(main())
