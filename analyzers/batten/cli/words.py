"""Words of the command line that more than its parsers look for."""

STDIN = "-"
"""Stands for standard input in the place of a path."""

NO_CACHE = "--no-cache"
CACHE_DIR = "--cache-dir"
OUTPUT = "--output"
