"""What the first code action takes is there before it is asked for."""

from __future__ import annotations

import subprocess
import sys

_CODE = """
from batten_server import lazy_types
lazy_types.load()
from lsprotocol import types
from batten_server import readiness

def unmade():
    used = types.CodeActionParams, types.CodeAction, types.Diagnostic, types.TextDocumentEdit
    return sum("_options" in each.__dict__ for each in used)

print(unmade())
readiness.get_ready()
print(unmade())
"""


def test_the_types_of_code_actions_are_made_when_nobody_waits() -> None:
    run = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)

    assert run.stdout.split() == ["4", "0"], run.stderr
