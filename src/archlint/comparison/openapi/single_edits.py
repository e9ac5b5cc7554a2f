"""A schema with one of its edits made and no other: so each edit is judged by its own values.

What else was edited beside it then changes neither its level nor its proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archlint.comparison.openapi.schema_changes import (
    AlternativeChanged,
    ConstraintChanged,
    PropertyAdded,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    SchemaChange,
    Transition,
    TypeChanged,
    is_null,
    keywords_of,
)
from archlint.comparison.schemas.schema import Schema, schema_with

_DEEPEST = 20
"""Parts of parts that are looked into."""
_MEMBERS = (PropertyRequired, PropertyOptional, PropertyRemoved, PropertyAdded)


def singled_out(changes: Sequence[SchemaChange], before: Schema, after: Schema) -> dict[int, Schema | None]:
    """For each edit of values, by its index, the old schema with it alone; ``None`` where it cannot be told
    from another edit, or is not stated by the schema itself."""
    found: dict[int, Schema | None] = {}
    for group in _groups(changes):
        for at in group:
            found[at] = None if len(group) > 1 else _with(before, after, [changes[at]])
    return found


def made_together(
    changes: Sequence[SchemaChange], before: Schema, after: Schema
) -> list[tuple[list[int], Schema]]:
    """For edits that cannot be told from each other, as a format and the bounds that it stands for, by their
    indices, the old schema with all of them."""
    groups = [group for group in _groups(changes) if len(group) > 1]
    made = [(group, _with(before, after, [changes[at] for at in group])) for group in groups]
    return [(group, schema) for group, schema in made if schema is not None]


def _groups(changes: Sequence[SchemaChange]) -> list[list[int]]:
    """The indices of edits of values; those that change the same keywords together."""
    apart: list[list[int]] = []
    groups: list[tuple[frozenset[str], list[int]]] = []
    for at, change in enumerate(changes):
        keywords = keywords_of(change)
        if isinstance(change, _MEMBERS) or is_null(change):
            apart.append([at])
        elif keywords:
            near = [group for group in groups if group[0] & keywords]
            groups = [group for group in groups if not group[0] & keywords]
            indices = sorted([at, *(index for _, each in near for index in each)])
            groups.append((keywords.union(*(used for used, _ in near)), indices))
    return [*apart, *(indices for _, indices in groups)]


def with_all(changes: Iterable[SchemaChange], before: Schema, after: Schema) -> Schema | None:
    """The old schema with all edits; ``None`` if one of them is not stated by the schema itself."""
    edits = [change for change in changes if keywords_of(change)]
    if not edits or any(_with(before, after, [change]) is None for change in edits):
        return None
    return _with(before, after, edits)


def _with(before: Schema, after: Schema, edits: Iterable[SchemaChange]) -> Schema | None:
    """The edits made where the schema states them, also in parts of ``allOf`` that are on both sides."""
    edits = list(edits)
    made = _made(before, after, edits, _DEEPEST)
    if made is not before:
        return made
    return before if all(map(_is_meaningless, edits)) and _has_like_parts(before, after) else None


def _is_meaningless(change: SchemaChange) -> bool:
    """Whether an edit may stand in a schema and change no value: formats that nobody knows."""
    return isinstance(change, TypeChanged) and change.is_format_only


def _has_like_parts(before: Schema, after: Schema) -> bool:
    """Whether each part of the one can be told to stand for a part of the other."""
    return all(
        len(before.keywords.get(keyword, ())) == len(after.keywords.get(keyword, ()))
        for keyword in ("allOf", "anyOf", "oneOf")
    )


def _made(before: Schema, after: Schema, edits: list[SchemaChange], depth: int) -> Schema | None:
    found = dict(before.keywords)
    for change in edits:
        if isinstance(change, AlternativeChanged) and (change.is_wrapped or change.is_unwrapped):
            return None  # the schema as a whole is another one
        if is_null(change):
            _take_null(found, after.keywords)
        elif isinstance(change, _MEMBERS):
            _take_member(found, after.keywords, change)
        elif _is_moved(change, found, after.keywords):
            return None  # a part states it now
        else:
            for keyword in keywords_of(change):
                _take(found, keyword, after.keywords.get(keyword))
    parts, others = found.get("allOf", ()), after.keywords.get("allOf", ())
    if depth and parts and len(parts) == len(others):
        made = [_made(part, other, edits, depth - 1) for part, other in zip(parts, others, strict=True)]
        if None in made:
            return None
        found["allOf"] = tuple(made)
    for keyword in ("anyOf", "oneOf"):
        branches = _branch_made(found.get(keyword, ()), after.keywords.get(keyword, ()), edits, depth)
        if branches is None:
            return None
        found |= {keyword: branches} if branches else {}
    return before if found == before.keywords else schema_with(**found)


def _is_moved(change: SchemaChange, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a limit that is other now is no longer stated where it was."""
    used = keywords_of(change)
    is_kept = isinstance(change, ConstraintChanged) and change.transition is not Transition.UNSET
    return is_kept and not used.isdisjoint(before) and used.isdisjoint(after)


def _branch_made(
    branches: tuple[Schema, ...], others: tuple[Schema, ...], edits: list[SchemaChange], depth: int
) -> tuple[Schema, ...] | None:
    """The branches of a choice between null and one other schema, which is told as that schema, with edits
    made in it; none if there is no such choice."""
    lone, other = (
        [at for at, branch in enumerate(each) if not _is_only_null(branch)] for each in (branches, others)
    )
    if not depth or len(lone) != 1 or len(other) != 1 or len(branches) != len(others):
        return ()
    made = _made(branches[lone[0]], others[other[0]], edits, depth - 1)
    return None if made is None else (*branches[: lone[0]], made, *branches[lone[0] + 1 :])


def _is_only_null(schema: Schema) -> bool:
    return schema.keywords.get("type") == frozenset(("null",)) or schema.keywords.get("enum") == (None,)


def _take(found: dict[str, Any], keyword: str, value: Any) -> None:
    if value is None:
        found.pop(keyword, None)
    else:
        found[keyword] = value


def _take_null(found: dict[str, Any], after: Any) -> None:
    """Whether null is one of the types, and of the listed values."""
    types, others = found.get("type"), after.get("type")
    if types is not None and others is not None:
        found["type"] = types - {"null"} | (others & {"null"})
    listed, others = found.get("enum"), after.get("enum")
    if listed is not None and others is not None and (None in listed) is not (None in others):
        rest = tuple(value for value in listed if value is not None)
        found["enum"] = (*rest, None) if None in others else rest


def _take_member(found: dict[str, Any], after: Any, change: SchemaChange) -> None:
    name = getattr(change, "name", "")
    needed = found.get("required", frozenset()) - {name}
    found["required"] = needed | (after.get("required", frozenset()) & {name})
    if not isinstance(change, PropertyOptional):
        members = dict(found.get("properties", {}))
        _take(members, name, after.get("properties", {}).get(name))
        found["properties"] = members
    for keyword in ("required", "properties"):
        if not found.get(keyword):
            found.pop(keyword, None)
