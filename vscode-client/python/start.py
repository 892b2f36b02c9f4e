"""Serve with the libraries that come with the extension, and with no others before them."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import libraries

sys.path[:1] = libraries.folders()

from batten.project.large_pages import start_again_in_large_pages  # noqa: E402

start_again_in_large_pages()

from batten_server.command import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
