"""A person works in Kate: reads the findings, takes the fix of the first one with Ctrl+. and saves,
then fixes all by the menu and saves.

Needs a screen and a session bus of its own. Kate makes all quick fixes that it gets for a
diagnostic, one after the other; the server therefore offers it one.

usage: person.py FILE LINE COLUMN     (all from 1)
Environment: REPORT    the file that is written: what was seen, as JSON
             EXPECTED  the messages of all findings, and of those that no fix is made for, as JSON
             PICTURES  where pictures go
             HOME      an empty folder
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screen import Part, desktop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_S = 60
"""How long anything may take."""

PATIENCE_S = 8
"""How long a key may show nothing before it is pressed again."""

FIX_ALL = "[source.fixAll.batten] Make all safe fixes of Batten"

HOME = Path.home()
PICTURES = Path(os.environ["PICTURES"])


def main(file: Path, line: str, column: str) -> dict[str, Any]:
    """Do all of it; return what was seen."""
    expected = json.loads(os.environ["EXPECTED"])
    report: dict[str, Any] = {}
    with kate(file, line, column) as application:
        entry(application, "Switch to Diagnostics Tab").act()
        report["seen"] = until_these(expected["all"], application)
        picture("warning")

        press("ctrl+period", lambda: messages(application) != expected["all"])
        until_these(expected["all"][1:], application)
        save(file)
        report["fixed"] = file.read_text("utf-8")
        picture("fixed")

        entry(application, "LSP Client").act()
        entry(application, "Code Action").act()
        until("the menu of actions", lambda: entry(application, FIX_ALL))
        picture("menu")
        entry(application, FIX_ALL).act()
        xdotool("key", *["Escape"] * 3)  # out of both menus and of their bar
        report["left"] = until_these(expected["left"], application)
        save(file)
        picture("fixed-all")
    return report


@contextmanager
def kate(file: Path, line: str, column: str) -> Iterator[Part]:
    """Start it with the configuration of docs/editors.md; end it as a person does."""
    environment = configured()
    command = ["kate", "-n", "--line", line, "--column", column, str(file)]
    with (PICTURES / "kate.log").open("wb") as log:
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        window = xdotool("search", "--sync", "--onlyvisible", "--class", "kate").split()[-1]
        xdotool("windowsize", "--sync", window, "1100", "700")
        xdotool("windowfocus", "--sync", window)
        found: list[Part] = []
        until("Kate on the bus of screen readers", lambda: found.extend(applications()) or found)
        yield found[0]
        # Killed, it would leave a file that it asks about the next time.
        press("ctrl+q", lambda: running.poll() is not None)
    except BaseException:
        picture("failed")
        raise
    finally:
        running.kill()


def configured() -> dict[str, str]:
    """Write Kate's settings; return the environment to start it in."""
    (HOME / ".config/kate/lspclient").mkdir(parents=True)
    settings = HOME / ".config/kate/lspclient/settings.json"
    shutil.copy(Path(__file__).with_name("settings.json"), settings)
    # Kate asks before it starts a program that it does not know.
    allowed = f"AllowedServerCommandLines={shutil.which('batten')} server --stdio"
    (HOME / ".config/katerc").write_text(f"[lspclient]\n{allowed}\n", "utf-8")
    return {
        **os.environ,
        "XDG_RUNTIME_DIR": str(HOME),
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "LC_ALL": "C.UTF-8",
    }


def applications() -> list[Part]:
    return [each for each in desktop().children if each.name == "kate"]


def entry(application: Part, name: str) -> Part:
    """Return an entry of a menu."""
    for each in application.all("menu item"):
        if each.name == name:
            return each
    raise LookupError(name)


def messages(application: Part) -> list[str]:
    """Return what the tab of diagnostics lists, without the ways of the values."""
    prefix = "[batten] "
    cells = [each.name for each in application.all("tree item")]
    return [name.removeprefix(prefix) for name in cells if name.startswith(prefix)]


def until_these(expected: list[str], application: Part) -> list[str]:
    """Wait for the messages that are expected; return what is there in the end."""
    seen: list[str] = []

    def look() -> bool:
        seen[:] = messages(application)
        return seen == expected

    until(f"the findings {expected}", look, lambda: f"seen: {seen}")
    return seen


def save(file: Path) -> None:
    before = file.read_bytes()
    press("ctrl+s", lambda: file.read_bytes() != before)


def press(key: str, done: Callable[[], bool]) -> None:
    """Press a key until it has done what it does: a window may not listen yet. That is told."""
    for attempt in range(3):
        if attempt:
            print(f"pressed again: {key}")
        xdotool("key", key)
        if happens(done, PATIENCE_S):
            return
    raise TimeoutError(f"{key} does nothing")


def until(what: str, look: Callable[[], object], told: Callable[[], str] = str) -> None:
    if not happens(look, LONGEST_S):
        raise TimeoutError(f"not within {LONGEST_S} s: {what}\n{told()}")


def happens(look: Callable[[], object], limit: float) -> bool:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            if look():
                return True
        except LookupError:  # it is not there yet, or has gone meanwhile
            pass
        time.sleep(0.1)
    return False


def xdotool(*arguments: str) -> str:
    command = ["xdotool", *arguments]
    return subprocess.run(
        command, stdout=subprocess.PIPE, encoding="utf-8", check=True, timeout=LONGEST_S
    ).stdout


def picture(name: str) -> None:
    subprocess.run(["import", "-window", "root", PICTURES / f"{name}.png"], check=True, timeout=60)


if __name__ == "__main__":
    told = main(Path(sys.argv[1]), *sys.argv[2:])
    Path(os.environ["REPORT"]).write_text(json.dumps(told), "utf-8")
