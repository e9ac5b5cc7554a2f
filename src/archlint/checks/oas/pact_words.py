"""How messages speak of what a Pact file expects, without the values that it has."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.comparison.evidence.pact_parts import TYPE_WORDS
from archlint.comparison.evidence.pact_reading import Unmet
from archlint.finding.articles import with_article
from archlint.model.evidence.pact_values import Expected
from archlint.model.openapi import Contract

_LONGEST = 60


def part_words(unmet: Unmet) -> str:
    """A header, or the way to a part of a body."""
    if not unmet.header:
        return way_words(unmet.way)
    inner = f" in {way_words(unmet.way)}" if unmet.way else ""
    return f"the header '{unmet.header[:_LONGEST]}'{inner}"


def way_words(way: Sequence[str]) -> str:
    """The way to a part of a body: ``items[*].price``; the body itself is called so."""
    found = ""
    for step in way:
        if step == "*" or step.isdigit():
            found += f"[{step}]"
        else:
            found += f".{step}" if found else step
    return f"'{found[:_LONGEST]}'" if found else "the body"


def expected_words(expected: Expected) -> str:
    """What is expected of a value, by type and length."""
    own = expected.own
    if "const" in own or "enum" in own:
        value = own["const"] if "const" in own else own["enum"][0]
        return "null" if value is None else f"{_shape(value)} that is stated"
    if own.get("type") == "number" and "not" in own:
        return "a number with decimals"
    if "title" in own:
        return f"{with_article(own['title'])} in a form of its own"
    kind = TYPE_WORDS.get(str(own.get("type")), "a value")
    return f"{kind} that fits a pattern" if "pattern" in own else kind


def _shape(value: object) -> str:
    if isinstance(value, str):
        return f"a string of {len(value)} character{'' if len(value) == 1 else 's'}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "an object"
    return "an integer" if isinstance(value, int) else "a number"


def masked_path(path: str, contract: Contract) -> str:
    """A path of which only those words are shown that some path of the contract has."""
    known = {part for item in contract.path_items for part in item.template.split("/")}
    for _, base in contract.base_paths:
        known.update(base.split("/"))
    return "/".join(part if part in known else "{...}" for part in path.split("/"))[:200]
