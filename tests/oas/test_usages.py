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


@pytest.mark.parametrize("where", ["query", "path", "cookie", "header"])
def test_values_that_are_listed_now_have_a_second_name_in_headers_alone(where: str) -> None:
    texts = [{"type": "string"}, {"type": "string", "enum": ["a"]}]
    sides = [contract_with([ITEMS[where](schema)], "call") for schema in texts]
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    (aliases,) = [each.aliases for each in found if each.rule != "contract-version-kept"]
    assert "oasdiff:request-parameter-became-enum" in aliases
    assert ("oasdiff:request-header-property-became-enum" in aliases) is (where == "header")


@pytest.mark.parametrize(
    "narrow",
    [
        *({"pattern": "^[a-z]+$"}, {"pattern": "^[0-9]+$"}, {"pattern": r"(?=x)(a)\1"}, {"pattern": "("}),
        *({"enum": ["a"]}, {"minLength": 3}, {"maxLength": 3}, {"format": "uuid"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("where", ["query", "path", "cookie", "header", "request text"])
def test_a_number_that_becomes_text_of_some_form_changes_its_type(where: str, narrow: dict[str, Any]) -> None:
    """What takes all texts takes all numbers; what takes some of them need not, also if nobody can tell."""
    sides = [
        contract_with([ITEMS[where](schema)], "call")
        for schema in ({"type": "integer"}, {"type": "string", **narrow})
    ]
    found = news_of(world_of({"a.json": sides[0]}, "base"), world_of({"a.json": sides[1]}))
    assert {each.severity.label for each in found if each.rule == "schema-type-changed"} == {"error"}
