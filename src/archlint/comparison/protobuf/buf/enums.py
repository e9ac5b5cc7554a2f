"""Enums as buf compares them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.comparison.protobuf.buf.elements import Element
from archlint.comparison.protobuf.buf.features import ALLOW, CLOSED, LEGACY_BEST_EFFORT
from archlint.comparison.protobuf.buf.ranges import freed, lost
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, changed
from archlint.finding import Place
from archlint.finding.words import listed

_FEATURES = (3, 7)
"""Where features stand below the descriptor."""
_TYPE = (2, "enum_type")
_JSON_FORMAT = (6, "json_format")


def compare_enums(old: Element, new: Element) -> Iterator[BufVerdict]:
    """What buf says of an enum that both revisions have."""
    yield from _values(old, new)
    yield from freed(old, new, "enum")
    about = f"Enum '{new.name}'"
    if old.features.enum_type != new.features.enum_type:
        kinds = ["closed" if each.features.enum_type == CLOSED else "open" for each in (old, new)]
        places = _set_at(new, _FEATURES, _TYPE), _set_at(old, _FEATURES, _TYPE)
        yield changed("ENUM_SAME_TYPE", about, places, kinds)
    yield from same_json(old, new, "ENUM_SAME_JSON_FORMAT", about, _FEATURES)


def same_json(
    old: Element, new: Element, rule: str, about: str, features: tuple[int, ...]
) -> Iterator[BufVerdict]:
    """The form in JSON may come to be promised, but must not cease to be."""
    if (old.features.json, new.features.json) == (ALLOW, LEGACY_BEST_EFFORT):
        places = _set_at(new, features, _JSON_FORMAT), _set_at(old, features, _JSON_FORMAT)
        yield changed(rule, about, places, ("ALLOW", "LEGACY_BEST_EFFORT"))


def _set_at(element: Element, features: tuple[int, ...], step: tuple[int, str]) -> Place:
    return element.feature(features, step) or element.place()


def numbers_of(enum: Element) -> Mapping[int, list[tuple[int, str]]]:
    """The names of each number, with their indexes."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for at, value in enumerate(enum.item.value):
        found[value.number].append((at, value.name))
    return found


def _values(old: Element, new: Element) -> Iterator[BufVerdict]:
    before, after = numbers_of(old), numbers_of(new)
    for number, values in before.items():
        names = {name for _, name in values}
        older = _number_place(old, values[0][0])
        if number not in after:
            about = f"Value {number} ({listed(sorted(names))}) of enum '{new.name}'"
            yield from lost("enum", about, new, older, number=number, names=names)
            continue
        left = {name for _, name in after[number]}
        if not names <= left:
            for at, _ in after[number]:
                yield changed(
                    "ENUM_VALUE_SAME_NAME",
                    f"The name of {number} in enum '{new.name}'",
                    (_number_place(new, at), older),
                    (listed(sorted(names)), listed(sorted(left))),
                )


def _number_place(enum: Element, at: int) -> Place:
    return enum.place((2, at, 2), (2, at))
