"""`python -m batten_server`: the language server without the rest of the command line."""

import sys

from batten.project.large_pages import start_again_in_large_pages

if __name__ == "__main__":
    start_again_in_large_pages()

    from batten_server.command import main

    sys.exit(main(sys.argv[1:]))
