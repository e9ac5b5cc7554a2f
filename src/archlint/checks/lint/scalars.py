"""Plain scalars that are no string where a string is needed."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.scalars import MisreadString


@check(MisreadString)
def ambiguous_scalar(value: MisreadString, options: Options) -> Iterator[Observation]:
    """A value without quotes that some reader of the file takes for a number, a boolean or nothing."""
    yield observe(
        value.node.value_place(),
        value.reader,
        where=value.where,
        text=value.written,
        reading=value.reading,
    )
