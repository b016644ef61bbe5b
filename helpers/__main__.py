"""`python -m helpers COMMAND`: the teacher's commands."""

import argparse
import sys

from .grading.cli import add_parser as add_grade


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the number it returns is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_grade(commands)
    options = parser.parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
