"""Write what is generated from the rules: the page of each, their list, names and descriptions.

`make generate` runs this. With `--check` nothing is written, and the exit code is 1 when a file
is not what it would be.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from batten.report import rule_page, sarif_rules
from batten.rules import listed
from batten.rules.registry import rules

FOLDER = Path(__file__).parent / "rules"
NOTICE = "<!-- Written by `make generate` from analyzers/batten/rules; do not edit. -->\n\n"


def main() -> int:
    """Write or check the files; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    if parser.parse_args().check:
        stale = [f"docs/rules/{name}" for name in differing(FOLDER, pages())]
        stale += [str(file) for file, text in modules().items() if file.read_text("utf-8") != text]
        for name in stale:
            sys.stderr.write(f"{name} is not current: run `make generate`\n")
        return 1 if stale else 0
    write(FOLDER, pages())
    for file, text in modules().items():
        file.write_text(text, "utf-8", newline="\n")
    return 0


def modules() -> dict[Path, str]:
    """Return the text of each file that is generated for the engine."""
    return {Path(listed.__file__): names(), sarif_rules.FILE: sarif_rules.text(rules())}


def names() -> str:
    """Return the text of the module that holds what the rules go by."""
    rows = "".join(
        f'    ("{rule.code}", "{rule.name}", {_tuple(rule.aliases)}),\n' for rule in rules()
    )
    return f'''"""The code, the name and the aliases of every rule.

Written by `make generate` from the rules; do not edit.
"""

from __future__ import annotations

LISTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
{rows})
'''


def _tuple(texts: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'"{text}"' for text in texts) + ("," if len(texts) == 1 else "") + ")"


def pages() -> dict[str, str]:
    """Return the text of each file by its name."""
    texts = {rule_page.file_name(rule.code): rule_page.page(rule) for rule in rules()}
    texts["README.md"] = rule_page.index(rules())
    return {name: NOTICE + text for name, text in texts.items()}


def differing(folder: Path, texts: dict[str, str]) -> list[str]:
    """Return the names of files that are missing, changed or left over, sorted."""
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    names = there.keys() | texts.keys()
    return sorted(name for name in names if there.get(name) != texts.get(name))


def write(folder: Path, texts: dict[str, str]) -> None:
    """Make `folder` hold exactly `texts`."""
    folder.mkdir(exist_ok=True)
    for name in differing(folder, texts):
        if name in texts:
            (folder / name).write_text(texts[name], "utf-8", newline="\n")
        else:
            (folder / name).unlink()


if __name__ == "__main__":
    raise SystemExit(main())
