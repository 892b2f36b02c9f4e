"""`python -m batten_server`: the language server without the rest of the command line."""

import sys

from batten_server.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
