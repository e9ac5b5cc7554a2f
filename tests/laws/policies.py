"""The table in ``docs/breaking-policies.md``: where the level is another than values would have it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archlint.finding import Severity
from tests.laws.documents import Way

TABLE = Path(__file__).parents[2] / "docs" / "breaking-policies.md"
_WAYS = {"request": (Way.WRITE,), "response": (Way.READ,), "both": (Way.WRITE, Way.READ)}


@dataclass(frozen=True)
class Policy:
    """One row of the table; ``level`` is ``None`` where nothing is told."""

    id: str
    ways: tuple[Way, ...]
    is_harm: bool
    """Whether it is about what values alone would call an error."""
    level: Severity | None


@cache
def policies() -> dict[str, Policy]:
    """The rows of the table by their ids."""
    found: dict[str, Policy] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if len(cells) != 6 or cells[1] not in _WAYS:
            continue
        name = cells[0].removeprefix("|").strip()
        level = None if cells[4] == "none" else Severity[cells[4].upper()]
        found[name] = Policy(name, _WAYS[cells[1]], cells[3] == "error", level)
    return found


def levels(names: Iterable[str], way: Way, is_harmed: bool) -> set[Severity | None]:
    """The levels that some policies give in a direction to what does harm, or to what does none."""
    rows = [row for row in (policies()[name] for name in names) if way in row.ways]
    found = {row.level for row in rows if row.is_harm is is_harmed}
    if is_harmed and Severity.INFO in found:  # taken for none, so what counts beside values counts again
        found |= {row.level for row in rows if not row.is_harm}
    return found
