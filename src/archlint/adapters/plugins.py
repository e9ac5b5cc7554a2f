"""Rules of other distributions: the entry point group ``archlint.rules``.

Each entry names a package that has a folder ``rules`` with pages, and its checks in ``<package>.<area>``, as
archlint keeps its own. The entry points are read from the ``entry_points.txt`` of what is installed:
``importlib.metadata`` takes 0.09 s for the same. No code of a plugin runs until one of its rules is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from archlint.finding import Notice, Rule
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.registry import PageError, read_pages

GROUP = "archlint.rules"
_ENTRY = regex(r"([^=\s]++(?:\s++[^=\s]++)*+)\s*+=\s*+([A-Za-z_][\w.]*)")
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One entry of the group: how the plugin calls itself, its package, and the folder it was found in."""

    name: str
    package: str
    folder: str


def entry_points(folders: Sequence[str] | None = None) -> list[EntryPoint]:
    """The entries of all distributions in some folders, by default those that modules are imported from.

    A distribution that is found twice counts where it is imported from: in the first folder.
    """
    found: dict[str, EntryPoint] = {}
    for folder in sys.path if folders is None else folders:
        for entry in _in_folder(folder) if folder else ():
            found.setdefault(entry.package, entry)
    return sorted(found.values(), key=lambda entry: (entry.name, entry.package))


def _in_folder(folder: str) -> Iterator[EntryPoint]:
    try:
        names = sorted(
            item.name for item in os.scandir(folder) if item.name.endswith((".dist-info", ".egg-info"))
        )
    except OSError:
        return
    for name in names:
        try:
            with (Path(folder) / name / "entry_points.txt").open("rb") as file:
                content = file.read(_LARGEST)
        except OSError:
            continue
        if GROUP.encode() in content:
            yield from _entries(content.decode("utf-8", "replace"), folder)


def _entries(text: str, folder: str) -> Iterator[EntryPoint]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == GROUP and (found := _ENTRY.match(line)):
            yield EntryPoint(found[1], found[2], folder)


def plugin_rules(found: Sequence[EntryPoint] | None = None) -> tuple[list[Rule], list[Notice]]:
    """The rules of all plugins, and an error for each plugin whose pages cannot be read."""
    rules: list[Rule] = []
    notices: list[Notice] = []
    for entry in entry_points() if found is None else found:
        try:
            rules += _rules_of(entry.package)
        except PageError as problem:
            notices.append(_failure(entry.name, str(problem)))
        except Exception as error:  # finding a package inside another one imports that one, which may fail
            notices.append(_failure(entry.name, f"{type(error).__name__}: {error}"))
    return rules, notices


def _failure(name: str, reason: str) -> Notice:
    return Notice("error", f"plugin '{name}' cannot be used: {reason}")


def _rules_of(package: str) -> list[Rule]:
    from importlib.util import find_spec

    spec = find_spec(package)
    if spec is None:
        raise PageError(f"its package {package} is not installed")
    folders = [Path(place) / "rules" for place in spec.submodule_search_locations or ()]
    pages = [rule for folder in folders if folder.is_dir() for rule in read_pages(folder, package)]
    if not pages:
        raise PageError(f"its package {package} has no rule pages in rules/<area>/<name>.md")
    return pages
