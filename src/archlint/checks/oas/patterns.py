"""Regular expressions in schemas: whether they are any, and whether they can take forever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from warnings import catch_warnings, simplefilter

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import operation_of, short, spectral
from archlint.comparison.schemas.definitions import is_pattern
from archlint.comparison.schemas.languages import Unsupported, parse_pattern
from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.model.openapi import Contract

_CLASS_RANGE = regex(r"(\\[dwsDWS])-")
_MANY = 20
"""A repetition of at least this many counts as endless: 2 to this power is already too much work."""


def _patterns(contract: Contract) -> Iterator[tuple[Node, str]]:
    """Every pattern, at the element that states it: a value, or the key of ``patternProperties``."""
    for schema in contract.elements.schemas:
        stated = schema.get("pattern")
        if stated.text is not None:
            yield stated, stated.text
        for name, member in schema.get("patternProperties").items():
            yield member, name


@check(Contract)
def pattern_invalid(contract: Contract, options: Options) -> Iterator[Observation]:
    """Patterns that no engine reads as a regular expression."""
    for node, text in _patterns(contract):
        reason = None if is_pattern(text) else _complaint(text)
        if reason is not None:
            is_key = node.text is None
            yield observe(
                node.place() if is_key else node.value_place(),
                operations=operation_of(node),
                aliases=["openapi:schema-violation", *spectral(contract, "schema")],
                pattern=short(text),
                reason=reason,
            )


def _complaint(text: str) -> str | None:
    """Why a text is no regular expression; ``None`` if some engine can read it."""
    try:
        parse_pattern(text)
    except Unsupported:
        pass
    else:
        return None
    written = _CLASS_RANGE.sub(r"\1\\-", text).replace("[^]", "[^a]")
    written = re.sub(r"\(\?<(?=\w+>)", "(?P<", re.sub(r"\\k<(\w+)>", r"(?P=\1)", written))
    try:
        with catch_warnings():
            simplefilter("ignore")
            re.compile(written)
    except re.error as error:
        return str(error)
    except (OverflowError, RecursionError, ValueError):
        return None  # too large for this engine, which says nothing of others
    return None


@check(Contract)
def pattern_explosive(contract: Contract, options: Options) -> Iterator[Observation]:
    """Patterns for which some texts take a backtracking engine exponential time."""
    for node, text in _patterns(contract):
        try:
            found = _explosion(parse_pattern(text), False)
        except Unsupported:
            continue
        if found:
            is_key = node.text is None
            yield observe(
                node.place() if is_key else node.value_place(),
                operations=operation_of(node),
                pattern=short(text),
            )


def _explosion(tree: Any, may_fail: bool) -> bool:
    """Whether a repetition repeats something that can take the same text in several ways.

    ``may_fail``: something behind the tree may still not match, so that the engine goes back to try all ways.
    """
    kind = tree[0]
    if kind == "seq":
        parts = tree[1]
        return any(
            _explosion(part, may_fail or any(map(_can_fail, parts[at + 1 :])))
            for at, part in enumerate(parts)
        )
    if kind == "alt":
        return any(_explosion(part, may_fail) for part in tree[1])
    if kind == "repeat":
        is_endless = tree[3] is None or tree[3] >= _MANY
        return (is_endless and may_fail and _is_ambiguous(tree[1])) or _explosion(tree[1], may_fail)
    return bool(kind == "ahead") and _explosion(tree[1], True)


def _can_fail(tree: Any) -> bool:
    """Whether a tree does not match everywhere."""
    if tree[0] == "seq":
        return any(map(_can_fail, tree[1]))
    if tree[0] == "alt":
        return all(map(_can_fail, tree[1]))
    if tree[0] == "repeat":
        return bool(tree[2]) and _can_fail(tree[1])
    return True


def _is_ambiguous(tree: Any) -> bool:
    """Whether two rounds of a repetition can take what one round takes as well."""
    if tree[0] == "seq":
        needed = [part for part in tree[1] if not _may_be_empty(part)]
        if len(needed) == 1:
            return _is_ambiguous(needed[0])
        return not needed and any(_is_endless(part) for part in tree[1])
    if tree[0] == "repeat":
        return _is_endless(tree) or _is_ambiguous(tree[1])
    if tree[0] == "alt":
        return any(map(_is_ambiguous, tree[1])) or _overlap(tree[1])
    return False


def _is_endless(tree: Any) -> bool:
    return bool(tree[0] == "repeat" and (tree[3] is None or tree[3] >= _MANY))


def _may_be_empty(tree: Any) -> bool:
    if tree[0] == "seq":
        return all(map(_may_be_empty, tree[1]))
    if tree[0] == "alt":
        return any(map(_may_be_empty, tree[1]))
    if tree[0] == "repeat":
        return not tree[2] or _may_be_empty(tree[1])
    return bool(tree[0] != "chars")


def _overlap(branches: Any) -> bool:
    """Whether two branches are single characters, or some repeated, that have one in common."""
    single = [part[1] for part in branches if part[0] == "chars"]
    return any(
        low <= high_b and low_b <= high
        for at, one in enumerate(single)
        for other in single[at + 1 :]
        for low, high in one
        for low_b, high_b in other
    )
