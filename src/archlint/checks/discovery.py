"""Finds check functions by their rule's name: every module of an area's package is looked through.

There is no list to keep: a function decorated with ``check``, ``join`` or ``change`` in
``archlint.checks.<area>`` is found, and a rule page in ``rules/<area>`` of the same name makes it a rule.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from archlint.checks.declaration import DECLARATION, Check


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
