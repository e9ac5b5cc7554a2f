"""Start of ``archlint`` and ``python -m archlint``: the import path loses what the repository adds to it.

Nothing is imported before that but what Python has loaded already: what is looked for may be found there.
"""

import os
import sys


def main() -> None:
    """Run the command line with an import path that the repository under test cannot add to."""
    try:
        here = os.path.realpath(os.curdir)
    except OSError:
        print("archlint: the working directory does not exist; change to one that does", file=sys.stderr)
        sys.exit(2)
    sys.path[:] = trusted(sys.path, (repository(here), *named_repositories(sys.argv[1:])))
    from archlint.cli import exits
    from archlint.cli.main import run

    exits.left = []
    try:
        run()
    except SystemExit as end:
        _leave(end.code or 0)


def _leave(code: object) -> None:
    """End at once, as taking apart all that a run has built costs a twentieth of a short one.

    What is written is closed or flushed by then: reports, files and the cache close what they open. A copy of
    this process may be writing into the cache yet, where who comes next looks.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # a caller may have closed it
                stream.flush()
        except (OSError, ValueError):
            continue
    copies = sys.modules.get("archlint.cache.copies")
    if copies is not None:
        copies.wait_for_copies()
    os._exit(code if isinstance(code, int) else 1)


def trusted(entries: list[str], tops: tuple[str, ...]) -> list[str]:
    """The entries without relative ones and those below some folders, except archlint's own environment.

    Python puts the caller's entries (the working directory, PYTHONPATH) before its library, and those of its
    environment (``site-packages``, and what is named there by editable installs) behind it.
    """
    library = os.path.dirname(os.path.realpath(os.__file__))
    own = {library, *_site_packages(), os.path.dirname(os.path.dirname(os.path.realpath(__file__)))}
    places = [os.path.realpath(entry) for entry in entries]
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    callers = {os.path.realpath(entry) for entry in given}
    relative = {os.path.realpath(entry) for entry in given if not os.path.isabs(entry)}
    behind = places.index(library) if library in places else len(places)
    kept: list[str] = []
    for number, (entry, place) in enumerate(zip(entries, places, strict=True)):
        is_own = place in own or (number > behind and place not in callers)
        is_strange = (
            not os.path.isabs(entry) or place in relative or any(_is_below(place, top) for top in tops)
        )
        if is_own or not is_strange:
            kept.append(entry)
    return kept


def repository(folder: str) -> str:
    """The git top level that a folder lies in, else the folder itself; git is not asked."""
    above = folder
    while not os.path.lexists(os.path.join(above, ".git")):
        if os.path.dirname(above) == above:
            return folder
        above = os.path.dirname(above)
    return above


def named_repositories(arguments: list[str]) -> tuple[str, ...]:
    """Those of the arguments that are files or folders: they are under test, wherever they lie."""
    found = [os.path.realpath(item) for item in arguments if os.path.exists(item)]
    return tuple(repository(item if os.path.isdir(item) else os.path.dirname(item)) for item in found)


def _site_packages() -> set[str]:
    """The folders that packages are installed into, as Python found them when it started."""
    site = sys.modules.get("site")  # an import would look for it
    if site is None:
        return set()
    folders = [*site.getsitepackages(), *([site.USER_SITE] if site.ENABLE_USER_SITE else [])]
    return {os.path.realpath(folder) for folder in folders if folder}


def _is_below(place: str, top: str) -> bool:
    return place == top or place.startswith(top.rstrip(os.sep) + os.sep)


if __name__ == "__main__":
    main()
