"""Every form of putting a value into a URL, before and after all fixes of it were made.

The fixes are those that `batten fix --unsafe-fixes` makes: found, verified, and made together.
"""

from __future__ import annotations

import pytest

from batten.analysis.fix_all import fix_all
from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import Level
from batten.syntax.text import SourceText

_PATH = "/a.py"
_MODELS = load()
_BEFORE = """\
import requests
from urllib.parse import quote

BASE = "https://api.example"
ITEM = "/i/%s"
NAMED = BASE + "/i/{name}/d"


def use(x, y, xs, self, n: int):
"""

FORMS = [
    (
        'requests.get(BASE + "/i/%s" % x)',
        'requests.get(BASE + "/i/%s" % quote(str(x), safe=""))',
    ),
    (
        'requests.get("%s/i/%s" % (BASE, x))',
        'requests.get("%s/i/%s" % (BASE, quote(str(x), safe="")))',
    ),
    (
        'requests.get(BASE + "/i/%(a)s" % {"a": x})',
        'requests.get(BASE + "/i/%(a)s" % {"a": quote(str(x), safe="")})',
    ),
    (
        'requests.get(BASE + "/i/%(a)s" % dict(a=x))',
        'requests.get(BASE + "/i/%(a)s" % dict(a=quote(str(x), safe="")))',
    ),
    (
        'requests.get(BASE + "/i/{}".format(x))',
        'requests.get(BASE + "/i/{}".format(quote(str(x), safe="")))',
    ),
    (
        'requests.get(BASE + "/i/{0}/d/{0}".format(x))',
        'requests.get(BASE + "/i/{0}/d/{0}".format(quote(str(x), safe="")))',
    ),
    (
        'requests.get("{base}/i/{x}".format(base=BASE, x=x))',
        'requests.get("{base}/i/{x}".format(base=BASE, x=quote(str(x), safe="")))',
    ),
    (
        'requests.get(f"{BASE}/i/{x}/d")',
        "requests.get(f\"{BASE}/i/{quote(str(x), safe='')}/d\")",
    ),
    (
        "requests.get(f'{BASE}/i/{x[\"name\"]}/d')",
        'requests.get(f\'{BASE}/i/{quote(str(x["name"]), safe="")}/d\')',
    ),
    (
        "requests.get(f\"{BASE}/i{f'/{x}' if x else ''}\")",
        'requests.get(f"""{BASE}/i{f\'/{quote(str(x), safe="")}\' if x else \'\'}""")',
    ),
    (
        'requests.get(f"{BASE}/i/{x:>5}")',
        "requests.get(f\"{BASE}/i/{quote(format(x, '>5'), safe='')}\")",
    ),
    (
        'requests.get(BASE + "/i/" + x + "/d")',
        'requests.get(BASE + "/i/" + quote(x, safe="") + "/d")',
    ),
    (
        'requests.get(BASE + "/i/" + "/".join(xs))',
        'requests.get(BASE + "/i/" + "/".join(quote(item, safe="") for item in xs))',
    ),
    (
        'requests.get(BASE + "/i/" + "/".join(str(e) for e in xs))',
        'requests.get(BASE + "/i/" + "/".join(quote(str(e), safe="") for e in xs))',
    ),
    (
        'requests.get("/".join([BASE, "i", x]))',
        'requests.get("/".join([BASE, "i", quote(x, safe="")]))',
    ),
    (
        'requests.get("/".join((BASE, "i", x, "d")))',
        'requests.get("/".join((BASE, "i", quote(x, safe=""), "d")))',
    ),
    (
        "requests.get(BASE + ITEM % x)",
        'requests.get(BASE + ITEM % quote(str(x), safe=""))',
    ),
    (
        "requests.get(NAMED.format(name=x))",
        'requests.get(NAMED.format(name=quote(str(x), safe="")))',
    ),
    (
        'url = BASE + "/i/"; url += x; requests.get(url)',
        'url = BASE + "/i/"; url += quote(x, safe=""); requests.get(url)',
    ),
    (
        'url = BASE + "/i"; url += "/%s" % x; requests.get(url)',
        'url = BASE + "/i"; url += "/%s" % quote(str(x), safe=""); requests.get(url)',
    ),
    (
        'url = f"{BASE}/i"; url = url + f"/{x}"; requests.get(url)',
        'url = f"{BASE}/i"; url = url + f"/{quote(str(x), safe=\'\')}"; requests.get(url)',
    ),
    (
        'args = (BASE, x); requests.get("%s/i/%s" % args)',
        'args = (BASE, quote(str(x), safe="")); requests.get("%s/i/%s" % args)',
    ),
    (
        'values = {"a": x}; requests.get(BASE + "/i/%(a)s" % values)',
        'values = {"a": quote(str(x), safe="")}; requests.get(BASE + "/i/%(a)s" % values)',
    ),
    (
        'parts = [BASE, "i"]; parts.append(x); requests.get("/".join(parts))',
        'parts = [BASE, "i"]; parts.append(quote(x, safe="")); requests.get("/".join(parts))',
    ),
    (
        'requests.get(BASE + "/i/%s/d/%d" % (x, n))',
        'requests.get(BASE + "/i/%s/d/%d" % (quote(str(x), safe=""), n))',
    ),
    (
        'requests.get((BASE + "/i/%s/d?a=%s") % (x, y))',
        'requests.get((BASE + "/i/%s/d?a=%s") % (quote(str(x), safe=""), quote(str(y), safe="")))',
    ),
    (
        'requests.get(BASE + ("/i" "/%s" "/d") % x)',
        'requests.get(BASE + ("/i" "/%s" "/d") % quote(str(x), safe=""))',
    ),
    (
        'requests.get(BASE + "/i/%s" % (x or y))',
        'requests.get(BASE + "/i/%s" % (quote(str(x or y), safe="")))',
    ),
    (
        'requests.get(BASE + "/i/%s" % (lambda: x)())',
        'requests.get(BASE + "/i/%s" % quote(str((lambda: x)()), safe=""))',
    ),
    (
        'requests.get(BASE + r"/i/%s" % x)',
        'requests.get(BASE + r"/i/%s" % quote(str(x), safe=""))',
    ),
    (
        'requests.get(BASE + u"/i/%s" % x)',
        'requests.get(BASE + u"/i/%s" % quote(str(x), safe=""))',
    ),
    (
        'requests.get(BASE + "/i?" + "&".join("a=%s" % e for e in xs))',
        'requests.get(BASE + "/i?" + "&".join("a=%s" % quote(str(e), safe="") for e in xs))',
    ),
    (
        'requests.get(BASE + "/i?" + "&".join(["a=" + x, "b=" + y]))',
        'requests.get(BASE + "/i?" + "&".join(["a=" + quote(x, safe=""), '
        '"b=" + quote(y, safe="")]))',
    ),
    (
        'requests.get(BASE + "/i?ids=" + ",".join(xs))',
        'requests.get(BASE + "/i?ids=" + ",".join(quote(item, safe="") for item in xs))',
    ),
    (
        'requests.get(BASE + "/i?ids=" + ",".join([x, y]))',
        'requests.get(BASE + "/i?ids=" + ",".join([quote(x, safe=""), quote(y, safe="")]))',
    ),
    (
        'requests.get(BASE + "/i/" + (x if x else y))',
        'requests.get(BASE + "/i/" + (quote(x if x else y, safe="")))',
    ),
    (
        'requests.get(BASE + "/i/" + quote(x) + "/d")',
        'requests.get(BASE + "/i/" + quote(x, safe="") + "/d")',
    ),
    (
        'requests.get(BASE + "/i/%s" % self.name.strip())',
        'requests.get(BASE + "/i/%s" % quote(str(self.name.strip()), safe=""))',
    ),
    (
        'requests.get(BASE + "/i/" + self.name.replace(" ", ""))',
        'requests.get(BASE + "/i/" + quote(self.name.replace(" ", ""), safe=""))',
    ),
    (
        'requests.get("".join([BASE, "/i/", x]))',
        'requests.get("".join([BASE, "/i/", quote(x, safe="")]))',
    ),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_the_value_is_escaped_where_it_goes_in(before: str, after: str) -> None:
    program = Program(_MODELS)

    def propose(source):
        program.put(_PATH, source)
        return program.fixes_to_make(program.findings(_PATH), set(Level))

    fixed = fix_all(SourceText(_module(before)), propose)

    assert fixed.settled
    assert fixed.source.text == _module(after)
    assert not program.findings(_PATH)


def _module(statements: str) -> str:
    return _BEFORE + "".join(f"    {line}\n" for line in statements.split("; "))
