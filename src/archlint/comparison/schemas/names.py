"""The names that an object may have: those that schemas mention, and one for every other kind of name.

Names that no schema mentions are told apart only by the patterns that they match, so one name stands for all
that match the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from archlint.comparison.schemas.answers import Found, Unknown
from archlint.comparison.schemas.clauses import Shape, clauses
from archlint.comparison.schemas.evaluation import Truth, at_name, covers
from archlint.comparison.schemas.facts import Facts, Solver
from archlint.comparison.schemas.schema import Schema, is_true, schema_with
from archlint.comparison.schemas.values import Undecided

_STRING = schema_with(type=frozenset(("string",)))
_MANY_PATTERNS = 5
_FRESH = ("extra", "other", "more", "another", "further")


class MemberNames:
    """What may stand under which name in the objects of some facts."""

    def __init__(self, solver: Solver, facts: Facts) -> None:
        self.solver = solver
        self.shapes: list[Shape] = facts.fulfilled.get("shape", [])
        self.absent = frozenset(facts.violated.get("required", ()))
        self.required = dict.fromkeys(facts.fulfilled.get("required", ()))
        self.rules: list[Schema] = facts.fulfilled.get("names", [])
        """What every name has to fulfil."""
        self.closed = facts.closed
        self.roots = list(facts.maybe) if self.closed else []
        """Schemas that may hold too, and then declare names."""
        self.maybe = [schema for node_ in facts.maybe for schema in _in_place(node_)] if self.closed else []
        self.mentioned: dict[str, None] = dict(self.required)
        for shape in self.shapes:
            self.mentioned.update(dict.fromkeys(shape.named))
        for schema in self.maybe:
            self.mentioned.update(dict.fromkeys(schema.keywords.get("properties", ())))

    def schemas(self, name: str) -> list[Schema]:
        """What a member of this name has to fulfil; raises ``Undecided`` if patterns do not tell."""
        found: list[Schema] = []
        for shape in self.shapes:
            for schema in at_name(shape, name):
                if schema is None:
                    raise Undecided("a pattern of names that cannot be read")
                found.append(schema)
        if self.closed and self._declared(name) is False:
            choices = self._perhaps(name)
            if all(not is_true(choice) for choice in choices):
                found.append(choices[0] if len(choices) == 1 else schema_with(anyOf=tuple(choices)))
        return found

    def allows(self, name: str) -> Truth:
        """Whether an object may have such a member at all."""
        if name in self.absent:
            return False
        for rule in self.rules:
            truth = self.solver.evaluator.holds(name, rule)
            if truth is not True:
                return truth
        if not self.closed:
            return True
        declared = self._declared(name)
        return True if declared is False and self._perhaps(name) else declared

    def _declared(self, name: str) -> Truth:
        found: Truth = False
        for shape in self.shapes:
            if shape.produced:
                covered = covers(shape, name)
                if covered or shape.other is not None:
                    return True
                found = covered if found is False else found
        return found

    def _perhaps(self, name: str) -> list[Schema]:
        """What schemas that may hold too say of a name that nothing else declares."""
        found: list[Schema] = []
        for schema in self.maybe:
            for item in clauses(schema, "object", False) or ():
                if item.kind == "shape":
                    found.extend(known or schema_with() for known in at_name(item.value, name))
        return found

    def undeclared(self, value: dict[str, object]) -> Iterator[tuple[str, list[Schema]]]:
        """Members that only schemas declare which may hold too but do not, each with these schemas."""
        for name in value:
            if self._declared(name) is not False:
                continue
            schemas = [root for root in self.roots if _mentions(root, name)]
            if not any(self.solver.evaluator.holds(value, root.plain) for root in schemas):
                yield name, schemas

    def others(
        self, patterns: Iterable[str], taken: Iterable[str] = (), broken: Schema | None = None
    ) -> Iterator[str]:
        """A name for each kind of name that no schema mentions; raises ``Undecided``.

        ``patterns``: more patterns that tell names apart, beside those of the shapes; ``taken``: further
        names that are not wanted; ``broken``: only names that do not fulfil this.
        """
        known = dict.fromkeys(pattern for shape in self.shapes for pattern, _ in shape.matching)
        for schema in self.maybe:
            known.update(dict.fromkeys(schema.keywords.get("patternProperties", ())))
        known.update(dict.fromkeys(patterns))
        shut = [*self.mentioned, *self.absent, *taken]
        if len(known) > _MANY_PATTERNS:
            raise Undecided("more than five patterns of names")
        if not known and not self.rules and broken is None:
            yield from _fresh(shut)
            return
        exclude = [schema_with(enum=tuple(shut))] if shut else []
        exclude.extend([broken] if broken is not None else [])
        for signs in product((False, True), repeat=len(known)):
            wanted = [
                schema_with(pattern=pattern) for pattern, sign in zip(known, signs, strict=True) if sign
            ]
            unwanted = [
                schema_with(pattern=pattern) for pattern, sign in zip(known, signs, strict=True) if not sign
            ]
            outcome = self.solver.below([_STRING, *self.rules, *wanted], [*unwanted, *exclude])
            if isinstance(outcome, Unknown):
                raise Undecided(outcome.reason)
            if isinstance(outcome, Found):
                yield outcome.value

    def breaking(self, rule: Schema) -> Iterator[str]:
        """Names that an object may have and that break a rule for names; raises ``Undecided``."""
        for name in self.mentioned:
            if self.solver.evaluator.holds(name, rule) is not True:
                yield name
        yield from self.others((), broken=rule)


def _fresh(shut: list[str]) -> Iterator[str]:
    taken = set(shut)
    yield from [
        next(name for name in (*_FRESH, *(f"extra{n}" for n in range(len(taken) + 1))) if name not in taken)
    ]


def _mentions(root: Schema, name: str) -> bool:
    """Whether a schema declares a name, if it and all that looks at the same value holds."""
    return any(
        item.kind == "shape" and (item.value.other is not None or covers(item.value, name) is not False)
        for schema in _in_place(root)
        for item in clauses(schema, "object", False) or ()
    )


def _in_place(schema: Schema) -> list[Schema]:
    """A schema and all that look at the same value with it and may hold."""
    found: list[Schema] = []
    waiting, seen = [schema], set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        found.append(current)
        keywords = current.keywords
        for name in ("allOf", "anyOf", "oneOf"):
            waiting.extend(keywords.get(name, ()))
        waiting.extend(keywords[name] for name in ("if", "then", "else") if name in keywords)
        waiting.extend(keywords.get("dependentSchemas", {}).values())
        if "unevaluatedProperties" in keywords:
            found.append(schema_with(additionalProperties=keywords["unevaluatedProperties"]))
    return found
