"""Finds check functions by their rule's name: every module of an area's package is looked through.

There is no list to keep: a function decorated with ``check``, ``join`` or ``change`` in
``archlint.checks.<area>`` is found, and a rule page in ``rules/<area>`` of the same name makes it a rule.

An area's package may say in ``KINDS`` which kinds of file its rules look at. Where no such file is, none of
its modules is imported: a run pays for what it checks.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from archlint.checks.declaration import DECLARATION, Check
from archlint.files import Kind


@cache
def checks_of(package: str) -> dict[str, Check]:
    """All checks declared in the modules of a package, by rule name; raises what an import raises."""
    found: dict[str, Check] = {}
    root = importlib.import_module(package)
    names = [package, *(f"{package}.{module.name}" for module in pkgutil.iter_modules(root.__path__))]
    for name in names:
        for value in vars(importlib.import_module(name)).values():
            declared = getattr(value, DECLARATION, None)
            if isinstance(declared, Check):
                found[declared.name] = declared
    return found


def looks_at(package: str) -> frozenset[Kind] | None:
    """The kinds of file that the rules of a package look at; ``None`` if it does not say."""
    kinds = getattr(importlib.import_module(package), "KINDS", None)
    return None if kinds is None else frozenset(kinds)
