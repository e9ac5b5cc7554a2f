"""Which members of an object a schema and what it always applies have looked at.

``unevaluatedProperties`` speaks of all the others; of none where something beside it looks at all. Where a
choice (``anyOf``, ``oneOf``, ``if``) decides which members were looked at, there is no such list of names,
and nothing is concluded.
"""

from __future__ import annotations

from archlint.comparison.schemas.schema import Schema

_CHOICES = ("anyOf", "oneOf")
_MANY = 200


def evaluated_names(schema: Schema) -> tuple[set[str] | None, tuple[str, ...]]:
    """Names and patterns of names that are looked at for every valid object; ``None`` if that
    depends on it."""
    names: set[str] = set()
    found_patterns: set[str] = set()
    waiting = [schema]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        keywords = current.keywords
        if len(seen) > _MANY or _depends(current, schema):
            return None, ()
        names.update(keywords.get("properties", ()))
        found_patterns.update(keywords.get("patternProperties", ()))
        waiting.extend(keywords.get("allOf", ()))
    return names, tuple(sorted(found_patterns))


LOOKING_AT_ALL = {
    "unevaluatedProperties": ("object", frozenset(("additionalProperties", "unevaluatedProperties"))),
    "unevaluatedItems": ("array", frozenset(("items", "unevaluatedItems"))),
}
"""What an unevaluated keyword is about, and the keywords that look at all members or items that are left."""


def leaves_none(schema: Schema, keyword: str) -> bool:
    """Whether what stands beside an unevaluated keyword has looked at all members, or items, already."""
    kind, looking = LOOKING_AT_ALL[keyword]
    return _looks_at_all(schema, kind, looking - {keyword}, looking, _DEEPEST)


_DEEPEST = 20
"""Parts and branches within one another that are looked into."""


def _looks_at_all(schema: Schema, kind: str, here: frozenset[str], below: frozenset[str], depth: int) -> bool:
    keywords = schema.keywords
    if here & keywords.keys():
        return True
    if not depth:
        return False
    if any(_looks_at_all(part, kind, below, below, depth - 1) for part in keywords.get("allOf", ())):
        return True
    return any(
        all(
            kind not in branch.keywords.get("type", (kind,))
            or _looks_at_all(branch, kind, below, below, depth - 1)
            for branch in keywords[name]
        )
        for name in _CHOICES
        if keywords.get(name)
    )


def _depends(current: Schema, root: Schema) -> bool:
    keywords = current.keywords
    if "additionalProperties" in keywords or "unknown" in keywords:
        return True
    if current is not root and "unevaluatedProperties" in keywords:
        return True
    choices = [child for name in _CHOICES for child in keywords.get(name, ())]
    choices.extend(keywords[name] for name in ("if", "then", "else") if name in keywords)
    choices.extend(keywords.get("dependentSchemas", {}).values())
    return any(_looks(child) for child in choices)


def _looks(schema: Schema) -> bool:
    """Whether a schema may look at members at all."""
    waiting, seen = [schema], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        keywords = current.keywords
        looking = (
            "properties",
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "unknown",
        )
        if any(name in keywords for name in looking) or len(seen) > _MANY:
            return True
        for name in ("allOf", "anyOf", "oneOf"):
            waiting.extend(keywords.get(name, ()))
        waiting.extend(keywords[name] for name in ("if", "then", "else") if name in keywords)
        waiting.extend(keywords.get("dependentSchemas", {}).values())
    return False
