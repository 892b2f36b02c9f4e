"""What a value is called in a message: as the people call it who wrote the program."""

from __future__ import annotations

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("name", "name"),
        ("self.user.name", "name"),
        ("name.strip()", "name"),
        ("str(name)", "name"),
        ("day.isoformat()", "day"),
        ('self.day.strftime("%Y week %W")', "day"),
        ('os.getenv("WHO")', "WHO"),
        ('os.getenv("WHO", "nobody")', "WHO"),
        ('getenv("WHO")', "WHO"),
        ('os.environ["WHO"]', "WHO"),
        ("sys.argv[1]", "sys.argv[1]"),
        ("argv[2].lower()", "argv[2]"),
        ("names[2]", "names"),
    ],
)
def test_a_value_is_called_what_its_expression_says(value, name):
    program = Program(load())
    text = (
        "import os\nimport sys\nfrom os import getenv\nfrom sys import argv\n\n"
        "import requests\n\n\n"
        "def get(self, name, names, day):\n"
        f'    requests.get("https://api.example/x/" + {value})\n'
    )
    program.put("/a.py", SourceText(text))
    (finding,) = program.findings("/a.py")
    assert finding.message.startswith(f"`{name}` goes unescaped")
    titles = [fix.title for fix in program.fixes(finding)]
    assert f"Escape `{name}` with quote()" in titles
