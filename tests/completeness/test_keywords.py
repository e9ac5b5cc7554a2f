"""Every keyword of a schema is added, removed and changed in every position; values tell what that breaks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from archlint.finding import Finding, Severity
from tests.completeness.fields import DIALECTS
from tests.completeness.keywords import UNTESTED, WAIVED, Edit, edits_of, keywords_of
from tests.completeness.samples import COMPONENTS, breaks_request, breaks_response
from tests.oas.worlds import contract, news_of, world_of
from tests.support.sampling import share_of

_Wrap = Callable[[Any], Any]
POSITIONS: dict[str, tuple[_Wrap, _Wrap]] = {
    "body": (lambda schema: schema, lambda value: value),
    "property": (lambda schema: {"type": "object", "properties": {"p": schema}}, lambda value: {"p": value}),
    "items": (lambda schema: {"type": "array", "items": schema}, lambda value: [value]),
    "map": (lambda schema: {"type": "object", "additionalProperties": schema}, lambda value: {"p": value}),
    "allOf": (lambda schema: {"allOf": [schema, {"title": "more"}]}, lambda value: value),
    "anyOf": (lambda schema: {"anyOf": [schema, {"type": "string", "enum": ["~"]}]}, lambda value: value),
}
"""Where a schema stands, and the value that it is about."""
PLACED = [
    (dialect, position)
    for dialect in DIALECTS
    for position in POSITIONS
    if dialect != "3.2" or position in ("property", "body")  # the schemas of 3.2 are those of 3.1
]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_keyword_has_an_edit(dialect: str) -> None:
    known = {edit.keyword for edit in edits_of(dialect)} | set(UNTESTED)
    assert not keywords_of(dialect) - known


@pytest.mark.parametrize(("dialect", "position"), PLACED)
def test_each_edit_is_judged_as_values_tell(dialect: str, position: str) -> None:
    problems = []
    wrap, wrap_value = POSITIONS[position]
    for edit in _edits_at(position, dialect):
        samples = [wrap_value(value) for value in edit.samples]
        for name, base, revision in edit.schemas():
            problem = _problem((name, edit.keyword), (wrap(base), wrap(revision)), samples, dialect)
            if problem:
                problems.append(f"{name} {edit.keyword} in {position}: {base} -> {revision}: {problem}")
    assert not problems, "\n" + "\n".join(problems)


def _edits_at(position: str, dialect: str) -> list[Edit]:
    """All edits by themselves and as a property; elsewhere others at each position."""
    turn = list(POSITIONS).index(position)
    edits = edits_of(dialect)
    return list(edits) if position in ("body", "property") else share_of(edits, 3, turn)


def _problem(edit: tuple[str, str], sides: tuple[Any, Any], samples: list[Any], dialect: str) -> str:
    (name, keyword), (base, revision) = edit, sides
    found = _findings(base, revision, dialect)
    if keyword in WAIVED:
        is_told = found and (keyword not in _NAMING or _worst(found) != "info")
        return f"waived, and {_worst(found)} reported" if is_told else ""
    expected = {
        "POST": breaks_request(base, revision, samples, dialect),
        "GET": breaks_response(base, revision, samples, dialect),
    }
    if keyword == "properties" and name in _DESCRIBING:
        expected[_DESCRIBING[name]] = False
    says_nothing = base == revision or not samples
    if not found and not says_nothing and (any(expected.values()) or keyword not in _SILENT):
        return "nothing reported"
    for method, is_break in expected.items():
        hit = [finding for finding in found if finding.operations[0].method == method]
        worst = _worst(hit)
        if is_break and worst not in ("error", "warning"):
            return f"{method} breaks, and {worst} is reported"
        if not is_break and worst == "error" and samples and keyword not in _STRICTER:
            return f"{method} breaks nothing, and {sorted(each.rule for each in hit)} is an error"
    return ""


_DESCRIBING = {"add": "POST", "remove": "GET"}
"""Where a member is described for the first time, or no longer: the policy ``member-described``."""
_SILENT = frozenset(
    ("uniqueItems", "nullable", "deprecated", "exclusiveMaximum", "exclusiveMinimum", "items")
)
"""Keywords that may be written down without saying anything."""
_NAMING = frozenset(("title",))
"""Keywords that name a branch of a choice; that the name is another one may be told."""
_STRICTER: frozenset[str] = frozenset()
"""Keywords that are judged more strictly than values tell."""


def _worst(findings: list[Finding]) -> str:
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    found = {finding.severity for finding in findings}
    return next((level.name.lower() for level in order if level in found), "nothing")


def _findings(base: Any, revision: Any, dialect: str) -> list[Finding]:
    sides = []
    for schema in (base, revision):
        document = contract(copy.deepcopy(schema), f"{dialect}.0")
        document["components"]["schemas"].update(COMPONENTS)
        sides.append(document)
    found = news_of(world_of({"openapi.json": sides[0]}, "base"), world_of({"openapi.json": sides[1]}))
    return [finding for finding in found if finding.operations]
