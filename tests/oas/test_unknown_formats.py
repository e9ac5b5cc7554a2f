"""A format that nobody knows is information, whatever else is edited beside it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.oas.worlds import contract, news_of, world_of

FORMATS: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
    ({}, {"format": "zz-map"}),
    ({"format": "zz-map"}, {}),
    ({"format": "zz-map"}, {"format": "zz-id"}),
)
BESIDES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({}, {"nullable": True}),
    ({"nullable": True}, {}),
    ({"description": "a"}, {"description": "b"}),
    ({"maxLength": 5}, {"maxLength": 7}),
    ({"maxLength": 7}, {"maxLength": 5}),
    ({"enum": ["aa", "bb"]}, {"enum": ["aa", "cc"]}),
)


def told(kind: str, formats: int, beside: int) -> list[Finding]:
    """What is said of a property with an edit of its format and another one."""
    base, revision = (
        {"type": "object", "properties": {"p": {"type": kind, **one, **other}}}
        for one, other in zip(FORMATS[formats], BESIDES[beside], strict=True)
    )
    old, new = (contract(schema) for schema in (base, revision))
    return news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))


@pytest.mark.parametrize(
    ("kind", "formats", "beside"),
    list(product(("string", "object"), range(len(FORMATS)), range(len(BESIDES)))),
)
def test_an_unknown_format_is_information(kind: str, formats: int, beside: int) -> None:
    found = told(kind, formats, beside)
    of_formats = [each for each in found if "zz-" in each.message]
    assert all(each.severity is Severity.INFO for each in of_formats), of_formats
