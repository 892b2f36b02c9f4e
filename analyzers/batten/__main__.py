"""`python -m batten`: the command line."""

import sys

from batten.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
