"""Pairs of small proto files, made as descriptors: the newer one is the older one after an edit or two."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

TYPES = {
    name: getattr(FieldDescriptorProto, f"TYPE_{name.upper()}")
    for name in (
        *("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "bytes"),
        *("uint32", "sfixed32", "sfixed64", "sint32", "sint64"),
    )
}
_KEYS = ("string", "int32", "int64", "bool")
_NAMED = {"N": FieldDescriptorProto.TYPE_MESSAGE, "E": FieldDescriptorProto.TYPE_ENUM}
NAMES = ("id", "user", "user_id", "total", "note", "key", "value", "line")
LABELS = ("", "optional", "repeated", "map", "required")


@dataclass(frozen=True)
class Part:
    """A field; ``type`` is a scalar, ``N`` for the message or ``E`` for the enum of the file."""

    name: str
    number: int
    type: str
    label: str = ""
    key: str = ""
    oneof: str = ""
    json: str = ""

    @property
    def in_json(self) -> str:
        """Its key in JSON."""
        first, *rest = self.name.split("_")
        return self.json or first + "".join(word.capitalize() for word in rest)

    @property
    def is_many(self) -> bool:
        """Whether it holds several values."""
        return self.label in ("repeated", "map")


@dataclass(frozen=True)
class Made:
    """One side of a pair: a message ``M``, another one ``N`` that fields of M may hold, and an enum ``E``."""

    syntax: str
    messages: dict[str, tuple[Part, ...]]
    values: dict[str, int]
    kept: dict[str, tuple[frozenset[int], frozenset[str]]] = field(default_factory=dict)
    """Numbers and names that are reserved, by the name of the message or enum."""

    @property
    def is_closed(self) -> bool:
        """Whether the enum takes none but its own numbers."""
        return self.syntax == "proto2"


def pairs(count: int, seed: int) -> Iterator[tuple[Made, Made]]:
    """Some pairs, the same ones for the same seed."""
    rng = random.Random(seed)
    for _ in range(count):
        old = new = _first(rng)
        for _ in range(rng.choice((1, 1, 2))):
            new = rng.choice(_EDITS)(new, rng)
        yield old, new


def _first(rng: random.Random) -> Made:
    syntax = rng.choice(("proto2", "proto3", "proto3"))
    messages: dict[str, tuple[Part, ...]] = {"M": (), "N": ()}
    for name, most in (("N", 2), ("M", 3)):
        for _ in range(rng.randint(1, most)):
            messages[name] = _with(messages[name], _part(rng, syntax, messages[name], is_inner=name == "N"))
    values = {"E_NONE": 0} | {f"E_{word}": at for at, word in enumerate(("A", "B"), 1)}
    return Made(syntax, messages, values)


def _part(rng: random.Random, syntax: str, beside: tuple[Part, ...], *, is_inner: bool) -> Part:
    name = rng.choice([name for name in NAMES if name not in {part.name for part in beside}])
    number = rng.choice([at for at in range(1, 7) if at not in {part.number for part in beside}])
    return _labelled(Part(name, number, _type(rng, is_inner=is_inner)), rng, syntax)


def _type(rng: random.Random, *, is_inner: bool) -> str:
    named = ("E",) if is_inner else ("N", "N", "E")
    return rng.choice(named) if rng.random() < 0.3 else rng.choice(tuple(TYPES))


def _labelled(part: Part, rng: random.Random, syntax: str) -> Part:
    label = rng.choice(LABELS if syntax == "proto2" else LABELS[:4])
    is_single = label in ("", "optional")
    oneof = rng.choice("op") if is_single and rng.random() < 0.3 else ""
    return replace(
        part, label="" if oneof else label, key=rng.choice(_KEYS) if label == "map" else "", oneof=oneof
    )


def _with(parts: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    return (*parts, part)


def _edited(made: Made, rng: random.Random, edit: Callable[[Part], Part]) -> Made:
    """One field edited, where names and numbers stay apart."""
    name = rng.choice(("M", "M", "N"))
    parts = list(made.messages[name])
    if not parts:
        return made
    at = rng.randrange(len(parts))
    parts[at] = edit(parts[at])
    return _sound(made, name, tuple(parts))


def _sound(made: Made, name: str, parts: tuple[Part, ...]) -> Made:
    for told in (
        [part.name for part in parts],
        [part.number for part in parts],
        [part.in_json for part in parts],
    ):
        if len(set(told)) < len(parts):
            return made
    return replace(made, messages={**made.messages, name: parts})


def _retyped(made: Made, rng: random.Random) -> Made:
    return _edited(
        made, rng, lambda part: replace(part, type=_type(rng, is_inner=part in made.messages["N"]))
    )


_NEAR = (
    ("int32", "uint32", "int64", "uint64", "bool", "E"),
    ("sint32", "sint64"),
    ("fixed32", "sfixed32"),
    ("fixed64", "sfixed64"),
    ("string", "bytes", "N"),
)


def _retyped_nearby(made: Made, rng: random.Random) -> Made:
    def near(part: Part) -> Part:
        group = next((group for group in _NEAR if part.type in group), (part.type,))
        other = rng.choice(group)
        return part if other == "N" and part in made.messages["N"] else replace(part, type=other)

    return _edited(made, rng, near)


def _relabelled(made: Made, rng: random.Random) -> Made:
    return _edited(made, rng, lambda part: _labelled(part, rng, made.syntax))


def _renamed(made: Made, rng: random.Random) -> Made:
    return _edited(made, rng, lambda part: replace(part, name=rng.choice(NAMES)))


def _renumbered(made: Made, rng: random.Random) -> Made:
    return _edited(made, rng, lambda part: replace(part, number=rng.randint(1, 7)))


def _named_in_json(made: Made, rng: random.Random) -> Made:
    return _edited(made, rng, lambda part: replace(part, json=rng.choice(("", "other", "user"))))


def _removed(made: Made, rng: random.Random) -> Made:
    name = rng.choice("MN")
    parts = made.messages[name]
    if not parts:
        return made
    gone = rng.choice(parts)
    left = tuple(part for part in parts if part != gone)
    numbers, names = made.kept.get(name, (frozenset(), frozenset()))
    if rng.random() < 0.7:
        numbers, names = numbers | {gone.number}, names | {gone.name}
    kept = {**made.kept, name: (numbers, names)}
    return replace(made, messages={**made.messages, name: left}, kept=kept)


def _added(made: Made, rng: random.Random) -> Made:
    name = rng.choice("MN")
    part = _part(rng, made.syntax, made.messages[name], is_inner=name == "N")
    numbers, names = made.kept.get(name, (frozenset(), frozenset()))
    if part.number in numbers or part.name in names:
        return made
    return _sound(made, name, (*made.messages[name], part))


def _enum(made: Made, rng: random.Random) -> Made:
    values = dict(made.values)
    name = rng.choice([name for name in values if values[name]] or ["E_NONE"])
    how = rng.choice(("add", "rename", "renumber", "remove"))
    if how == "add":
        values[f"E_{rng.choice('CD')}"] = rng.choice((3, 4, 6, 7))
    elif how == "rename":
        values = {("E_Z" if key == name else key): number for key, number in values.items()}
    elif how == "renumber":
        values[name] = rng.choice([at for at in range(1, 9) if at not in values.values()])
    elif len(values) > 1:
        number = values.pop(name)
        if rng.random() < 0.7:
            kept = {**made.kept, "E": (frozenset((number,)), frozenset((name,)))}
            return replace(made, values=values, kept=kept)
    return made if len(set(values.values())) < len(values) else replace(made, values=values)


def _in_another_syntax(made: Made, rng: random.Random) -> Made:
    syntax = "proto2" if made.syntax == "proto3" else "proto3"
    messages = {
        name: tuple(replace(part, label="" if part.label == "required" else part.label) for part in parts)
        for name, parts in made.messages.items()
    }
    return replace(made, syntax=syntax, messages=messages)


_EDITS = (
    *(_retyped, _retyped_nearby, _retyped_nearby, _retyped_nearby, _relabelled, _relabelled, _renamed),
    *(_renumbered, _named_in_json, _removed, _added, _enum, _in_another_syntax),
)


def descriptor(made: Made, package: str) -> FileDescriptorProto:
    """A side as the compiler would give it."""
    file = FileDescriptorProto(name=f"{package}.proto", package=package)
    if made.syntax == "proto3":
        file.syntax = "proto3"
    for name, parts in made.messages.items():
        message = file.message_type.add(name=name)
        for part in sorted(parts, key=lambda part: part.label == "optional"):  # whose oneofs come last
            _add(message, part, package, made.syntax)
        _reserve(message, *made.kept.get(name, (frozenset(), frozenset())))
    enum = file.enum_type.add(name="E")
    for key, number in made.values.items():
        enum.value.add(name=key, number=number)
    numbers, names = made.kept.get("E", (frozenset(), frozenset()))
    for number in sorted(numbers - set(made.values.values())):
        enum.reserved_range.add(start=number, end=number)
    enum.reserved_name.extend(sorted(names - set(made.values)))
    return file


def _reserve(message: DescriptorProto, numbers: frozenset[int], names: frozenset[str]) -> None:
    used = {item.number for item in message.field}
    for number in sorted(numbers - used):
        message.reserved_range.add(start=number, end=number + 1)
    message.reserved_name.extend(sorted(names - {item.name for item in message.field}))


def _add(message: DescriptorProto, part: Part, package: str, syntax: str) -> None:
    made = message.field.add(name=part.name, number=part.number, json_name=part.in_json)
    made.label = {
        "repeated": FieldDescriptorProto.LABEL_REPEATED,
        "map": FieldDescriptorProto.LABEL_REPEATED,
        "required": FieldDescriptorProto.LABEL_REQUIRED,
    }.get(part.label, FieldDescriptorProto.LABEL_OPTIONAL)
    if part.label == "map":
        entry = message.nested_type.add(name="".join(map(str.capitalize, part.name.split("_"))) + "Entry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, label=1, json_name="key", type=TYPES[part.key])
        value = entry.field.add(name="value", number=2, label=1, json_name="value")
        _set_type(value, part.type, package)
        made.type = FieldDescriptorProto.TYPE_MESSAGE
        made.type_name = f".{package}.{message.name}.{entry.name}"
        return
    _set_type(made, part.type, package)
    if part.oneof:
        made.oneof_index = _oneof(message, part.oneof)
    elif part.label == "optional" and syntax == "proto3":
        made.proto3_optional = True
        made.oneof_index = _oneof(message, f"_{part.name}")


def _set_type(made: FieldDescriptorProto, type_: str, package: str) -> None:
    made.type = TYPES.get(type_) or _NAMED[type_]
    if type_ in _NAMED:
        made.type_name = f".{package}.{type_}"


def _oneof(message: DescriptorProto, name: str) -> int:
    names = [item.name for item in message.oneof_decl]
    if name not in names:
        message.oneof_decl.add(name=name)
    return names.index(name) if name in names else len(names)
