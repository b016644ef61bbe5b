"""`python -m helpers COMMAND`: what authors and teachers run."""

import argparse
import importlib
import sys

COMMANDS = {
    "notebooks": "authoring.build",
    "release": "authoring.release",
    "site": "authoring.site.build",
    "grade": "grading.cli",
    "report": "grading.class_report",
    "feedback": "grading.feedback_pages",
    "export": "grading.exports.command",
    "gradescope": "grading.exports.container",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the number it returns is the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    wanted = [name for name in COMMANDS if name in arguments[:1]] or list(COMMANDS)
    for name in wanted:  # a command's libraries are imported only when it is asked for
        importlib.import_module(f"helpers.{COMMANDS[name]}").add_parser(commands)
    options = parser.parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
