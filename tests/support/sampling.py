"""How much of a law with thousands of members a run of the tests takes; `make thorough` takes all of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TypeVar

Member = TypeVar("Member")
IS_THOROUGH = "ARCHLINT_THOROUGH" in os.environ


def usually(few: int, many: int) -> int:
    """So many cases in a run of the tests, and so many where there is time."""
    return many if IS_THOROUGH else few


def parts_of(members: Sequence[Member], count: int, turn: int) -> Iterator[list[Member]]:
    """The members in so many parts of equal size, beginning with another one in each turn; a thorough run has
    one part with all."""
    if IS_THOROUGH:
        yield [*members]
        return
    for number in range(count):
        yield [*members[(turn + number) % count :: count]]


def share_of(members: Sequence[Member], count: int, turn: int) -> list[Member]:
    """One of so many parts; laws that take turns reach each member together."""
    return next(parts_of(members, count, turn))
