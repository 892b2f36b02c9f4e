"""`batten explain`: print the page of a rule."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from batten.cli.exit_code import NOTHING
from batten.cli.rule_names import rule_named
from batten.report.rule_page import page

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = "Print what a rule reports, why it matters, and what to write instead."
    parser.add_argument("rule", metavar="RULE", help="a code (BTN101), a name or an alias")


def run(arguments: Namespace) -> int:
    """Print the page, in Markdown; return the exit code."""
    sys.stdout.write(page(rule_named(arguments.rule)))
    return NOTHING
