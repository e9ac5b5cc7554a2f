"""Names, after the style guide of Protocol Buffers (https://protobuf.dev/programming-guides/style/)."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding.regex import regex
from archlint.model.protobuf import Enum, Message, ProtoService

_PASCAL = regex(r"[A-Z][A-Za-z0-9]*")
_SNAKE = regex(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_UPPER = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


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


@check(Message)
def proto_field_name(message: Message, options: Options) -> Iterator[Observation]:
    """A field whose name is not in lower_snake_case."""
    for field in message.fields:
        is_group = field.type == "group" and field.name == field.type_name.rpartition(".")[2].lower()
        if not is_group and not _SNAKE.fullmatch(field.name):
            yield observe(field.place(), name=field.name, proposal="_".join(_words(field.name)))


@check(Enum)
def proto_enum_value_name(enum: Enum, options: Options) -> Iterator[Observation]:
    """An enum value whose name is not in UPPER_SNAKE_CASE or does not begin with the name of the enum."""
    is_top = len(enum.route) == 2
    needs_prefix = options["prefix"] == "always" or (options["prefix"] == "top-level" and is_top)
    prefix = "_".join(_words(enum.name)).upper() + "_"
    for value in enum.values:
        if not _UPPER.fullmatch(value.name):
            proposal = "_".join(_words(value.name)).upper()
            yield observe(
                value.place(),
                "case",
                aliases=["buf:ENUM_VALUE_UPPER_SNAKE_CASE"],
                name=value.name,
                proposal=proposal,
            )
        elif needs_prefix and not _squeezed(value.name).startswith(_squeezed(prefix)):
            yield observe(
                value.place(), "prefix", aliases=["buf:ENUM_VALUE_PREFIX"], name=value.name, prefix=prefix
            )


@check(Enum)
def proto_enum_zero_value(enum: Enum, options: Options) -> Iterator[Observation]:
    """A zero value that does not say that nothing is set."""
    suffix = options["suffix"]
    zeros = [value for value in enum.values if value.number == 0]
    if zeros and not any(value.name.endswith(suffix) or value.name == suffix.lstrip("_") for value in zeros):
        proposal = "_".join(_words(enum.name)).upper() + suffix
        yield observe(zeros[0].place(), name=zeros[0].name, enum=enum.name, proposal=proposal)


@check(ProtoService)
def proto_service_name(service: ProtoService, options: Options) -> Iterator[Observation]:
    """A service whose name is not in PascalCase or lacks the suffix."""
    suffix = options["suffix"]
    if not _PASCAL.fullmatch(service.name):
        proposal = _pascal(service.name)
        yield observe(
            service.place(), "case", aliases=["buf:SERVICE_PASCAL_CASE"], name=service.name, proposal=proposal
        )
    elif not service.name.endswith(suffix):
        yield observe(
            service.place(), "suffix", aliases=["buf:SERVICE_SUFFIX"], name=service.name, suffix=suffix
        )


@check(ProtoService)
def proto_rpc_name(service: ProtoService, options: Options) -> Iterator[Observation]:
    """A method whose name is not in PascalCase."""
    for rpc in service.rpcs:
        if not _PASCAL.fullmatch(rpc.name):
            yield observe(rpc.place(), name=rpc.name, proposal=_pascal(rpc.name))


def _words(name: str) -> list[str]:
    """The words of a name in any style, in lower case."""
    return [word.lower() for word in _WORD.findall(name)] or ["name"]


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in _words(name))


def _squeezed(name: str) -> str:
    """A name without underscores: where words of an enum's name end can be seen in more than one way."""
    return name.replace("_", "")
