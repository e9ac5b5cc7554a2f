"""Defects whose text says itself where they are."""

from __future__ import annotations

from collections.abc import Mapping

from tests.defects.defects import Defect, Line
from tests.metamorphic.repositories import Files

_HERE, _OTHER = " #HERE", " #OTHER"


def marked(files: Files, what: str, made: Mapping[str, str]) -> Defect:
    """A repository with further files, or other texts for some of its own. A line that ends in ``#HERE`` is
    where the finding may stand, one that ends in ``#OTHER`` is the other side of the join, one that ends in
    both is either."""
    places: set[Line] = set()
    others: set[Line] = set()
    texts = {}
    for path, text in made.items():
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            places |= {(path, number)} if _HERE in line else set()
            others |= {(path, number)} if _OTHER in line else set()
        texts[path] = "\n".join(line.replace(_HERE, "").replace(_OTHER, "") for line in lines)
    return Defect(what, {**files, **texts}, frozenset(places), frozenset(others))
