"""Rules of protovalidate: whether they fit, whether anything fulfils them, whether they do something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass, replace
from archlint.model.protobuf.expressions import Expression, ExpressionVerdict, expressions_of
from archlint.model.protobuf.rule_laws import BrokenLaw, conflicts, misfits, redundant
from archlint.model.protobuf.rule_sets import RuleSet, rule_sets
from archlint.model.protobuf.validation import ValidatedField, ValidatedFile, ValidatedMessage
from archlint.model.world import World

_ONEOF = 4
"""The number of ``MessageRules.oneof``."""


@check(ValidatedFile)
def proto_validation_misfit(file: ValidatedFile, options: Options) -> Iterator[Observation]:
    """Rules for another type than the field has, and rules where they can do nothing."""
    for each in file.fields:
        for rules in rule_sets(each.field, each.said):
            for broken in misfits(each.field, rules):
                yield _told(each, broken)
    for message in file.messages:
        yield from _oneofs(message)


@check(ValidatedFile)
def proto_validation_conflict(file: ValidatedFile, options: Options) -> Iterator[Observation]:
    """Rules that no value can fulfil."""
    for each, rules in _sound_sets(file):
        for broken in conflicts(rules):
            yield _told(each, broken)


@check(ValidatedFile)
def proto_validation_redundant(file: ValidatedFile, options: Options) -> Iterator[Observation]:
    """Rules that change nothing."""
    for each, rules in _sound_sets(file):
        for broken in redundant(each.field, rules):
            yield _told(each, broken)


def _sound_sets(file: ValidatedFile) -> Iterator[tuple[ValidatedField, RuleSet]]:
    """The rules of each field; those for another type, which are told already, are left out."""
    for each in file.fields:
        for rules in rule_sets(each.field, each.said):
            if any(broken.law == "default" for broken in misfits(each.field, rules)):
                yield each, replace(rules, said={**rules.said, rules.kind or "": {}})
            else:
                yield each, rules


def _told(each: ValidatedField, broken: BrokenLaw) -> Observation:
    field = each.field
    owner = ".".join(str(name) for name in field.route[1:-2:2])
    return observe(
        each.place(broken.numbers),
        broken.law,
        object=ObjectRef("message", ".".join(filter(None, (field.source.descriptor.package, owner)))),
        identity=(field.name, broken.rule),
        name=field.name,
        rule=broken.rule,
        **broken.arguments,
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One of the groups of fields of which only one may be set."""

    index: int
    fields: Sequence[str]


def _oneofs(message: ValidatedMessage) -> Iterator[Observation]:
    """Groups that name what is not there, or one field twice."""
    entries = [
        _Entry(index, said.get("fields", ())) for index, said in enumerate(message.said.get("oneof", ()))
    ]
    names = {field.name for field in message.message.fields}
    uses = Counter(name for entry in entries for name in set(entry.fields))
    for entry in entries:
        if not entry.fields:
            yield _of_entry(message, entry, "empty")
        for name, count in Counter(entry.fields).items():
            if count > 1:
                yield _of_entry(message, entry, "twice", name=name)
            elif name not in names:
                yield _of_entry(message, entry, "unknown", name=name)
            if uses[name] > 1:
                yield _of_entry(message, entry, "several", name=name, count=uses[name])


def _of_entry(message: ValidatedMessage, entry: _Entry, message_id: str, **arguments: Any) -> Observation:
    return observe(
        message.place((_ONEOF, entry.index)),
        message_id,
        object=message.message.object,
        identity=("oneof", *entry.fields, message_id, arguments.get("name", "")),
        message=message.message.name,
        **arguments,
    )


@join(ValidatedFile)
def proto_validation_expression(file: ValidatedFile, world: World, options: Options) -> Iterator[Observation]:
    """Expressions and patterns that no validator can compile."""
    verdicts = world.fact(_verdicts)
    for each in expressions_of(file):
        if not each.text and not each.is_pattern:
            yield _of_expression(each, "empty")
        if not each.is_id_sound:
            yield _of_expression(each, "id", id=each.id)
        if each.is_repeated:
            yield _of_expression(each, "twice", id=each.id)
        verdict = verdicts.get(each.key)
        if verdict is None:
            continue
        if verdict.error:
            yield _of_expression(each, "pattern" if each.is_pattern else "default", error=verdict.error)
        elif verdict.type == "STRING" and each.message:
            yield _of_expression(each, "message")
        elif not verdict.is_sound:
            yield _of_expression(each, "type", type=verdict.type.partition("<")[0].lower())


def _verdicts(world: World) -> Mapping[tuple[object, ...], ExpressionVerdict]:
    return {verdict.key: verdict for verdict in world.all(ExpressionVerdict)}


def _of_expression(each: Expression, message_id: str, **arguments: Any) -> Observation:
    route = each.owner.route
    return observe(
        each.owner.place(each.numbers),
        message_id,
        identity=(*map(str, route[1::2]), each.name, each.id or each.text, message_id),
        name=str(route[-1]),
        rule=each.name,
        **arguments,
    )
