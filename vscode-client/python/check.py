"""Write as JSON what this Python is good for. Has to run on any Python, also on one too old."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import libraries


def main():
    own = bundled = False
    if sys.version_info >= (3, 10):
        from importlib.util import find_spec

        own = find_spec("batten_server") is not None
        bundled = loads(libraries.folders())
    facts = {
        "executable": sys.executable,
        "version": list(sys.version_info[:2]),
        "bundled": bundled,
        "own": own,
    }
    sys.stdout.write(json.dumps(facts))


def loads(folders):
    """Tell whether the compiled libraries were made for this Python."""
    sys.path[:0] = folders
    try:
        import tree_sitter  # noqa: F401
        import tree_sitter_python  # noqa: F401
    except ImportError:
        return False
    return bool(folders)


main()
