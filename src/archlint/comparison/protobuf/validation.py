"""Rules of protovalidate of two revisions: which values are refused now, and which may come now.

Rules are compared as sets of values. A value that was let through and is not any more breaks callers who
send it; one that is let through now breaks readers who rely on the old rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.value_sets import ValueSet, shown_witness, value_set
from archlint.comparison.schemas.answers import No
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.documents.proto.options import OptionValues
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.protobuf import Message, ProtoSchema
from archlint.model.protobuf.fields import Field, Label
from archlint.model.protobuf.rule_sets import RuleSet, rule_sets
from archlint.model.protobuf.validation import ValidatedField, ValidatedFile

_MARK = "(buf.validate."
_OLDER = regex(r"\(\s*+\.?validate\.rules\s*+\)")


@dataclass(frozen=True)
class ValidationChanged:
    """Rules of a field that let other values through."""

    object: ObjectRef
    place: Place
    older: Place
    case: str
    name: str
    value: str
    """A value, or a rule that is new or gone."""


class ValidationNarrowed(ValidationChanged):
    """Values that callers may send are refused now."""


class ValidationWidened(ValidationChanged):
    """Values come now that readers may have relied on not to meet."""


class ValidationComparison:
    """Compares the rules of all files of two revisions."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._engine = Engine()

    def changes(self, base: ProtoSchema, revision: ProtoSchema) -> Iterator[ValidationChanged]:
        """What the rules of a file let through otherwise."""
        texts = (base.source.text, revision.source.text)
        if texts[0] == texts[1] or not any(_MARK in text for text in texts):
            return
        old, new = ValidatedFile(base), ValidatedFile(revision)
        if not (old.is_read and new.is_read):
            return
        before, after = ({each.field.route: each for each in file.fields} for file in (old, new))
        for message in base.messages:
            newer = self._matching.find(message)
            if not isinstance(newer, Message) or newer.source is not revision.source:
                continue
            numbers = {field.number: field for field in newer.fields}
            for field in message.fields:
                now = numbers.get(field.number)
                if now is not None and _is_same(field, now):
                    yield from self._field(before.get(field.route), after.get(now.route), field, now, newer)

    def _field(
        self,
        old: ValidatedField | None,
        new: ValidatedField | None,
        field: Field,
        now: Field,
        message: Message,
    ) -> Iterator[ValidationChanged]:
        if (old.said if old else {}) == (new.said if new else {}):
            return
        if (old is None and _has_older_rules(field)) or (new is None and _has_older_rules(now)):
            return  # what these say may be the same
        name, usage = message.full_name, self._matching.usage
        is_sent, is_received = usage.is_sent(name), name in usage.received
        sides = (_sets(old, field), _sets(new, now))
        for part in sides[0]:
            was, is_ = (side[part] for side in sides)
            kind = _KINDS.get(now.label, was.fits) if not part else was.fits
            old_set, new_set = value_set(was, kind), value_set(is_, kind)
            about = (message.object, _place(new, is_, now), _place(old, was, field))
            if is_sent:
                for case, value in self._lost(old_set, new_set, kind):
                    yield ValidationNarrowed(*about, case, _called(now, part), value)
            if is_received:
                for case, value in self._lost(new_set, old_set, kind):
                    yield ValidationWidened(*about, case, _called(now, part), value)

    def _lost(self, wide: ValueSet, narrow: ValueSet, kind: str) -> Iterator[tuple[str, str]]:
        """What one set has and the other has not: that nothing is set, a value, else rules."""
        if narrow.is_demanded and not wide.is_demanded:
            yield "required", ""
            return
        if wide.schema != narrow.schema:
            answer = self._engine.contains(read(wide.schema), read(narrow.schema))
            if isinstance(answer, No):
                if wide.beside:  # the value may be refused by what no schema says
                    yield "bounds", ""
                else:
                    yield "default", shown_witness(kind, answer.witness)
                return
        added = sorted(rule for rule in narrow.beside - wide.beside if not rule.startswith("cel"))
        if added and not wide.beside:
            yield "rule", ", ".join(added)


def _has_older_rules(field: Field) -> bool:
    """Whether a field has rules of protoc-gen-validate, which came before protovalidate."""
    source = field.source
    span = source.option_span(field.route, ()) if _OLDER.search(source.text) else None
    if span is None:
        return False
    start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
    return _OLDER.search(source.text, start, end) is not None


def _is_same(field: Field, now: Field) -> bool:
    """Whether a field is the same but for its rules; other changes are told by other rules."""
    return (now.name, now.label, now.type_text) == (field.name, field.label, field.type_text)


_KINDS = {Label.REPEATED: "repeated", Label.MAP: "map"}
_NONE: OptionValues = {"repeated": {"items": {}}, "map": {"keys": {}, "values": {}}}
"""Rules that let everything through, for each part of a field."""


def _sets(each: ValidatedField | None, field: Field) -> dict[str, RuleSet]:
    """The rules of a field and of its parts; those that are not said let everything through."""
    found = {
        rules.part: replace(rules, said=rules.said if rules.part else {}) for rules in rule_sets(field, _NONE)
    }
    return found | {rules.part: rules for rules in rule_sets(field, each.said if each else {})}


def _place(each: ValidatedField | None, rules: RuleSet, field: Field) -> Place:
    if each is None or not rules.said:
        return field.place()
    return each.place(rules.to(rules.kind) if rules.kind else rules.numbers)


def _called(field: Field, part: str) -> str:
    plural = {"element": "elements of ", "key": "keys of ", "value": "values of "}
    return f"{plural.get(part, '')}'{field.name}'"
