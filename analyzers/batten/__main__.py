"""`python -m batten`: the command line."""

from batten.cli.main import program

if __name__ == "__main__":
    program()
