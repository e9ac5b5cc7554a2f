"""Wherever an operation uses a schema, an edit is one finding, judged as values are written there."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from archlint.finding import Finding
from tests.oas.usages import ITEMS, REALMS, contract_with
from tests.oas.worlds import news_of, world_of

EDITS: dict[str, tuple[Any, Any]] = {
    "number to text": ({"type": "integer"}, {"type": "string"}),
    "text to number": ({"type": "string"}, {"type": "integer"}),
    "value gone": ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}),
    "longer": ({"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 4}),
    "null": ({"type": "string"}, {"type": ["string", "null"]}),
}
RECEIVED = {True: ("value gone",), False: ("longer",)}
"""Which edits break, by whether the schema is of what the provider receives."""
JSON = re.compile(r"(request|response)( property( of .*)?| items)?")
"""Where values are JSON."""
NAMES = {
    "request": "request-body",
    "request xml": "request-body",
    "request text": "request-body",
    "request form": "request-property",
    "request property": "request-property",
    "request items": "request-property",
    "request xml property": "request-property",
    "response property": "response-property",
    "response items": "response-property",
    "response xml property": "response-property",
    "response header": "response-header",
    "response header property": "",
    "query": "request-parameter",
    "path": "request-parameter",
    "cookie": "request-parameter",
    "header": "request-parameter",
    "query property": "request-parameter-property",
    "query items": "request-parameter-property",
    "header property": "request-parameter-property",
}
"""How names that oasdiff has begin, by place; elsewhere as those of the body of a response."""


def found_at(where: str, realm: str) -> dict[str, list[Finding]]:
    """What is found for each edit."""
    sides = [contract_with([ITEMS[where](edit[side]) for edit in EDITS.values()], realm) for side in (0, 1)]
    worlds = world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]})
    found = defaultdict(list)
    for finding in news_of(*worlds):
        if finding.rule != "contract-version-kept":
            at = re.search(r"/(?:~1v1~1a|w|c)(\d)", str(finding.location.pointer))
            assert at is not None, finding
            found[list(EDITS)[int(at[1])]].append(finding)
    return found


def breaking(where: str, realm: str) -> set[str]:
    """The edits that break."""
    is_received = where.startswith("response") is not (realm == "call")
    types = {"number to text", "text to number"}
    if JSON.fullmatch(where):
        return {*types, *RECEIVED[is_received], *(() if is_received else ("null",))}
    if where.endswith("xml"):  # an object is written there; for anything else it is not known how
        return {*types, *RECEIVED[is_received], *(() if is_received else ("null",))}
    return {"text to number" if is_received else "number to text", *RECEIVED[is_received]}


@pytest.mark.parametrize("realm", REALMS)
@pytest.mark.parametrize("where", ITEMS)
def test_an_edit_is_one_finding_judged_as_values_are_written(where: str, realm: str) -> None:
    found = found_at(where, realm)
    assert {edit: len(findings) for edit, findings in found.items()} == dict.fromkeys(EDITS, 1)
    severities = {edit: finding.severity.label for edit, (finding,) in found.items()}
    assert severities == {edit: "error" if edit in breaking(where, realm) else "info" for edit in EDITS}
    names = {edit: finding.aliases for edit, (finding,) in found.items()}
    begin = NAMES.get(where.partition(" of ")[0], "response-") if realm != "callback" else ""
    assert all(
        name.startswith(f"oasdiff:{begin}-".replace("--", "-")) for each in names.values() for name in each
    )
    assert bool(names["number to text"]) is bool(begin)
