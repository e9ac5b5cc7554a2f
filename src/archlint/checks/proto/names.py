"""Names, after the style guide of Protocol Buffers (https://protobuf.dev/programming-guides/style/)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents.proto.editing import with_oneof_called
from archlint.finding.regex import regex
from archlint.model.protobuf import Enum, Field, Message, ProtoSchema, ProtoService

_PASCAL = regex(r"[A-Z][A-Za-z0-9]*")
_SNAKE = regex(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_UPPER = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_DIGIT_BEFORE_WORD = regex(r"(?<=[0-9])(?=[A-Z])")
"""Where a word of ``S3URL`` begins for api-linter, though not for buf."""
_NEW_WORD = regex(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z0-9])(?=[A-Z][a-z])")
"""Where a word begins in a name such as ``HTTPRoute2Kind``: three words, the digit is part of the second."""


@check(Message)
def proto_message_name(message: Message, options: Options) -> Iterator[Observation]:
    """A message whose name is not in PascalCase."""
    if not _PASCAL.fullmatch(message.name):
        yield observe(message.place(), name=message.name, proposal=_pascal(message.name))


@check(Enum)
def proto_enum_name(enum: Enum, options: Options) -> Iterator[Observation]:
    """An enum whose name is not in PascalCase."""
    if not _PASCAL.fullmatch(enum.name):
        yield observe(enum.place(), name=enum.name, proposal=_pascal(enum.name))


@check(ProtoSchema)
def proto_field_name(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field or extension whose name is not in lower_snake_case."""
    for message in schema.messages:
        if all(map(_SNAKE.fullmatch, message.field_names)):
            continue
        for field in message.fields:
            if not _SNAKE.fullmatch(field.name) and not is_named_by_group(field):
                yield observe(
                    field.place(),
                    object=message.object,
                    aliases=[_LOWER_SNAKE, *_names_of_wrong_case(field.name)],
                    name=field.name,
                    proposal=_snake(field.name),
                )
    for field in schema.extensions:
        if not _SNAKE.fullmatch(field.name) and not is_named_by_group(field):
            yield observe(field.place(), aliases=[_LOWER_SNAKE], name=field.name, proposal=_snake(field.name))


_LOWER_SNAKE = "buf:FIELD_LOWER_SNAKE_CASE"


def _names_of_wrong_case(name: str) -> Iterator[str]:
    """What ``api-linter`` calls the faults of a field's name."""
    if name != name.lower() or "__" in name:
        yield "api-linter:core::0140::lower-snake"
    if "__" in name or name.startswith("_") or name.endswith("_"):
        yield "api-linter:core::0140::underscores"


def is_named_by_group(field: Field) -> bool:
    """Whether a field has the name of its group in lower case, which nobody chose."""
    return field.type == "group" and field.name == field.type_name.rpartition(".")[2].lower()


@check(Message)
def proto_oneof_name(message: Message, options: Options) -> Iterator[Observation]:
    """A oneof whose name is not in lower_snake_case."""
    wrong = [name for name in message.oneofs if not _SNAKE.fullmatch(name)]
    proposals = Counter(map(_snake, wrong))
    for name in wrong:
        place, proposal = message.place_of_oneof(name), _snake(name)
        is_free = proposals[proposal] == 1 and _SNAKE.fullmatch(proposal)
        fix = with_oneof_called(message.source, place.route, proposal) if is_free else None
        yield observe(place, fix=fix, name=name, proposal=proposal)


@check(Enum)
def proto_enum_value_name(enum: Enum, options: Options) -> Iterator[Observation]:
    """An enum value whose name is not in UPPER_SNAKE_CASE or does not begin with the name of the enum."""
    is_top = len(enum.route) == 2
    needs_prefix = options["prefix"] == "always" or (options["prefix"] == "top-level" and is_top)
    prefix = upper_snake(enum.name) + "_"
    for value in enum.values:
        lacks_prefix = needs_prefix and not value.name.startswith(prefix)
        if not _UPPER.fullmatch(value.name):
            proposal = _snake(value.name).upper()
            more = ["buf:ENUM_VALUE_PREFIX"] if lacks_prefix else []
            more += ["api-linter:core::0126::upper-snake-values"] if value.name != value.name.upper() else []
            yield observe(
                value.place(),
                "case",
                aliases=["buf:ENUM_VALUE_UPPER_SNAKE_CASE", *more],
                name=value.name,
                proposal=prefix + proposal if lacks_prefix and not proposal.startswith(prefix) else proposal,
            )
        elif lacks_prefix:
            yield observe(
                value.place(), "prefix", aliases=["buf:ENUM_VALUE_PREFIX"], name=value.name, prefix=prefix
            )


