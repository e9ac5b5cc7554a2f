"""The rules in CEL of custom resources (``x-kubernetes-validations``), and what they say of the objects of a
world.

Rules are evaluated outside of the model (``adapters.admission``), and the world is supplied with the answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import ObjectFacet
from archlint.model.kubernetes.schemas.custom import CustomVersion
from archlint.model.world import World

RULES = "x-kubernetes-validations"
_DEEPEST = 300
"""Steps into a schema, as far as objects are held against it."""
_FIELD = regex(r"\.([^.\[\]]++)|\['((?:[^'\\]|\\.)*+)'\]")


@dataclass(frozen=True)
class ValidationRule:
    """One rule of a definition."""

    definition: CustomVersion
    steps: Route
    """The way to the part of the schema that it is in."""
    index: int

    @property
    def node(self) -> Node:
        """The rule as it is written."""
        return self.definition.schema.get(*self.steps, RULES, self.index)

    @property
    def text(self) -> str:
        """The expression."""
        return self.node.get("rule").text or ""

    @property
    def message(self) -> str:
        """What the API server says if it does not hold and no expression gives a message."""
        return (self.node.get("message").text or "").strip()

    @property
    def message_expression(self) -> str | None:
        """The expression that gives a message."""
        return self.node.get("messageExpression").text or None

    @property
    def takes_new(self) -> bool:
        """Whether it is about changes, and about values that were not there before as well."""
        return self.node.get("optionalOldSelf").value is True

    @property
    def reads_old(self) -> bool:
        """Whether it may be about a change."""
        return "oldSelf" in self.text

    @property
    def field(self) -> Route:
        """The way from the value to the field that it tells of; empty if that is the value."""
        return field_path(self.node.get("fieldPath").text or "")


def field_path(text: str) -> Route:
    """The way of ``.spec.names['kind']``; empty for what is no path."""
    steps = list(_FIELD.finditer(text.strip()))
    if "".join(step[0] for step in steps) != text.strip():
        return ()
    return tuple(step[1] or re.sub(r"\\(.)", r"\1", step[2]) for step in steps)


def rules_of(definition: CustomVersion) -> Iterator[ValidationRule]:
    """All rules in the schema of a definition, as they are written, where they are evaluated."""
    waiting: list[tuple[Any, Route]] = [(definition.schema.value, ())]
    while waiting:
        schema, steps = waiting.pop()
        if not isinstance(schema, dict) or len(steps) > _DEEPEST:
            continue
        said = schema.get(RULES)
        for index, rule in enumerate(said if isinstance(said, list) else ()):
            if isinstance(rule, dict) and isinstance(rule.get("rule"), str):
                yield ValidationRule(definition, steps, index)
        inner: list[tuple[Any, Route]] = []
        properties, every = schema.get("properties"), schema.get("allOf")
        if isinstance(properties, dict):
            inner += [(part, (*steps, "properties", str(name))) for name, part in properties.items()]
        inner += [(schema.get(key), (*steps, key)) for key in ("items", "additionalProperties")]
        if isinstance(every, list):
            inner += [(part, (*steps, "allOf", at)) for at, part in enumerate(every)]
        waiting += reversed(inner)


@dataclass(frozen=True)
class RuleVerdict(ObjectFacet):
    """A value of a custom resource that does not hold a rule of its definition."""

    rule: ValidationRule
    at: Node
    """The value, or the field of it that the rule names."""
    message: str = ""
    """What the API server says; empty where the rule could not be evaluated."""
    failure: str = ""
    """In which error the evaluation ended, if it did, which refuses the object as well."""

    @classmethod
    def all(cls, world: World) -> Iterable[RuleVerdict]:
        """None, as long as nobody supplied them."""
        return ()


@dataclass(frozen=True)
class RuleProblem:
    """A rule of a definition that the API server does not take, or ends before it is done."""

    rule: ValidationRule
    key: str
    """The expression: ``rule`` or ``messageExpression``."""
    message: str
    offset: int = 0
    """Where in the text of the expression."""
    is_endless: bool = False

    @classmethod
    def all(cls, world: World) -> Iterable[RuleProblem]:
        """None, as long as nobody supplied them."""
        return ()

    @property
    def object(self) -> ObjectRef:
        """The definition."""
        return self.rule.definition.object

    @property
    def source(self) -> Document:
        """The document of the definition."""
        return self.rule.definition.source


@dataclass(frozen=True)
class RuleUnknown:
    """A rule that was not evaluated, with the reason."""

    rule: ValidationRule
    reason: str

    @classmethod
    def all(cls, world: World) -> Iterable[RuleUnknown]:
        """None, as long as nobody supplied them."""
        return ()

    @property
    def object(self) -> ObjectRef:
        """The definition."""
        return self.rule.definition.object

    @property
    def source(self) -> Document:
        """The document of the definition."""
        return self.rule.definition.source
