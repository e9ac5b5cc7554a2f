"""What archlint says of changed protos is held against values that programs of both revisions exchange.

Where no rule says that binary data breaks, each field that both revisions know keeps every value that both
can hold, written by either and read by the other; so with JSON. Where a rule says that binary data breaks,
there is a value that shows it.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any

import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

import archlint.checks.proto
from archlint.checks.declaration import DECLARATION, Scope
from archlint.comparison.protobuf.compare import compare_schemas
from archlint.documents.proto import ProtoFile
from archlint.finding import Observation
from archlint.model.protobuf.schemas import schema_of
from tests.proto.pairs import Part, descriptor, pairs
from tests.proto.values import (
    Filling,
    Sides,
    Unshared,
    alone,
    counterpart,
    fill,
    has,
    held,
    lost,
    shared,
    turned,
)

COUNT = 10_000
SEED = 12
SHOWN = 6

NOTHING, JSON, WIRE = range(3)
LEVELS = {
    "proto-field-removed": {"required": WIRE},
    "proto-field-number-reused": {"default": WIRE},
    "proto-field-number-changed": {"default": WIRE, "taken": WIRE},
    "proto-field-renamed": {"json": JSON},
    "proto-json-name-changed": {"default": JSON},
    "proto-field-type-changed": {
        **dict.fromkeys(("json", "json_read", "json_left_out", "json_refused"), JSON),
        **dict.fromkeys(("binary", "parts", "wire"), WIRE),
    },
    "proto-field-label-changed": {"json": JSON, "wire": WIRE},
    "proto-oneof-changed": {"wire": WIRE},
    "proto-required-field-added": {"default": WIRE},
    "proto-enum-value-changed": {"name": JSON, "number": WIRE},
    "proto-enum-value-removed": {"default": JSON, "name": JSON},
    "proto-json-name-forgotten": {"value": JSON},
}
"""What is broken according to messages of rules; all others speak of generated code, or of later changes."""
GONE = {"proto-field-removed", "proto-json-name-forgotten"}
NARROWED = "proto-value-range-narrowed"

Judge = Callable[..., Iterable[Observation]]


def judges() -> dict[type, list[tuple[str, Judge]]]:
    """The rules about changes, by what they judge."""
    found: dict[type, list[tuple[str, Judge]]] = defaultdict(list)
    for module in pkgutil.iter_modules(archlint.checks.proto.__path__, "archlint.checks.proto."):
        for function in vars(importlib.import_module(module.name)).values():
            declared = getattr(function, DECLARATION, None)
            if declared is not None and declared.scope is Scope.CHANGE:
                found[declared.subject].append((declared.name, function))
    return found


class Pair:
    """Two revisions with what is said of each message, and messages of either."""

    def __init__(self, at: int, sides: Sides, pools: tuple[DescriptorPool, DescriptorPool]) -> None:
        self.at = at
        self.sides = sides
        self._pools = pools
        self.told: dict[str, list[tuple[str, Observation]]] = defaultdict(list)

    def said(self, name: str = "") -> Iterator[tuple[str, Observation]]:
        """What is said, of all or of one message."""
        return (item for key, items in self.told.items() if name in ("", key) for item in items)

    def level(self, name: str = "") -> int:
        """How deep it cuts according to the rules."""
        found = (LEVELS.get(rule, {}).get(seen.message_id, NOTHING) for rule, seen in self.said(name))
        return max(found, default=NOTHING)

    def new(self, side: int, name: str) -> Message:
        """An empty message."""
        return GetMessageClass(self._pools[side].FindMessageTypeByName(f"p{self.at}.{name}"))()

    def __repr__(self) -> str:
        said = [(rule, seen.message_id, seen.arguments) for rule, seen in self.said()]
        return f"{self.at}: {self.sides[0]}\n  -> {self.sides[1]}\n  {said}"


@pytest.fixture(scope="module")
def judged() -> list[Pair]:
    pools = DescriptorPool(), DescriptorPool()
    schemas: tuple[list[Any], list[Any]] = [], []
    found = []
    for at, sides in enumerate(pairs(COUNT, SEED)):
        found.append(Pair(at, sides, pools))
        for side, made in enumerate(sides):
            file = descriptor(made, f"p{at}")
            pools[side].AddSerializedFile(file.SerializeToString())
            schemas[side].append(schema_of(ProtoFile(file.name, f"side {side}", file)))
    functions = judges()
    for change in compare_schemas(*schemas):
        for rule, function in functions.get(type(change), ()):
            for seen in function(change, {}):
                at = int(seen.place.source.path.removeprefix("p").removesuffix(".proto"))
                found[at].told[str(seen.place.route[1]) if seen.place.route else ""].append((rule, seen))
    return found


def number(part: Part) -> object:
    return part.number


def name_in_json(part: Part) -> object:
    return part.in_json


def over_wire(written: Message, read: Message) -> str | None:
    """Send a message; why it is refused, if it is."""
    try:
        read.MergeFromString(written.SerializePartialToString())
    except DecodeError as error:
        return f"refused: {error}"
    return None if read.IsInitialized() or not written.IsInitialized() else "a required field is missing"


def over_json(written: Message, read: Message) -> str | None:
    try:
        ParseDict(MessageToDict(written), read, ignore_unknown_fields=True)
    except (ParseError, ValueError) as error:
        return f"refused: {error}"
    return None


def over_strict_json(written: Message, read: Message) -> str | None:
    try:
        ParseDict(MessageToDict(written), read)
    except (ParseError, ValueError) as error:
        return f"refused: {error}"
    return None


def broken(pair: Pair, name: str, by: Any, ways: tuple[Any, Any], rng: random.Random) -> str | None:
    """What becomes of a message of random values on one of the two ways, if it does not arrive."""
    try:
        filling = shared(name, pair.sides, by, rng)
    except Unshared:
        return "has fields without a common value"
    for writer, each in enumerate((filling, turned(filling))):
        written, read = pair.new(writer, name), pair.new(1 - writer, name)
        fill(written, each)
        reason = ways[writer](written, read) or lost(read, each)
        if reason is not None:
            return f"{reason} ({writer}), {written}"
    return None


def test_where_nothing_is_said_of_binary_data_values_are_kept(judged: list[Pair]) -> None:
    rng = random.Random(SEED)
    silent = [(pair, name) for pair in judged if pair.level() < WIRE for name in "MN"]
    found = [(broken(pair, name, number, (over_wire, over_wire), rng), pair) for pair, name in silent]
    wrong = [f"{reason} {pair}" for reason, pair in found if reason is not None]
    assert len(silent) > COUNT
    assert not wrong, f"{len(wrong)} of {len(silent)}\n" + "\n".join(wrong[:SHOWN])


def test_where_nothing_is_said_of_json_values_are_kept(judged: list[Pair]) -> None:
    rng, wrong, count = random.Random(SEED), [], 0
    for pair in judged:
        if pair.level() >= JSON:
            continue
        is_gone = any(rule in GONE for rule, _ in pair.said())
        ways = (over_json if is_gone else over_strict_json, over_json)
        count += 1
        reason = broken(pair, "M", name_in_json, ways, rng)
        if reason is not None:
            wrong.append(f"{reason} {pair}")
    assert count > COUNT / 4
    assert not wrong, f"{len(wrong)} of {count}\n" + "\n".join(wrong[:SHOWN])


def test_what_breaks_binary_data_has_a_value_that_shows_it(judged: list[Pair]) -> None:
    told = [(pair, name) for pair in judged for name in "MN" if pair.level(name) == WIRE]
    wrong = [f"{name} {pair}" for pair, name in told if not any(_witnesses(pair, name))]
    assert len(told) > COUNT / 10
    assert not wrong, f"{len(wrong)} of {len(told)}\n" + "\n".join(wrong[:SHOWN])


def _witnesses(pair: Pair, name: str) -> Iterator[bool]:
    """Whether a reader has them otherwise, for messages with a field or two and what else has to be there."""
    for writer in (0, 1):
        sides = (pair.sides[writer], pair.sides[1 - writer])
        own, other = (side.messages[name] for side in sides)
        values = {part: next(alone(part, sides), None) for part in own}
        first = {part: (part, counterpart(part, other), value) for part, value in values.items() if value}
        needed: Filling = [
            (part, None, entry[2]) for part, entry in first.items() if part.label == "required"
        ]
        yield _is_lost(pair, writer, name, needed)
        for part in own:
            rest = [item for item in needed if item[0] != part]
            for value in alone(part, sides):
                yield _is_lost(pair, writer, name, [*rest, (part, counterpart(part, other), value)])
        for one, two in combinations(first, 2):
            if not one.oneof or one.oneof != two.oneof:
                rest = [item for item in needed if item[0] not in (one, two)]
                yield _is_lost(pair, writer, name, [*rest, first[one], first[two]])


def _is_lost(pair: Pair, writer: int, name: str, filling: Filling) -> bool:
    """Whether it is refused, read otherwise, or read as something else."""
    written, read = pair.new(writer, name), pair.new(1 - writer, name)
    fill(written, filling)
    return (
        over_wire(written, read) is not None
        or lost(read, filling) is not None
        or any(
            other is not None and other.name != part.name and has(read, other, value)
            for part, other, value in filling
        )
    )


def test_the_value_that_a_narrowing_shows_is_lost(judged: list[Pair]) -> None:
    count = 0
    for pair in judged:
        for rule, seen in pair.said():
            if rule != NARROWED:
                continue
            assert seen.witness is not None
            name, field = str(seen.place.route[1]), seen.arguments["name"]
            ParseDict(seen.witness.value, pair.new(0, name))  # it was accepted before
            (value,) = seen.witness.value.values()
            part, other = (_part(made.messages[name], field) for made in pair.sides)
            shown = next(iter(value.items())) if part.label == "map" else value[0] if part.is_many else value
            count += 1
            assert _is_lost_of_either(pair, name, (part, other), shown), pair
    assert count > COUNT / 50


def _part(parts: Iterable[Part], name: str) -> Part:
    return next(part for part in parts if part.name == name)


def _is_lost_of_either(pair: Pair, name: str, parts: tuple[Part, Part], shown: Any) -> bool:
    """Whether a value is lost as that of a field or, in a map, as its key."""
    part, other = parts
    if part.label != "map":
        value = _as_bytes(shown)
        return _is_lost(pair, 0, name, [(part, other, [value] if part.is_many else value)])
    key, held_ = shown
    value = next(iter(next(alone(part, pair.sides)).values()))
    ways = [{held(part.key, pair.sides[0])[0]: _as_bytes(held_)}] if part.type != other.type else []
    ways += [{int(key): value}] if part.key != other.key and key.lstrip("-").isdigit() else []
    return any(_is_lost(pair, 0, name, [(part, other, way)]) for way in ways)


def _as_bytes(shown: Any) -> Any:
    return b64decode(shown) if isinstance(shown, str) else shown


def test_each_type_that_holds_less_is_told(judged: list[Pair]) -> None:
    """Where a field is sent as before, and some value of the older version is lost."""
    count = 0
    for pair in judged:
        told = {
            (seen.place.route[1], seen.arguments["name"]) for rule, seen in pair.said() if rule == NARROWED
        }
        for name in "MN" if pair.level() < WIRE else "":
            for part in pair.sides[0].messages[name]:
                other = next((item for item in pair.sides[1].messages[name] if item.name == part.name), None)
                types = {part.type, other.type if other else ""}
                if other is None or part.label == "map" or len(types) < 2 or types & {"N", "bytes"}:
                    continue
                left = held(other.type, pair.sides[1])
                is_less = any(value not in left for value in held(part.type, pair.sides[0]))
                count += is_less
                assert ((name, part.name) in told) == is_less, (part, pair)
    assert count > COUNT / 50