@check(Enum)
def proto_enum_zero_value(enum: Enum, options: Options) -> Iterator[Observation]:
    """A zero value that does not say that nothing is set, or not of what."""
    lint = enum.source.lint
    suffix = (lint.zero_suffix if lint else None) or options["suffix"]
    proposal = upper_snake(enum.name) + suffix
    apart = upper_snake(_DIGIT_BEFORE_WORD.sub("_", enum.name))
    usual = ("UNKNOWN", proposal, f"{upper_snake(enum.name)}_UNKNOWN", apart + suffix, f"{apart}_UNKNOWN")
    for at, value in enumerate(enum.values):
        says_nothing = value.number == 0 and not value.name.endswith(suffix)
        is_misnamed = at == 0 and value.name not in usual
        if says_nothing or (is_misnamed and options["after-enum"]):
            yield observe(
                value.place(),
                "default" if says_nothing and (at or f"_{value.name}" != suffix) else "name",
                aliases=[*([_ZERO_SUFFIX] if says_nothing else []), *([_UNSPECIFIED] if is_misnamed else [])],
                name=value.name,
                enum=enum.name,
                proposal=proposal,
            )


_ZERO_SUFFIX, _UNSPECIFIED = "buf:ENUM_ZERO_VALUE_SUFFIX", "api-linter:core::0126::unspecified"


@check(ProtoService)
def proto_service_name(service: ProtoService, options: Options) -> Iterator[Observation]:
    """A service whose name is not in PascalCase or lacks the suffix."""
    lint = service.source.lint
    suffix = (lint.service_suffix if lint else None) or options["suffix"]
    lacks_suffix = not service.name.endswith(suffix)
    if not _PASCAL.fullmatch(service.name):
        proposal = _pascal(service.name)
        yield observe(
            service.place(),
            "case",
            aliases=[
                *("buf:SERVICE_PASCAL_CASE", "api-linter:core::0190::service-case"),
                *(["buf:SERVICE_SUFFIX"] if lacks_suffix else []),
            ],
            name=service.name,
            proposal=proposal if proposal.endswith(suffix) else proposal + suffix,
        )
    elif lacks_suffix:
        yield observe(
            service.place(), "suffix", aliases=["buf:SERVICE_SUFFIX"], name=service.name, suffix=suffix
        )


@check(ProtoService)
def proto_rpc_name(service: ProtoService, options: Options) -> Iterator[Observation]:
    """A method whose name is not in PascalCase."""
    for rpc in service.rpcs:
        if not _PASCAL.fullmatch(rpc.name):
            yield observe(rpc.place(), name=rpc.name, proposal=_pascal(rpc.name))


@check(ProtoSchema)
def proto_package_name(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A package with a part that is not in lower_snake_case."""
    parts = schema.package.split(".") if schema.package else ()
    if not all(map(_SNAKE.fullmatch, parts)):
        proposal = ".".join(part if _SNAKE.fullmatch(part) else _snake(part) for part in parts)
        yield observe(schema.place(), package=schema.package, proposal=proposal)


@check(ProtoSchema)
def proto_file_name(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file whose name is not in lower_snake_case."""
    name = schema.path.rpartition("/")[2]
    stem = name.removesuffix(".proto")
    if not _SNAKE.fullmatch(stem):
        yield observe(schema.first_line, identity=(), name=name, proposal=_snake(stem) + ".proto")


def _snake(name: str) -> str:
    return "_".join(_words(name))


def _words(name: str) -> list[str]:
    """The words of a name in any style, in lower case."""
    return [word.lower() for word in _WORD.findall(name)] or ["name"]


def pascal_words(name: str) -> str:
    """A name whose words begin with capitals, all other letters as they are."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in _words(name))


def upper_snake(name: str) -> str:
    """A name in PascalCase as values of an enum begin with it."""
    return "_".join(part for part in _NEW_WORD.sub("_", name).split("_") if part).upper()
