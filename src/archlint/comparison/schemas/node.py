"""Schemas as nodes of a graph: lowered keywords, made when they are first asked for.

A reference is an edge to its target, so recursion is a cycle and nothing is copied. Keywords keep their
2020-12 names and have one form each:

* ``type``: a frozen set of type names; ``enum``: a tuple of values (``const`` is an enum of one);
* numbers as ``int`` or ``Fraction``, lengths and counts as ``int``; ``uniqueItems`` only if true;
* schemas as nodes: alone, in tuples or in maps; ``required`` a frozen set, ``dependentRequired`` a map of
  these;
* ``unknown``: texts of the keywords that nothing here understands;
* ``text``: for values that are text on the wire, what the text of a number or boolean has to fulfil as a
  string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

ALONE = frozenset(
    (
        *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties", "text"),
    )
)
"""Keywords whose value is one schema."""
TUPLES = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
"""Keywords whose value is a list of schemas."""
MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
"""Keywords whose value is a map of schemas."""
IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"))
"""Keywords whose schemas look at the same value."""
FOLLOWED = frozenset(
    ("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "items", "prefixItems")
)
SHAPING = frozenset(("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"))

Keywords = Mapping[str, Any]


class Node:
    """One schema of a graph. Its keywords never change once they are there."""

    __slots__ = ("_keywords", "_make", "_produced", "base", "digest", "views")

    def __init__(self, make: Callable[[], Keywords] | None = None, keywords: Keywords | None = None) -> None:
        self._make = make
        self._keywords = keywords
        self._produced: Node | None = None
        self.base: Node | None = None
        """The schema without the producer rule, if this is a schema under it."""
        self.digest: bytes | None = None
        """What ``identity.key`` found; equal for equal schemas only."""
        self.views: dict[Any, Any] = {}
        """What others derived from this node and keep with it."""

    @property
    def keywords(self) -> Keywords:
        """The keywords in the forms that this module lists."""
        if self._keywords is None:
            assert self._make is not None
            self._keywords = self._make()
            self._make = None
        return self._keywords

    @property
    def plain(self) -> Node:
        """The schema itself, without the producer rule."""
        return self.base or self

    def children(self) -> Iterator[tuple[str, Node]]:
        """Every schema directly below with the keyword it stands at, in an order that depends on names
        alone."""
        for name, value in sorted(self.keywords.items()):
            if name in ALONE:
                yield name, value
            elif name in TUPLES:
                for child in value:
                    yield name, child
            elif name in MAPS:
                for _, child in sorted(value.items()):
                    yield name, child


def node(**keywords: Any) -> Node:
    """A schema made of keywords in their lowered form."""
    return Node(keywords=keywords)


TRUE = node()
"""Every value."""
FALSE = node(enum=())
"""No value."""


def is_true(schema: Node) -> bool:
    """Whether the schema says nothing at all."""
    return not schema.keywords


def says_only_more(keywords: Keywords) -> bool:
    """Whether ``additionalProperties: true`` stands beside declared names: it is the default, and names
    nothing."""
    more = keywords.get("additionalProperties")
    return more is not None and is_true(more) and bool({"properties", "patternProperties"} & keywords.keys())


def produced(schema: Node) -> Node:
    """The values of the schema that a sender makes who follows its own document.

    Such a sender uses only names that the document declares: in ``properties``, in ``patternProperties``, or
    by a schema for ``additionalProperties``. ``additionalProperties: true`` says no more than its absence
    and declares nothing, except where it is all that is said: a free-form object stays one.
    """
    if schema.base is not None:
        return schema
    if schema._produced is None:
        made = Node(lambda: _produced_keywords(schema.keywords))
        made.base = schema
        schema._produced = made
    return schema._produced


def _produced_keywords(keywords: Keywords) -> Keywords:
    found = dict(keywords)
    for name in FOLLOWED & keywords.keys():
        value = keywords[name]
        if name in ALONE:
            found[name] = produced(value)
        elif name in TUPLES:
            found[name] = tuple(produced(child) for child in value)
        else:
            found[name] = {key: produced(child) for key, child in value.items()}
    for name in SHAPING & keywords.keys():
        value = keywords[name]
        found[name] = (
            {key: produced(child) for key, child in value.items()} if name in MAPS else produced(value)
        )
    return found
