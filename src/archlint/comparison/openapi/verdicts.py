"""What the containment engine says of each pair of schemas that differ: which values are lost or new.

Each pair is judged for what it says itself: the pairs below it, which are judged too, are taken to be equal.
Nothing of the engine is imported unless schemas differ.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

from archlint.comparison.openapi.changes import Direction, Slot
from archlint.comparison.openapi.harm import EQUAL, Harm, Verdict
from archlint.comparison.openapi.labels import Names
from archlint.comparison.openapi.schema_changes import (
    AllOfChanged,
    AlternativeChanged,
    ConstraintChanged,
    EnumChanged,
    SchemaChange,
    TypeChanged,
)
from archlint.comparison.openapi.single_edits import keywords_of, singled_out, with_all
from archlint.comparison.openapi.value_changes import ValuesChanged
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.model.openapi import Contract, Dialect

if TYPE_CHECKING:
    from archlint.comparison.schemas.answers import Answer, No
    from archlint.comparison.schemas.congruence import Congruence
    from archlint.comparison.schemas.containment import Engine
    from archlint.comparison.schemas.lowering import Lowering
    from archlint.comparison.schemas.node import Node as Lowered
    from archlint.comparison.schemas.places import Direction as Way
    from archlint.comparison.schemas.places import Place
    from archlint.comparison.schemas.sharing import Resolve

    _Copies = tuple[tuple[Lowered, ...], tuple[Lowered, ...]]
    _Sides = tuple[Lowered, Lowered]

_STEPS, _TOTAL, _LEAST = 4_000, 60_000, 100
"""Steps of the engine for one question, for all questions about two contracts, and for each after these."""
_WORDING = (TypeChanged, EnumChanged, ConstraintChanged, AlternativeChanged, AllOfChanged)
"""Changes that are none where all values are kept, and not news by themselves as a new member is."""
_MOST_STEPS = 50
_LONGEST = 4_000
"""Characters of a witness; what is longer proves nothing to a reader."""


class Pair(Protocol):
    """Two schemas that stand for each other, and what differs between them."""

    changes: list[SchemaChange]
    has_parts: bool

    @property
    def base(self) -> Node: ...

    @property
    def revision(self) -> Node: ...

    @property
    def direction(self) -> Direction: ...

    @property
    def slot(self) -> Slot: ...


class Verdicts:
    """Judges the pairs of two contracts; one engine answers, so that what it learns serves all."""

    def __init__(self, base: Contract, revision: Contract, terms: ComparisonTerms, names: Names) -> None:
        self._names = names
        self._base = base
        self._revision = revision
        self._failures = terms.failures

    def add_to(self, pairs: Sequence[Pair]) -> None:
        """Tell all changes of all pairs the verdict, and add what harm there is as a change of its own.

        Two versions of OpenAPI say the same in other words: edits between them that change no value are none.
        """
        is_rewritten = self._base.dialect is not self._revision.dialect
        for pair, verdict in zip(pairs, self.of(pairs), strict=True):
            changes = list(pair.changes)
            if is_rewritten and verdict.kinship == EQUAL.kinship and verdict.harm is Harm.NONE:
                changes = [change for change in changes if not isinstance(change, _WORDING)]
            pair.changes[:] = [
                replace(change, verdict=verdict.own.get(at, verdict)) for at, change in enumerate(changes)
            ]
            if verdict.harm is not Harm.NONE:
                pair.changes.append(self._values_changed(pair, verdict))

    def _values_changed(self, pair: Pair, verdict: Verdict) -> ValuesChanged:
        revision = stated(pair.revision, self._revision)
        return ValuesChanged(
            at=revision.place(),
            was=stated(pair.base, self._base).place(),
            about=self._names.about(revision),
            where=self._names.label(revision),
            direction=pair.direction,
            verdict=verdict,
            edits=tuple(pair.changes),
        )

    def of(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """The verdict of each pair, in their order; one at which archlint fails is lost alone."""
        try:
            return self._judged(pairs) if pairs else []
        except Exception as error:
            if self._failures is None:
                raise
            if len(pairs) == 1:
                node = pairs[0].revision
                self._failures.add(self._names.label(node), node.document.path, error)
                return [Verdict("unknown", Harm.UNKNOWN, reason="archlint failed at it")]
        half = len(pairs) // 2
        return [*self.of(pairs[:half]), *self.of(pairs[half:])]

    def absorbs(self, pair: Pair, branches: tuple[Node, Node]) -> bool:
        """Whether all that a branch of a choice takes or may send is a value of the whole choice on the other
        side, be it by another branch; where archlint fails at it, it is not."""
        try:
            return self._absorbs(pair, branches)
        except Exception:
            if self._failures is None:
                raise
            return False

    def _absorbs(self, pair: Pair, branches: tuple[Node, Node]) -> bool:
        from archlint.comparison.schemas.answers import Yes
        from archlint.comparison.schemas.node import FALSE, node

        old, new = (copies[0] for copies in _lower(self._lowerings, pair, _place(pair)))
        is_request = pair.direction is Direction.REQUEST
        narrow, wide = (old, new) if is_request else (new, old)
        branch = self._branch(pair, narrow, branches)
        rest = {name: value for name, value in narrow.keywords.items() if name not in ("oneOf", "anyOf")}
        sent = _sent(node(allOf=(node(**rest), branch)))
        if isinstance(self._absolute.contains(sent, FALSE), Yes):
            return (
                False  # a branch of which no value can be sent, as with a wrong discriminator, shows nothing
            )
        return any(isinstance(self._absolute.contains(sent, wide, loose), Yes) for loose in (False, True))

    def _branch(self, pair: Pair, whole: Lowered, branches: tuple[Node, Node]) -> Lowered:
        """A branch of the side that sends, with what a discriminator demands of it."""
        is_request = pair.direction is Direction.REQUEST
        declared = branches[0 if is_request else 1]
        keyword, at = (*declared.route[-2:],) if len(declared.route) > 1 else ("", 0)
        lowered = whole.keywords.get(str(keyword), ())
        siblings = declared.document.at(declared.route[:-1]).value
        if isinstance(at, int) and isinstance(siblings, list) and len(siblings) == len(lowered):
            found: Lowered = lowered[at]
            return found
        lowering = self._lowerings[0 if is_request else 1]
        return lowering.copies(declared.value, declared, _way(pair), _place(pair))[0]

    @cached_property
    def _lowerings(self) -> tuple[Lowering, Lowering]:
        from archlint.comparison.schemas.lowering import lowerings

        return lowerings(_side(self._base), _side(self._revision))

    @cached_property
    def _absolute(self) -> Engine:
        """An engine that takes nothing for granted."""
        from archlint.comparison.schemas.answers import Budget
        from archlint.comparison.schemas.containment import Engine

        return Engine(Budget(steps=_STEPS, total=_TOTAL, least=_LEAST))

    def _judged(self, pairs: Sequence[Pair]) -> list[Verdict]:
        from archlint.comparison.schemas.answers import Budget
        from archlint.comparison.schemas.congruence import Congruence
        from archlint.comparison.schemas.containment import Engine

        sides = self._lowerings
        lowered = [_lower(sides, pair, _place(pair)) for pair in pairs]
        others = [_lower(sides, pair, place) for pair, place in _nested_in_text(pairs)]
        budget = Budget(steps=_STEPS, total=_TOTAL, least=_LEAST)
        engines = {in_place: Engine(budget, in_place) for in_place in (True, False)}
        compared = _assumed(engines.values(), [*lowered, *others])
        judges = {
            in_place: _Judge(engine, engines[False], Congruence(compared, in_place))
            for in_place, engine in engines.items()
        }
        verdicts = [
            judges[pair.has_parts].verdict(pair, old[0], new[0])
            for pair, (old, new) in zip(pairs, lowered, strict=True)
        ]
        return [self._written(pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True)]

    def _written(self, pair: Pair, verdict: Verdict) -> Verdict:
        """A verdict with its proof as the schema states it that accepts it, where values are text."""
        from archlint.comparison.schemas.places import BODY
        from archlint.comparison.schemas.writing_down import as_stated

        if verdict.witness is None or _place(pair) == BODY:
            return verdict
        is_request = pair.direction is Direction.REQUEST
        node = pair.base if is_request else pair.revision
        accepting = self._lowerings[0 if is_request else 1].lower(node.value, node, _way(pair), BODY)
        found = as_stated(json.loads(verdict.witness), accepting)
        text = None if found is None else _text(found)
        own = {at: replace(each, witness=text) for at, each in verdict.own.items()}
        return replace(verdict, witness=text, own=own)


def _assumed(engines: Collection[Engine], lowered: Sequence[_Copies]) -> list[tuple[Lowered, Lowered]]:
    """The pairs that engines take to be equal, as they are compared on their own.

    Of schemas that look at the same value that is assumed only where such are pairs below the one that is
    asked about: what is alike may be a pair in another part of the contract, and no pair here.
    """
    from archlint.comparison.schemas.node import produced

    judged = [pair for olds, news in lowered for pair in product(olds, news)]
    compared = [pair for pair in judged if not any(map(_leans_on_its_place, pair))]
    for engine in engines:
        for copies in (copies for pair in lowered for copies in pair):
            engine.equate(copies)
        for old, new in compared:
            for one, other in ((old, new), (new, old)):
                engine.assume(one, other)
                engine.assume(produced(one), other)
    return compared


def _lower(sides: tuple[Lowering, Lowering], pair: Pair, place: Place) -> _Copies:
    """The nodes of both schemas of a pair, for its direction and a place."""
    old, new = (
        lowering.copies(node.value, node, _way(pair), place)
        for lowering, node in zip(sides, (pair.base, pair.revision), strict=True)
    )
    return old, new


def _way(pair: Pair) -> Way:
    from archlint.comparison.schemas.places import Direction as Way

    return Way(pair.direction.value)


class _Judge:
    """Asks the engine about one pair after the other."""

    def __init__(self, engine: Engine, strict: Engine, congruence: Congruence) -> None:
        self._engine = engine
        self._strict = strict
        self._congruence = congruence

    def verdict(self, pair: Pair, old: Lowered, new: Lowered) -> Verdict:
        """The verdict of one pair."""
        from archlint.comparison.schemas.answers import No, Relation, Unknown

        is_request = pair.direction is Direction.REQUEST
        if self._congruence.holds(old, new):
            narrow, wide = (old, new) if is_request else (new, old)
            is_doubtful = pair.changes and self._is_doubtful(old, narrow, wide)
            return replace(EQUAL, harm=Harm.UNKNOWN) if is_doubtful else EQUAL
        old, new = self._congruence.levelled(old, new)
        narrow, wide = (old, new) if is_request else (new, old)
        kept, added = self._ask(old, new), self._ask(new, old)
        kinship = Relation(kept, added).kinship.value
        harmful = kept if is_request else added
        if isinstance(harmful, No):
            harmful = self._told_anew(narrow, wide) or harmful
        reason = next((each.reason for each in (harmful, kept, added) if isinstance(each, Unknown)), "")
        if isinstance(harmful, Unknown):
            return Verdict(kinship, Harm.UNKNOWN, reason=reason)
        if isinstance(harmful, No):
            shown = replace(self._shown(harmful, narrow, wide), kinship=kinship, reason=reason)
            return self._with_edits(pair, (old, new), shown)
        if pair.changes and self._is_doubtful(old, narrow, wide):
            return Verdict(kinship, Harm.UNKNOWN, reason=reason)
        return Verdict(kinship, Harm.NONE, reason=reason)

    def _is_doubtful(self, old: Lowered, narrow: Lowered, wide: Lowered) -> bool:
        """Whether it proves nothing about the edits of a pair that there is no harm.

        They may stand in parts of it that are compared on their own, or there may be no value that anybody
        can send, as with a required member that the document does not declare.
        """
        from archlint.comparison.schemas.answers import Yes
        from archlint.comparison.schemas.node import FALSE

        if isinstance(self._ask(narrow, FALSE), Yes):
            return True
        if not self._congruence.is_combined(old):
            return False
        return not isinstance(self._strict.contains(_sent(narrow), wide), Yes)

    def _shown(self, harmful: No, narrow: Lowered, wide: Lowered) -> Verdict:
        return Verdict(
            "unknown",
            Harm.SHOWN,
            _text(harmful.witness),
            is_loose=self._is_loose(narrow, wide),
            broken=_faults(harmful.witness, wide),
        )

    def _with_edits(self, pair: Pair, sides: _Sides, whole: Verdict) -> Verdict:
        """The verdict on a schema with those on its edits alone, and on what they leave unexplained."""
        from archlint.comparison.schemas.node import node

        edits = [at for at, change in enumerate(pair.changes) if keywords_of(change)]
        only = {edits[0]: replace(whole, is_own=True)} if len(edits) == 1 else {}
        if _place(pair).text or _place(pair).fields:
            return replace(whole, own=only)
        old, new = sides
        is_request = pair.direction is Direction.REQUEST
        own: dict[int, Verdict] = {}
        for at, alone in singled_out(pair.changes, old, new).items():
            found = None if alone is None else self._harm(*((old, alone) if is_request else (alone, old)))
            if found is not None and alone is not None:
                true = self._true(found, alone, (old, new), is_request)
                own[at] = replace(true, kinship=whole.kinship, is_own=True)
        if not any(each.harm is Harm.SHOWN for each in own.values()):
            own = {} if own else only
        known = with_all(pair.changes, old, new)
        rest = None
        if known is not None:
            both = (node(allOf=(old, known)), new) if is_request else (new, node(anyOf=(old, known)))
            rest = self._harm(*both)
        return replace(whole, own=own, rest=rest)

    def _true(self, found: Verdict, alone: Lowered, sides: _Sides, is_request: bool) -> Verdict:
        """The harm of one edit with a proof that holds on both sides as they are, with all other edits; none
        where there is no such value."""
        from archlint.comparison.schemas.answers import No
        from archlint.comparison.schemas.node import node

        old, new = sides
        narrow, wide = (old, new) if is_request else (new, old)
        if found.witness is None or _is_proof(found.witness, narrow, wide):
            return found
        if is_request:
            wide = node(anyOf=(alone, new))
        else:
            narrow = node(allOf=(new, alone))
        answer = self._ask(narrow, wide)
        return replace(found, witness=_text(answer.witness) if isinstance(answer, No) else None)

    def _harm(self, narrow: Lowered, wide: Lowered) -> Verdict | None:
        """Whether values of the one schema are none of the other; ``None`` if that is not known."""
        from archlint.comparison.schemas.answers import No, Yes

        answer = self._ask(narrow, wide)
        if isinstance(answer, Yes) or (isinstance(answer, No) and self._told_anew(narrow, wide) is not None):
            return Verdict("unknown", Harm.NONE)
        return self._shown(answer, narrow, wide) if isinstance(answer, No) else None

    def _told_anew(self, narrow: Lowered, wide: Lowered) -> Answer | None:
        """The proof that all that is lost are values of members which are described for the first time, where
        any name was allowed: a policy, see docs/breaking-policies.md."""
        from archlint.comparison.schemas.answers import Yes
        from archlint.comparison.schemas.describing import undescribed

        rest = undescribed(narrow, wide)
        answer = None if rest is None else self._ask(narrow, rest, loose=True)
        return answer if isinstance(answer, Yes) else None

    def _is_loose(self, narrow: Lowered, wide: Lowered) -> bool:
        """Whether there is no harm once each ``oneOf`` is read as ``anyOf``."""
        from archlint.comparison.schemas.answers import Yes
        from archlint.comparison.schemas.containment import reaches_one_of

        if not (reaches_one_of(narrow) or reaches_one_of(wide)):
            return False
        return isinstance(self._ask(narrow, wide, loose=True), Yes)

    def _ask(self, narrow: Lowered, wide: Lowered, loose: bool = False) -> Answer:
        """Whether all values that a sender makes by the one schema are values of the other."""
        return self._engine.contains(_sent(narrow), wide, loose)


def _leans_on_its_place(schema: Lowered) -> bool:
    """Whether a schema demands members that only what stands around it declares, as ``then`` and branches do:
    alone it is fulfilled by nothing that anybody sends, so its own verdict tells nothing of the whole."""
    demanded = set(schema.keywords.get("required", ()))
    waiting, seen = [schema], {id(schema)}
    while demanded and waiting:
        part = waiting.pop()
        demanded -= part.keywords.get("properties", {}).keys()
        fresh = [each for each in part.keywords.get("allOf", ()) if id(each) not in seen]
        seen.update(map(id, fresh))
        waiting.extend(fresh)
    return bool(demanded)


def _sent(schema: Lowered) -> Lowered:
    """What a sender makes who follows the schema: also where it forgets to say so, objects for properties and
    arrays for items."""
    from archlint.comparison.schemas.node import node, produced

    keywords = schema.keywords
    if "type" not in keywords and not _CHOOSING & keywords.keys():
        kinds = [kind for kind, names in _IMPLYING.items() if names & keywords.keys()]
        if len(kinds) == 1:
            return produced(node(type=frozenset(kinds), allOf=(schema,)))
    return produced(schema)


_CHOOSING = frozenset(("enum", "allOf", "anyOf", "oneOf", "if", "not"))
_IMPLYING = {"object": frozenset(("properties",)), "array": frozenset(("items", "prefixItems"))}


def stated(schema: Node, contract: Contract) -> Node:
    """Where a schema says what it says: behind references and parts with nothing beside them."""
    for _ in range(_MOST_STEPS):
        value = schema.value
        says = [] if not isinstance(value, dict) else [name for name in value if _speaks(name)]
        ignores = (contract.dialect or Dialect.V3_0) < Dialect.V3_1
        if "$ref" in says and (ignores or len(says) == 1):
            target, _ = contract.references.step(schema, str(value["$ref"]))
            if target is None or not target.exists:
                return schema
            schema = target
        elif says == ["allOf"] and isinstance(value["allOf"], list) and len(value["allOf"]) == 1:
            schema = schema.get("allOf", 0)
        else:
            return schema
    return schema


def _speaks(name: object) -> bool:
    from archlint.comparison.schemas.json_schema import ANNOTATIONS

    return name not in ANNOTATIONS and not str(name).startswith("x-")


def _side(contract: Contract) -> tuple[Dialect, Resolve]:
    def resolve(text: str, here: Any) -> tuple[Any, Any] | None:
        target, _ = contract.references.step(here, text)
        return None if target is None or not target.exists else (target.value, target)

    return contract.dialect or Dialect.V3_0, resolve


def _place(pair: Pair) -> Place:
    """How the values of a pair are written."""
    from archlint.comparison.schemas.places import BODY, FORM, parameter

    if pair.slot is Slot.TEXT_BODY:
        return FORM
    if pair.slot in _HEADERS:
        return parameter("header")
    return parameter("query") if pair.slot in _TEXTS else BODY


_HEADERS = frozenset((Slot.HEADER, Slot.HEADER_PARAMETER, Slot.HEADER_PROPERTY, Slot.WEBHOOK_HEADER))
_TEXTS = frozenset(
    (
        *(Slot.PARAMETER, Slot.PARAMETER_PROPERTY, Slot.TEXT_PROPERTY, Slot.UNNAMED_TEXT),
        *(Slot.WEBHOOK_PARAMETER, Slot.WEBHOOK_PARAMETER_PROPERTY, Slot.CALLBACK_TEXT),
        *(Slot.PLAIN_BODY, Slot.WEBHOOK_PLAIN),
    )
)
_AROUND = frozenset((Slot.UNNAMED_TEXT, Slot.CALLBACK_TEXT, Slot.HEADER, Slot.WEBHOOK_HEADER))
_INNER = frozenset((Slot.UNNAMED, Slot.CALLBACK))


def _nested_in_text(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, Place]]:
    """The pairs that may stand below values that are text, though their role does not tell, and how."""
    from archlint.comparison.schemas.places import parameter

    if any(pair.slot in _AROUND for pair in pairs):
        places = parameter("query"), parameter("header")
        yield from product((pair for pair in pairs if pair.slot in _INNER), places)


def _text(value: Any) -> str | None:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else None


def _is_proof(text: str, narrow: Lowered, wide: Lowered) -> bool:
    """Whether a value is taken by one schema and refused by the other."""
    from archlint.comparison.schemas.validation import separates
    from archlint.comparison.schemas.values import Undecided

    try:
        return separates(json.loads(text), narrow, wide)
    except (Undecided, ValueError):
        return False


def _faults(value: Any, wide: Lowered) -> frozenset[str]:
    """The keywords of a schema itself, not of those below it, that a value breaks."""
    from archlint.comparison.schemas.validation import faults

    return faults(value, wide)
