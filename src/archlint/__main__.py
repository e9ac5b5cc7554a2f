"""Start of ``archlint`` and ``python -m archlint``: the working directory leaves the import path first."""

import os
import sys


def main() -> None:
    """Run the command line with an import path that the repository under test cannot add to.

    The folder gets there with ``python -m``, or with an empty or relative entry of PYTHONPATH.
    """
    try:
        here = os.path.realpath(os.curdir)
    except OSError:
        print("archlint: the working directory does not exist; change to one that does", file=sys.stderr)
        sys.exit(2)
    sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) != here]
    from archlint.cli.main import run

    run()


if __name__ == "__main__":
    main()
