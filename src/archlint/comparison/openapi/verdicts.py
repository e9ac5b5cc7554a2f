"""What the containment engine says of each pair of schemas that differ: which values are lost or new.

Each pair is judged for what it says itself: the pairs below it, which are judged too, are taken to be equal.
Whoever imports this module imports the engine; ``schema_pairs`` does once schemas differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import product
from typing import TypeVar

from archlint.comparison.openapi.harm import EQUAL, Harm, Verdict
from archlint.comparison.openapi.judge import Judge, as_witness, is_proof, sent
from archlint.comparison.openapi.labels import Names
from archlint.comparison.openapi.lowered_pairs import (
    Copies,
    lower,
    means_null,
    serialization_of,
    stated,
)
from archlint.comparison.openapi.overlaps import SchemaSides, edited_branch, loosened, overlap
from archlint.comparison.openapi.pairs import Key, Pair
from archlint.comparison.openapi.schema_changes import (
    AllOfChanged,
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    TypeChanged,
    keywords_of,
)
from archlint.comparison.openapi.value_changes import ValuesChanged, outdone, told_at
from archlint.comparison.schemas.answers import Budget, No, Unknown, Yes
from archlint.comparison.schemas.assumptions import Assumptions
from archlint.comparison.schemas.congruence import Congruence
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.lowering import Lowering
from archlint.comparison.schemas.schema import FALSE, Schema, in_place, produced, schema_with
from archlint.comparison.schemas.serialization import BODY
from archlint.comparison.schemas.writing_down import as_stated
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.openapi import Contract, Direction

T = TypeVar("T")

_STEPS, _TOTAL, _LEAST = 4_000, 60_000, 100
"""Steps of the engine for one question, for all questions about two contracts, and for each after these."""
_MOST_IN_PLACE = 8_000
"""Schemas for one value that are looked through to see what choices absorb, for all choices of a contract;
edits in further ones are told as they are by themselves."""
_TOO_MANY = "the alternatives of the contract, with those within them, are too many to look through"
_MOST_OVERLAPPING = 1_500
"""Schemas for one value that are looked through in search of overlaps, for all choices of a contract."""
_MOST_AROUND = 60
"""Schemas for one value with a condition that may absorb a part; in larger ones that is told by itself."""
_WORDING = (TypeChanged, EnumChanged, ConstraintChanged, AlternativeChanged, AllOfChanged)
"""Changes that are none where all values are kept, and not news by themselves as a new member is."""


class Verdicts:
    """Judges the pairs of two contracts; one engine answers, so that what it learns serves all."""

    def __init__(
        self,
        base: Contract,
        revision: Contract,
        terms: ComparisonTerms,
        names: Names,
        lowerings: tuple[Lowering, Lowering],
    ) -> None:
        """``lowerings`` make the schemas of both versions ready for the engine."""
        self._names = names
        self._lowerings = lowerings
        self._base = base
        self._revision = revision
        self._failures = terms.failures
        self._in_place_left, self._overlaps_left = _MOST_IN_PLACE, _MOST_OVERLAPPING

    def add_to(self, pairs: Sequence[Pair], known: Sequence[Pair] = ()) -> None:
        """Tell all changes of all pairs the verdict, and add what harm there is as a change of its own.

        ``known`` are the pairs below these that other contracts have as well and that are judged there.
        Two versions of OpenAPI say the same in other words: edits between them that change no value are none.
        """
        is_rewritten = self._base.dialect is not self._revision.dialect
        for pair, verdict in zip(pairs, self.of(pairs, known), strict=True):
            changes = list(pair.changes)
            if is_rewritten and verdict.kinship == EQUAL.kinship and verdict.harm is Harm.NONE:
                changes = [change for change in changes if not isinstance(change, _WORDING)]
            pair.changes[:] = [
                replace(change, verdict=verdict.own.get(at, verdict)) for at, change in enumerate(changes)
            ]
            if verdict.harm is not Harm.NONE:
                self._add_values(pair, verdict)

    def _add_values(self, pair: Pair, verdict: Verdict) -> None:
        """Add the harm of a pair; what a choice refuses by one edit in it is told there."""
        values = self.values_changed(pair, verdict)
        edits = [at for at, change in enumerate(pair.changes) if keywords_of(change)]
        if verdict.is_loose and len(edits) == 1:
            edit = pair.changes[edits[0]]
            values = told_at(values, edit, self.choices(pair))
            pair.changes[edits[0]] = outdone(edit)
        pair.changes.append(values)

    def values_changed(self, pair: Pair, verdict: Verdict) -> ValuesChanged:
        """The harm of a pair as a change of it."""
        base, revision = self.choices(pair)
        return ValuesChanged(
            at=revision.place(),
            was=base.place(),
            about=self._names.about(revision),
            where=self._names.label(revision),
            direction=pair.direction,
            verdict=verdict,
            edits=tuple(pair.changes),
        )

    def choices(self, pair: Pair) -> tuple[Node, Node]:
        """Where either side says what the schema of a pair is."""
        return stated(pair.base, self._base), stated(pair.revision, self._revision)

    def of(self, pairs: Sequence[Pair], known: Sequence[Pair] = ()) -> list[Verdict]:
        """The verdict of each pair, in their order; one at which archlint fails is lost alone."""
        try:
            return self._judged(pairs, known) if pairs else []
        except Exception as error:
            if self._failures is None:
                raise
            if len(pairs) == 1:
                node = pairs[0].revision
                self._failures.add(self._names.label(node), node.document.path, error)
                return [Verdict("unknown", Harm.UNKNOWN, reason="archlint failed at it")]
        half = len(pairs) // 2
        return [*self.of(pairs[:half], known), *self.of(pairs[half:], known)]

    def absorbs(self, pair: Pair, below: Key) -> bool | None:
        """Whether all that a part of a schema takes or may send is a value of the whole schema on the other
        side: that of a branch by another branch, that of ``then`` because of the condition.

        ``None`` for a branch of which nothing can be sent, as with a wrong discriminator: what is sent all
        the same, nobody can tell. So it is where archlint fails at it.
        """
        return self._unless_it_fails(lambda: self._absorbs(pair, pair.branches.get(below)))

    def overlap(self, pair: Pair) -> tuple[Key | None, Verdict] | None:
        """The branch of a pair that takes values now which fit another one too, and what comes of it; no
        branch where that is not known, and nothing where archlint fails at it."""
        return self._unless_it_fails(lambda: self._overlap(pair))

    def _unless_it_fails(self, ask: Callable[[], T]) -> T | None:
        """An answer; none where archlint fails at it and failures are gathered."""
        try:
            return ask()
        except Exception:
            if self._failures is None:
                raise
            return None

    def _overlap(self, pair: Pair) -> tuple[Key | None, Verdict] | None:
        serialization, is_request = serialization_of(pair), pair.direction is Direction.REQUEST

        def sides_of(nodes: tuple[Node, Node]) -> SchemaSides:
            old, new = (
                lowering.copies(node.value, node, pair.direction, serialization)[0]
                for lowering, node in zip(self._lowerings, nodes, strict=True)
            )
            return (old, new) if is_request else (new, old)

        narrow, wide = sides_of((pair.base, pair.revision))
        self._overlaps_left -= sum(1 for _ in in_place(wide, self._overlaps_left))
        if self._overlaps_left <= 0:
            return None, Verdict("unknown", Harm.UNKNOWN, is_loose=True, reason=_TOO_MANY)
        answer = overlap(self._absolute, narrow, wide)
        if not isinstance(answer, (No, Unknown)):
            return None
        witness = as_witness(answer.witness) if isinstance(answer, No) else None
        if witness is None:
            reason = answer.reason if isinstance(answer, Unknown) else "the value that shows it is too long"
            return None, Verdict("unknown", Harm.UNKNOWN, is_loose=True, reason=reason)
        key = edited_branch(pair, witness, sides_of)
        return None if key is None else (key, Verdict("unknown", Harm.SHOWN, witness, is_loose=True))

    def _absorbs(self, pair: Pair, branches: tuple[Node, Node] | None) -> bool | None:
        old, new = (copies[0] for copies in lower(self._lowerings, pair, serialization_of(pair)))
        is_request = pair.direction is Direction.REQUEST
        narrow, wide = (old, new) if is_request else (new, old)
        size = sum(1 for _ in in_place(narrow, self._in_place_left))
        if branches is None and size > _MOST_AROUND:
            return False
        self._in_place_left -= size
        if self._in_place_left <= 0:
            return False
        values = sent(narrow)
        if branches is not None:
            branch = self._branch(pair, narrow, branches)
            rest = {name: value for name, value in narrow.keywords.items() if name not in ("oneOf", "anyOf")}
            values = sent(schema_with(allOf=(schema_with(**rest), branch)))
        if isinstance(self._absolute.contains(values, FALSE), Yes):
            return None
        return any(isinstance(self._absolute.contains(values, each), Yes) for each in (wide, loosened(wide)))

    def _branch(self, pair: Pair, whole: Schema, branches: tuple[Node, Node]) -> Schema:
        """A branch of the side that sends, with what a discriminator demands of it."""
        is_request = pair.direction is Direction.REQUEST
        declared = branches[0 if is_request else 1]
        keyword, at = (*declared.route[-2:],) if len(declared.route) > 1 else ("", 0)
        lowered = whole.keywords.get(str(keyword), ())
        side = (pair.base, self._base) if is_request else (pair.revision, self._revision)
        home = stated(*side)
        is_its_own = declared.document is home.document and declared.route[:-2] == home.route
        siblings = declared.document.at(declared.route[:-1]).value
        # a choice within a choice may have become branches of the outer one: then others stand at the index
        is_alike = isinstance(siblings, list) and len(siblings) == len(lowered)
        if is_its_own and is_alike and isinstance(at, int):
            found: Schema = lowered[at]
            return found
        lowering = self._lowerings[0 if is_request else 1]
        return lowering.copies(declared.value, declared, pair.direction, serialization_of(pair))[0]

    @cached_property
    def _absolute(self) -> Engine:
        """An engine that takes nothing for granted."""
        return Engine(Budget(steps=_STEPS, total=_TOTAL, least=_LEAST))

    def _judged(self, pairs: Sequence[Pair], known: Sequence[Pair]) -> list[Verdict]:
        sides = self._lowerings
        lowered = [lower(sides, pair, serialization_of(pair)) for pair in pairs]
        others = [lower(sides, pair, serialization_of(pair)) for pair in known]
        budget = Budget(steps=_STEPS, total=_TOTAL, least=_LEAST)
        assumed = Assumptions()
        engines = {in_place: Engine(budget, in_place, assumed) for in_place in (True, False)}
        alone = [*map(_stands_alone, pairs), *(False for _ in others)]
        compared = _assume(assumed, [*lowered, *others], alone)
        judges = {
            in_place: Judge(engine, engines[False], Congruence(compared, in_place))
            for in_place, engine in engines.items()
        }
        verdicts = [
            judges[_looks_at_parts(pair)].verdict(pair, old[0], new[0], self._means_null(pair))
            for pair, (old, new) in zip(pairs, lowered, strict=True)
        ]
        return [self._written(pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True)]

    def _means_null(self, pair: Pair) -> bool:
        is_request = pair.direction is Direction.REQUEST
        accepting = (pair.revision, self._revision) if is_request else (pair.base, self._base)
        return means_null(*accepting)

    def _written(self, pair: Pair, verdict: Verdict) -> Verdict:
        """A verdict with its proof as the schema states it that accepts it, where values are text; without
        one where only the text is refused, as where it is read as a number and as a string."""
        if verdict.witness is None or serialization_of(pair) == BODY:
            return verdict
        sides = [
            lowering.lower(node.value, node, pair.direction, BODY)
            for lowering, node in zip(self._lowerings, (pair.base, pair.revision), strict=True)
        ]
        accepting, refusing = sides if pair.direction is Direction.REQUEST else reversed(sides)
        found = as_stated(json.loads(verdict.witness), accepting)
        text = None if found is None else as_witness(found)
        if text is not None and not is_proof(text, accepting, refusing):
            text = None
        own = {at: replace(each, witness=text) for at, each in verdict.own.items()}
        return replace(verdict, witness=text, own=own)


def _looks_at_parts(pair: Pair) -> bool:
    """Whether pairs below one look at the same value: its parts, and the items of an array that is written as
    text, since a text stands for an array of one."""
    is_array = any(node.get("items").exists for node in (pair.base, pair.revision))
    return bool(pair.parts) or (is_array and serialization_of(pair).text)


def _stands_alone(pair: Pair) -> bool:
    """Whether a schema is all that is said of a value: that of a property or an item."""
    return all(
        node.route[-1:] in (("items",), ("additionalProperties",)) or node.route[-2:-1] == ("properties",)
        for node in (pair.base, pair.revision)
    )


def _assume(
    assumed: Assumptions, lowered: Sequence[Copies], alone: Sequence[bool]
) -> list[tuple[Schema, Schema]]:
    """Let engines take pairs to be equal, as they are compared on their own; returns these pairs.

    ``alone``: of which of them each is all that is said of a value. One that demands what it does not declare
    is then refused on its own, and told there; but what nobody can send would be told nowhere.

    Of schemas that look at the same value that is assumed only where such are pairs below the one that is
    asked about: what is alike may be a pair in another part of the contract, and no pair here.
    """
    judged = [
        (pair, is_alone)
        for (olds, news), is_alone in zip(lowered, alone, strict=True)
        for pair in product(olds, news)
    ]
    sides = {id(side): side for pair, _ in judged for side in pair}
    partial = {at: _needs_its_context(side) for at, side in sides.items()}
    compared = [(old, new) for (old, new), _ in judged if not (partial[id(old)] or partial[id(new)])]
    for copies in (copies for pair in lowered for copies in pair):
        assumed.equate(copies)
    for (old, new), is_alone in judged:
        for one, other in ((old, new), (new, old)):
            if not partial[id(one)] and (is_alone or not partial[id(other)]):
                assumed.add(one, other)
                assumed.add(produced(one), other)
    return compared


def _needs_its_context(schema: Schema) -> bool:
    """Whether a schema demands members that only what stands around it declares, as ``then`` and branches do:
    alone it is fulfilled by nothing that anybody sends, so its own verdict tells nothing of the whole."""
    if "object" not in schema.keywords.get("type", ("object",)):
        return False
    demanded = set(schema.keywords.get("required", ()))
    waiting, seen = [schema], {id(schema)}
    while demanded and waiting:
        part = waiting.pop()
        demanded -= part.keywords.get("properties", {}).keys()
        fresh = [each for each in part.keywords.get("allOf", ()) if id(each) not in seen]
        seen.update(map(id, fresh))
        waiting.extend(fresh)
    return bool(demanded)
