"""Where the bundled libraries are. Has to run on any Python, also on one that is too old."""

import os
import sys

ROOT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bundled")


def folders():
    """Return the folders that have to be on the path of this Python; none when it has no place."""
    special = os.path.join(ROOT, "python%d.%d" % sys.version_info[:2])
    return [os.path.join(ROOT, "common"), special] if os.path.isdir(special) else []
