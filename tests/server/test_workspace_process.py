"""A process of our own loads what the server loads, and nothing that the server would not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from wire import environment

PROGRAM = "from batten_server.workspace_process import is_isolated; print(is_isolated())"
NEW = pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no such option before 3.11")


@pytest.mark.parametrize(
    ("options", "isolated"),
    [
        ([], "False"),
        (["-s"], "False"),
        pytest.param(["-P"], "False", marks=NEW),
        pytest.param(["-s", "-P"], "True", marks=NEW),
    ],
)
def test_a_server_that_has_started_again_is_as_isolated_as_before(
    options: list[str], isolated: str
) -> None:
    command = [sys.executable, *options, "-c", PROGRAM]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == isolated
