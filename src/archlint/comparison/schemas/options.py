"""How the truth or the falsehood of an item comes about, as a choice between lists of signed items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from archlint.comparison.schemas.clauses import Item, Option, Row, Shape, clauses, required, schema_item
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import Schema, is_true

Apart = Callable[[Schema, Schema], bool]
"""Whether it is plain that no value fulfils both schemas."""


def options(sign: bool, item: Item, kind: str, apart: Apart, loose: bool) -> list[Option] | None:
    """The choices; none at all: it cannot be so. ``None``: the item is a condition on the value itself."""
    if item.kind == "schema":
        return None if sign else list(_failing(item.value, kind, apart, loose))
    made = _CHOICES.get((item.kind, sign))
    if made is not None:
        return list(made(item))
    if item.kind == "one":
        return list(_exactly_one(item) if sign else _not_exactly_one(item, apart))
    return None


def _failing(schema: Schema, kind: str, apart: Apart, loose: bool) -> Iterator[Option]:
    for item in clauses(schema, kind, loose) or ():
        if item.kind == "schema":
            yield ((False, item),)
            continue
        choices = options(False, item, kind, apart, loose)
        if choices is None:
            yield ((False, item),)
        else:
            yield from choices


def _any(item: Item) -> Iterator[Option]:
    for schema in item.value:
        chosen: Option = ((True, schema_item(schema)),)
        others = tuple(other for other in item.value if other is not schema)
        if schema.base is not None and others:
            chosen = (*chosen, (True, Item("maybe", others, ("maybe", *(key(other) for other in others)))))
        yield chosen


def _none(item: Item) -> Iterator[Option]:
    yield tuple((False, schema_item(schema.plain)) for schema in item.value)


def _exactly_one(item: Item) -> Iterator[Option]:
    for index, schema in enumerate(item.value):
        others = (other.plain for at, other in enumerate(item.value) if at != index)
        yield ((True, schema_item(schema)), *((False, schema_item(other)) for other in others))


def _not_exactly_one(item: Item, apart: Apart) -> Iterator[Option]:
    yield from _none(item)
    for one, other in combinations(item.value, 2):
        if not apart(one.plain, other.plain):
            yield ((True, schema_item(one.plain)), (True, schema_item(other.plain)))


def _if(item: Item) -> Iterator[Option]:
    test, then, otherwise = item.value
    yield ((True, schema_item(test)), (True, schema_item(then)))
    yield ((False, schema_item(test.plain)), (True, schema_item(otherwise)))


def _not_if(item: Item) -> Iterator[Option]:
    test, then, otherwise = (schema.plain for schema in item.value)
    if not is_true(then):
        yield ((True, schema_item(test)), (False, schema_item(then)))
    if not is_true(otherwise):
        yield ((False, schema_item(test)), (False, schema_item(otherwise)))


def _not_shape(item: Item) -> Iterator[Option]:
    shape: Shape = item.value
    for name, schema in shape.named.items():
        if not is_true(schema):
            yield ((False, Item("value", (name, schema), ("value", name, key(schema)))),)
    for pattern, schema in shape.matching:
        if not is_true(schema):
            yield ((False, Item("match", (pattern, schema), ("match", pattern, key(schema)))),)
    if shape.other is not None and not is_true(shape.other):
        yield ((False, Item("other", shape, ("other", item.key))),)


def _not_row(item: Item) -> Iterator[Option]:
    row: Row = item.value
    for index, schema in enumerate(row.first):
        if not is_true(schema):
            yield ((False, Item("at", (index, schema), ("at", index, key(schema)))),)
    if row.rest is not None and not is_true(row.rest):
        start = len(row.first)
        yield ((False, Item("rest", (start, row.rest), ("rest", start, key(row.rest)))),)


def _counted(kind: str, schema: Schema, bound: int) -> Option:
    return ((True, Item(kind, (schema, bound), (kind, key(schema), bound))),)


_CHOICES: dict[tuple[str, bool], Callable[[Item], Iterator[Option]]] = {
    ("any", True): _any,
    ("any", False): _none,
    ("not", True): lambda item: iter([((False, schema_item(item.value.plain)),)]),
    ("not", False): lambda item: iter([((True, schema_item(item.value.plain)),)]),
    ("if", True): _if,
    ("if", False): _not_if,
    ("dependent", True): lambda item: iter(
        [
            ((False, required(item.value[0])),),
            ((True, required(item.value[0])), (True, schema_item(item.value[1]))),
        ]
    ),
    ("dependent", False): lambda item: iter(
        [((True, required(item.value[0])), (False, schema_item(item.value[1].plain)))]
    ),
    ("implies", True): lambda item: iter(
        [((False, required(item.value[0])),), ((True, required(item.value[1])),)]
    ),
    ("implies", False): lambda item: iter(
        [((True, required(item.value[0])), (False, required(item.value[1])))]
    ),
    ("shape", False): _not_shape,
    ("row", False): _not_row,
    ("atLeast", False): lambda item: iter([_counted("atMost", item.value[0], item.value[1] - 1)]),
    ("atMost", False): lambda item: iter([_counted("atLeast", item.value[0], item.value[1] + 1)]),
}
