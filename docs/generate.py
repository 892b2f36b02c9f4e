"""Write the generated files of this folder: the page of each rule and the list of them.

`make generate` runs this. With `--check` nothing is written, and the exit code is 1 when a file
is not what it would be.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from batten.report import rule_page
from batten.rules.registry import rules

FOLDER = Path(__file__).parent / "rules"
NOTICE = "<!-- Written by `make generate` from analyzers/batten/rules; do not edit. -->\n\n"


def main() -> int:
    """Write or check the files; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    if parser.parse_args().check:
        stale = differing(FOLDER, pages())
        for name in stale:
            sys.stderr.write(f"docs/rules/{name} is not current: run `make generate`\n")
        return 1 if stale else 0
    write(FOLDER, pages())
    return 0


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
