"""A program of its own that judges custom resources by the rules in CEL of their definitions.

Standard input has one JSON object: ``memory`` (bytes), ``seconds`` (of CPU for one question), ``values``,
``schemas``, ``policies`` and ``questions``. A policy is one rule: the ``schema`` that it is in (an index),
the ``steps`` to its place there, ``rule``, ``message`` (an expression, or null) and ``optional`` (whether
what was before may be missing). A question names its ``policy``, the ``object`` and, if there is one, the
``old`` object (indexes of ``values``).

The first lines of the output have the problems of each rule's expressions; each other one answers one
question, in order. The alarm of the system ends the process if one takes too long; who asked goes on without
it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from archlint.adapters.admission.library import UnknownValue
from archlint.adapters.admission.programs import Engine, Failure, Problem, Program, Scope
from archlint.adapters.admission.resource_values import Instance, completed, instances, spine, typed
from archlint.adapters.admission.schema_translation import SchemaTranslator
from archlint.adapters.admission.schema_types import EMBEDDED, Declared, declared
from archlint.adapters.admission.worker import DEEPEST, set_alarm
from archlint.adapters.cel_worker import limit_memory

_MOST_FAILURES = 20
"""Values of one object that one rule is told of."""
_MOST_TOLD = 400
"""Characters of a message."""


class Rule:
    """One rule: its program, and what is wrong with it."""

    def __init__(self, engine: Engine, said: dict[str, Any], kind: Declared | None) -> None:
        """``kind`` is the type of the values that it is about."""
        self.said = said
        self.kind = kind
        self.problems: list[dict[str, Any]] = []
        self.program: Program | None = None
        self.message: Program | None = None
        self.reads_old = False
        if said["rule"] and kind is not None:
            self.program = self._compiled(engine, "rule", said["rule"], "BOOL")
        if self.program is not None and said["message"]:
            self.message = self._compiled(engine, "messageExpression", said["message"], "STRING")
        if self.program is not None:
            self.reads_old = "oldSelf" in self.program.tree.names()

    def _compiled(self, engine: Engine, section: str, text: str, wanted: str) -> Program | None:
        assert self.kind is not None
        is_optional = self.said["optional"]
        try:
            try:
                program = engine.compile(
                    text, SchemaTranslator(self.kind, is_optional=is_optional), is_strict=True
                )
            except Problem as problem:
                if not problem.is_of_numbers:
                    raise
                translator = SchemaTranslator(self.kind, is_optional=is_optional, has_numbers=False)
                program = engine.compile(text, translator, is_strict=True)
            if program.type not in (wanted, "DYN"):
                kind = program.type.partition("<")[0].lower()
                raise Problem(f"it gives a value of type {kind}, not {wanted.lower()}", is_certain=True)
        except Problem as problem:
            self.problems.append(
                {"section": section, "message": problem.message, "offset": problem.offset}
                | {"certain": problem.is_certain}
            )
            return None
        return program


class Rules:
    """All rules of a request, and the objects as their schemas complete them."""

    def __init__(self, engine: Engine, request: dict[str, Any]) -> None:
        self._engine = engine
        self._schemas: list[Any] = request["schemas"]
        self._values: list[Any] = request["values"]
        self._kinds: dict[tuple[Any, ...], Declared | None] = {}
        self._completed: dict[tuple[int, int], Any] = {}
        self._found: list[Rule] = []

    def compile(self, said: dict[str, Any]) -> list[dict[str, Any]]:
        """Take a rule; what is wrong with it."""
        rule = Rule(self._engine, said, self._kind(said["schema"], spine(said["steps"])))
        self._found.append(rule)
        return rule.problems

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """What a rule says of an object."""
        rule = self._found[question["policy"]]
        if rule.program is None:
            return {"state": "unknown", "reason": "it is not evaluated"}
        schema = rule.said["schema"]
        old = None if question["old"] is None else self._value(question["old"], schema)
        every = instances(
            self._schemas[schema], rule.said["steps"], self._value(question["object"], schema), old
        )
        failures: list[dict[str, Any]] = []
        for item in every:
            if rule.reads_old and item.old is None and not rule.said["optional"]:
                continue
            try:
                failure = self._judged(rule, item)
            except UnknownValue as problem:
                return {"state": "unknown", "reason": str(problem)}
            if failure is not None:
                failures.append({"route": list(item.route), **failure})
                if len(failures) == _MOST_FAILURES:
                    break
        return {"state": "judged", "failures": failures}

    def _judged(self, rule: Rule, item: Instance) -> dict[str, Any] | None:
        """What is wrong with a value; raises ``UnknownValue``."""
        assert rule.program is not None
        old = typed(item.old, rule.kind)
        data = {"self": typed(item.value, rule.kind), "oldSelf": old, "__has_old": item.old is not None}
        self._engine.scope = Scope(data, {}, None)
        try:
            value = self._engine.evaluate(rule.program.program)
        except Failure as failure:
            return {"error": str(failure)}
        if value is True:
            return None
        if value is not False:
            return {"error": "it gives no boolean"}
        return {"message": self._message(rule)}

    def _message(self, rule: Rule) -> str | None:
        """What the rule's own expression says, if it says anything that the API server would show."""
        if rule.message is None:
            return None
        try:
            text = self._engine.evaluate(rule.message.program)
        except (Failure, UnknownValue):
            return None
        text = text.strip() if isinstance(text, str) else ""
        return text[:_MOST_TOLD] if text and "\n" not in text else None

    def _value(self, index: int, schema: int) -> Any:
        key = (index, schema)
        if key not in self._completed:
            self._completed[key] = completed(self._values[index], self._schemas[schema])
        return self._completed[key]

    def _kind(self, schema: int, steps: tuple[str | int, ...]) -> Declared | None:
        key = (schema, steps)
        if key not in self._kinds:
            here = self._schemas[schema]
            for step in steps:
                here = here.get(step) if isinstance(here, dict) else None
            is_root = not steps or (isinstance(here, dict) and here.get(EMBEDDED) is True)
            self._kinds[key] = declared(here, is_root=is_root)
        return self._kinds[key]


def main() -> None:
    """Read the request, compile all rules, answer question by question, each at once."""
    request = json.load(sys.stdin)
    sys.setrecursionlimit(DEEPEST)
    limit_memory(request["memory"])
    rules = Rules(Engine(("self", "oldSelf", "__has_old")), request)
    for said in request["policies"]:
        set_alarm(request["seconds"])
        print(json.dumps(rules.compile(said)), flush=True)
    for question in request["questions"]:
        set_alarm(request["seconds"])
        try:
            answer = rules.answer(question)
        except MemoryError:
            answer = {"state": "unknown", "reason": "it needs too much memory"}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
