"""Rules about values of two revisions: which values are refused now, and which may come now.

These are the rules of protovalidate and those of protoc-gen-validate, which came before: a field that has
both lets through what both let through, so rules that are said anew in the other way change nothing.
Rules are compared as sets of values. A value that was let through and is not any more breaks callers who
send it; one that is let through now breaks readers who rely on the old rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.value_sets import ValueSet, both, shown_witness, value_set, with_zero
from archlint.comparison.schemas.answers import No
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.json_schema import read
from archlint.documents.proto.options import OptionValues
from archlint.finding import ObjectRef, Place, Route
from archlint.finding.records import dataclass, replace
from archlint.model.protobuf import Message, ProtoSchema
from archlint.model.protobuf.fields import Field, Label
from archlint.model.protobuf.older_validation import OlderRules
from archlint.model.protobuf.rule_laws import has_presence
from archlint.model.protobuf.rule_sets import RuleSet, rule_sets
from archlint.model.protobuf.validation import ValidatedField, ValidatedFile

_MARKS = ("(buf.validate.", "validate.rules")
_OPTIONS = ("buf.validate.", "validate.")
"""What the names of the options begin with."""


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
        files = (base.source, revision.source)
        if files[0].says_the_same(files[1]) or not any(
            file.may_say(mark) for file in files for mark in _MARKS
        ):
            return
        if any(name.startswith(_OPTIONS) for file in files for name in file.hidden_options):
            return
        old, new = _Rules(base), _Rules(revision)
        if not (old.is_read and new.is_read):
            return
        for message in base.messages:
            newer = self._matching.find(message)
            if not isinstance(newer, Message) or newer.source is not revision.source:
                continue
            numbers = {field.number: field for field in newer.fields}
            for field in message.fields:
                now = numbers.get(field.number)
                if now is not None and _is_same(field, now):
                    yield from self._field(old.of(field), new.of(now), newer)

    def _field(
        self, old: _RulesOfField | None, new: _RulesOfField | None, message: Message
    ) -> Iterator[ValidationChanged]:
        if old is None or new is None or old.said == new.said:
            return  # what cannot be read may say the same
        name, usage = message.full_name, self._matching.usage
        is_sent, is_received = usage.is_sent(name), name in usage.received
        is_newer = old.said[0] != new.said[0]
        kinds = {part: _kind(new.field, rules) for part, rules in new.sets[0].items()}
        for part in old.sets[0]:
            kind = kinds[part]
            old_set, new_set = old.values(part, kind), new.values(part, kind)
            about = (message.object, new.place(part, is_newer), old.place(part, is_newer))
            called = _called(new.field, part)
            if is_sent:
                for case, value in self._lost(old_set, new_set, kind):
                    yield ValidationNarrowed(*about, case, called, value)
            if is_received:
                for case, value in self._lost(new_set, old_set, kind):
                    yield ValidationWidened(*about, case, called, value)

    def _lost(self, wide: ValueSet, narrow: ValueSet, kind: str) -> Iterator[tuple[str, str]]:
        """What one set has and the other has not: that nothing is set, a value, else rules."""
        if narrow.is_demanded and not wide.is_demanded:
            if self._lets_unset_through(wide):
                yield "required", ""
                return
            wide = wide.without_zero
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

    def _lets_unset_through(self, values: ValueSet) -> bool:
        """Whether a set that does not demand a value surely takes a field without one."""
        if values.zero is None:
            return True
        if any(not rule.startswith("enum.") for rule in values.beside):
            return False  # what no schema says refuses most empty texts
        return isinstance(self._engine.contains(read(values.zero), read({"not": values.schema})), No)


def _is_same(field: Field, now: Field) -> bool:
    """Whether a field is the same but for its rules; other changes are told by other rules."""
    return (now.name, now.label, now.type_text) == (field.name, field.label, field.type_text)


_KINDS = {Label.REPEATED: "repeated", Label.MAP: "map"}
_NONE: OptionValues = {"repeated": {"items": {}}, "map": {"keys": {}, "values": {}}}
"""Rules that let everything through, for each part of a field."""


class _Rules:
    """The rules of all fields of a file."""

    def __init__(self, schema: ProtoSchema) -> None:
        self._file = ValidatedFile(schema)
        self._older = OlderRules(schema.source)

    @property
    def is_read(self) -> bool:
        """Whether its options are known."""
        return self._file.is_read

    def of(self, field: Field) -> _RulesOfField | None:
        """Those of a field; ``None`` if they cannot be read."""
        older = self._older.of(field)
        return (
            None if older is None else _RulesOfField(field, self._newer.get(field.route), older, self._older)
        )

    @cached_property
    def _newer(self) -> dict[Route, ValidatedField]:
        return {each.field.route: each for each in self._file.fields}


class _RulesOfField:
    """The rules of a field: those of protovalidate, and those that came before, in the same terms."""

    def __init__(
        self, field: Field, newer: ValidatedField | None, older: OptionValues, file: OlderRules
    ) -> None:
        self.field = field
        self.said = (newer.said if newer else {}, older)
        self.sets = tuple(_sets(said, field) for said in self.said)
        """Those of the field and of its parts."""
        self._newer = newer
        self._file = file

    def values(self, part: str, kind: str) -> ValueSet:
        """What the field, or a part of it, may hold."""
        found = both(*(value_set(rules[part], kind) for rules in self.sets))
        is_seen = part or not kind or (self.field.label not in _KINDS and has_presence(self.field))
        return found if is_seen else with_zero(found, kind)

    def place(self, part: str, is_newer: bool) -> Place:
        """Where rules of protovalidate are said, or those that came before; else the field."""
        rules = self.sets[0][part]
        if is_newer and self._newer is not None and rules.said:
            return self._newer.place(rules.to(rules.kind) if rules.kind else rules.numbers)
        return self._file.place(self.field) if self.said[1] else self.field.place()


def _sets(said: OptionValues, field: Field) -> dict[str, RuleSet]:
    """The rules of a field and of its parts; those that are not said let everything through."""
    found = {
        rules.part: replace(rules, said=rules.said if rules.part else {}) for rules in rule_sets(field, _NONE)
    }
    return found | {rules.part: rules for rules in rule_sets(field, said)}


def _kind(field: Field, rules: RuleSet) -> str:
    return _KINDS.get(field.label, rules.fits) if not rules.part else rules.fits


def _called(field: Field, part: str) -> str:
    plural = {"element": "elements of ", "key": "keys of ", "value": "values of "}
    return f"{plural.get(part, '')}'{field.name}'"
