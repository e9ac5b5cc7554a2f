"""Finds check functions by their rule's name in the modules of an area's package.

There is no list to keep: a function decorated with ``check``, ``join`` or ``change`` in
``archlint.checks.<area>`` is found, and a rule page in ``rules/<area>`` of the same name makes it a rule.

An area's package may say in ``KINDS`` which kinds of file its rules look at. Where no such file is, none of
its modules is imported; of the others those in whose text a rule that is wanted stands. A module may say in
``NEEDS`` which of these kinds of file or object, or which API groups, must be there for its rules to find
anything: words of ``engine.needs``, one of which is enough. A run pays for what it checks.
"""

from __future__ import annotations

import importlib
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from archlint.checks.declaration import DECLARATION, Check, Scope
from archlint.files import Kind
from archlint.finding.records import dataclass

_SCOPES = {"check": Scope.FILE, "join": Scope.WORLD, "change": Scope.CHANGE, "verdict": Scope.VERDICT}


@dataclass(frozen=True, slots=True)
class Announced:
    """What the text of a module says about a check: where it is, and how much it must see."""

    module: str
    scope: Scope
    needs: frozenset[str] = frozenset()
    """Words of which one must be there; empty for a check that may always have something to look at."""
    needs_at: str = ""
    """The file and the line that say so."""


@cache
def announced(package: str) -> dict[str, Announced]:
    """The checks that stand in the text of a package's modules, by rule name.

    A text may be out of reach or say it in other words, so what is missing here may be there all the same.
    Raises what importing the package raises.
    """
    found: dict[str, Announced] = {}
    for folder in getattr(importlib.import_module(package), "__path__", ()):
        found |= _announced_below(folder, package)
    return found


def _announced_below(folder: str, package: str) -> dict[str, Announced]:
    """The checks that stand in the modules of a folder and of those in it that are packages."""
    found: dict[str, Announced] = {}
    with suppress(OSError):  # what is imported need not lie in a folder
        for entry in os.scandir(folder):
            if entry.name.endswith(".py"):
                name = f"{package}.{entry.name.removesuffix('.py')}".removesuffix(".__init__")
                found |= _announced_in(Path(entry.path), name)
            elif Path(entry.path, "__init__.py").is_file():
                found |= _announced_below(entry.path, f"{package}.{entry.name}")
    return found


def _announced_in(path: Path, module: str) -> dict[str, Announced]:
    """The checks that stand in one module's text; cut at decorators, which is faster than an expression."""
    found: dict[str, Announced] = {}
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return found
    needs, line = _needs_in(text)
    needs_at = f"{path}:{line}" if needs else ""
    for part in text.split("\n@")[1:]:
        decorator, _, function = part.partition("\ndef ")
        scope = _SCOPES.get(decorator.partition("(")[0])
        if scope is not None and "\n" not in decorator:
            found[function.partition("(")[0].replace("_", "-")] = Announced(module, scope, needs, needs_at)
    return found


def _needs_in(text: str) -> tuple[frozenset[str], int]:
    """The words of ``NEEDS``, which is written as a tuple of texts, and the line where that begins."""
    before, _, rest = text.partition("\nNEEDS = (")
    if not rest:
        return frozenset(), 0
    code = "\n".join(line.partition("#")[0] for line in rest.split("\n"))
    words = code.partition(")")[0].replace("'", '"').split('"')[1::2]
    return frozenset(words), before.count("\n") + 2


def check_of(package: str, name: str) -> Check | None:
    """The check of a rule; raises what importing its module raises, or any of the package if need be."""
    told = announced(package).get(name)
    found = None if told is None else _declared_in(told.module).get(name)
    return checks_of(package).get(name) if found is None else found


@cache
def checks_of(package: str) -> dict[str, Check]:
    """All checks declared in the modules of a package, by rule name; raises what an import raises."""
    import pkgutil

    root = importlib.import_module(package)
    found = dict(_declared_in(package))
    for module in pkgutil.iter_modules(root.__path__):
        name = f"{package}.{module.name}"
        found |= checks_of(name) if module.ispkg else _declared_in(name)
    return found


@cache
def _declared_in(module: str) -> dict[str, Check]:
    members = vars(importlib.import_module(module)).values()
    declared = (getattr(member, DECLARATION, None) for member in members)
    return {check.name: check for check in declared if isinstance(check, Check)}


def looks_at(package: str) -> frozenset[Kind] | None:
    """The kinds of file that the rules of a package look at; ``None`` if it does not say."""
    kinds = getattr(importlib.import_module(package), "KINDS", None)
    if kinds is None:
        return None
    if unknown := sorted(set(map(str, kinds)).difference(Kind)):
        raise ValueError(f"KINDS of {package} has {unknown[0]!r}, which is no member of archlint.files.Kind")
    return frozenset(kinds)
