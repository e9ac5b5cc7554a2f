"""The shop shows every area: its clean variant gives nothing, its broken one exactly what is documented."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.inside import archlint

SHOP = Path(__file__).parents[2] / "fixtures" / "shop"
ROW = re.compile(r"^\| `?([^`|]+?)`? \| (\d+) \| `?([a-z0-9-]+)`? \|", re.MULTILINE)
TODAY = ("--today", "2026-01-01")

Place = tuple[str, int, str]


def documented(section: str) -> Counter[Place]:
    """File, line and rule of each row of one table."""
    text = (SHOP / "broken" / "DEFECTS.md").read_text("utf-8")
    inside, _, against = text.partition("\n## Breaking")
    assert against, "the document has a section about what breaks against the clean variant"
    rows = ROW.findall(inside if section == "inside" else against)
    return Counter((path, int(line), rule) for path, line, rule in rows)


def found(findings: Iterable[dict[str, Any]]) -> Counter[Place]:
    """File, line and rule of each finding, the file relative to the broken variant."""
    prefix = "fixtures/shop/broken/"
    return Counter((item["path"].removeprefix(prefix), item["line"], item["rule"]) for item in findings)


def test_clean_gives_nothing() -> None:
    done = archlint("check", "fixtures/shop/clean", "--format", "json", *TODAY, cwd=SHOP.parents[1])
    assert found(done.report["findings"]) == Counter()
    assert done.code == 0


def test_broken_gives_what_is_documented() -> None:
    """Rules of the strict profile that no row names are left out: most of them are about style."""
    expected = documented("inside")
    named = ",".join(sorted({rule for _, _, rule in expected}))
    arguments = ("check", "fixtures/shop/broken", "--select", named, "--format", "json", *TODAY)
    seen = found(archlint(*arguments, cwd=SHOP.parents[1]).report["findings"])
    assert (sorted(expected - seen), sorted(seen - expected)) == ([], [])


UNCOMPARED = frozenset(("openapi-structure-invalid", "unresolved-reference", "parse-error"))
"""Rules that tell why a part of a contract could not be compared; they are documented with what is inside."""


def test_broken_breaks_what_is_documented() -> None:
    """What hurts nobody, as a changelog lists it, has no row."""
    arguments = ("breaking", "fixtures/shop/clean", "fixtures/shop/broken", "--format", "json", *TODAY)
    done = archlint(*arguments, cwd=SHOP.parents[1])
    harmful = [item for item in done.report["findings"] if item["severity"] != "info"]
    seen, expected = found(harmful), documented("breaking")
    uncompared = Counter({row: 1 for row in documented("inside") if row[2] in UNCOMPARED})
    assert not [row for row in seen if row[2] in UNCOMPARED and row not in uncompared]
    seen -= uncompared
    assert (sorted(expected - seen), sorted(seen - expected)) == ([], [])
    assert done.code == 1
