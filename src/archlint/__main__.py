"""``python -m archlint``: the working directory leaves the import path before anything is imported from it."""

import os
import sys


def main() -> None:
    """Run the command line with an import path that the repository under test cannot add to."""
    sys.path[:] = [entry for entry in sys.path if entry and os.path.abspath(entry) != os.getcwd()]
    from archlint.cli.main import run

    run()


main()
