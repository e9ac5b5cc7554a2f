"""The cache of archlint that a test begins with: it knows the rules, and nothing of any repository.

In a source tree the index of the rules is made from their pages where the cache has none, which takes longer
than all else that most tests run.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from archlint.registry import load_rules

_INDEX, _NAMED = "rules.json", "ARCHLINT_CACHE_DIR"


def with_cache(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Variables for runs in a folder, with a cache beside it that is made once, if they name none."""
    if _NAMED in environment:
        return dict(environment)
    is_temporary = Path(gettempdir()) in folder.resolve().parents
    if not is_temporary:
        return {_NAMED: _beside_nothing().name, **environment}
    made = folder.parent / "archlint-cache"
    if not made.exists():
        made.mkdir()
        shutil.copy(Path(_with_rules().name, _INDEX), made)
    return {_NAMED: str(made), **environment}


@cache
def _beside_nothing() -> TemporaryDirectory[str]:
    """The cache of runs in folders that nothing may be written beside."""
    made = TemporaryDirectory()
    shutil.copy(Path(_with_rules().name, _INDEX), made.name)
    return made


@cache
def _with_rules() -> TemporaryDirectory[str]:
    """A cache with the rules alone; it is gone with the process."""
    made = TemporaryDirectory()
    load_rules(Path(made.name))
    return made
