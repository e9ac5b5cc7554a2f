"""What the containment engine says of one pair of schemas, as a whole and for each of its edits alone."""

from __future__ import annotations

import json
from typing import Any

from archlint.comparison.openapi.harm import EQUAL, Harm, Verdict
from archlint.comparison.openapi.lowered_pairs import serialization_of
from archlint.comparison.openapi.pairs import Pair
from archlint.comparison.openapi.schema_changes import is_null, keywords_of
from archlint.comparison.openapi.single_edits import (
    made_together,
    singled_out,
    with_all,
)
from archlint.comparison.schemas.answers import Answer, No, Relation, Unknown, Yes
from archlint.comparison.schemas.congruence import Congruence
from archlint.comparison.schemas.containment import Engine, reaches_one_of
from archlint.comparison.schemas.describing import undescribed
from archlint.comparison.schemas.schema import FALSE, Schema, produced, schema_with
from archlint.comparison.schemas.validation import faults, separates
from archlint.comparison.schemas.values import Undecided
from archlint.finding.records import replace
from archlint.model.openapi import Direction

_Sides = tuple[Schema, Schema]

_LONGEST = 4_000
"""Characters of a witness; what is longer proves nothing to a reader."""


class Judge:
    """Asks the engine about one pair after the other."""

    def __init__(self, engine: Engine, strict: Engine, congruence: Congruence) -> None:
        self._engine = engine
        self._strict = strict
        self._congruence = congruence

    def verdict(self, pair: Pair, old: Schema, new: Schema, means_null: bool) -> Verdict:
        """The verdict of one pair; ``means_null``: whether the side that accepts says of null what means
        nothing there, see ``lowered_pairs.means_null``: it then is no news."""
        is_request = pair.direction is Direction.REQUEST
        if self._congruence.holds(old, new):
            narrow, wide = (old, new) if is_request else (new, old)
            doubt = self._doubt(old, narrow, wide) if pair.changes else ""
            return replace(EQUAL, harm=Harm.UNKNOWN, reason=doubt) if doubt else EQUAL
        old, new = self._congruence.levelled(old, new)
        narrow, wide = (old, new) if is_request else (new, old)
        old_in_new, new_in_old = self._ask(old, new), self._ask(new, old)
        kinship = Relation(old_in_new, new_in_old).kinship.value
        harmful = old_in_new if is_request else new_in_old
        if isinstance(harmful, No):
            harmful = self._told_anew(narrow, wide) or harmful
        if isinstance(harmful, No) and harmful.witness is None and means_null:
            harmful = self._ask(schema_with(allOf=(narrow, schema_with(**{"not": _null()}))), wide)
        reason = next(
            (each.reason for each in (harmful, old_in_new, new_in_old) if isinstance(each, Unknown)), ""
        )
        if isinstance(harmful, Unknown):
            return Verdict(kinship, Harm.UNKNOWN, reason=reason)
        if isinstance(harmful, No):
            shown = replace(self._shown(harmful, narrow, wide), kinship=kinship, reason=reason)
            return self._with_edits(pair, (old, new), shown, means_null)
        doubt = self._doubt(old, narrow, wide) if pair.changes else ""
        if doubt:
            return Verdict(kinship, Harm.UNKNOWN, reason=doubt)
        return Verdict(kinship, Harm.NONE, reason=reason)

    def _doubt(self, old: Schema, narrow: Schema, wide: Schema) -> str:
        """Why it proves nothing about the edits of a pair that there is no harm; empty if it does prove it.

        They may stand in parts of it that are compared on their own, or there may be no value that anybody
        can send, as with a required member that the document does not declare.
        """
        if isinstance(self._ask(narrow, FALSE), Yes):
            return "no value at all can be sent, as where a required member is not declared"
        is_proved = not self._congruence.is_combined(old) or isinstance(
            self._strict.contains(sent(narrow), wide), Yes
        )
        return "" if is_proved else "the schema differs in parts that are compared on their own"

    def _shown(self, harmful: No, narrow: Schema, wide: Schema) -> Verdict:
        return Verdict(
            "unknown",
            Harm.SHOWN,
            as_witness(harmful.witness),
            is_loose=self._is_loose(narrow, wide),
            broken=faults(harmful.witness, wide),
        )

    def _with_edits(self, pair: Pair, sides: _Sides, whole: Verdict, means_null: bool) -> Verdict:
        """The verdict on a schema with those on its edits alone, and on what they leave unexplained."""
        edits = [at for at, change in enumerate(pair.changes) if keywords_of(change)]
        only = {edits[0]: replace(whole, is_own=True)} if len(edits) == 1 else {}
        if serialization_of(pair).text or serialization_of(pair).fields:
            return replace(whole, own=only)
        old, new = sides
        is_request = pair.direction is Direction.REQUEST
        own: dict[int, Verdict] = {}
        for at, alone in singled_out(pair.changes, old, new).items():
            found = None if alone is None else self._harm(*((old, alone) if is_request else (alone, old)))
            if found is not None and alone is not None:
                true = self._true(found, alone, (old, new), is_request)
                own[at] = replace(true, kinship=whole.kinship, is_own=True)
        for group, together in made_together(pair.changes, old, new):
            found = self._harm(*((old, together) if is_request else (together, old)))
            if found is not None and found.harm is Harm.NONE:
                own |= dict.fromkeys(group, replace(found, kinship=whole.kinship, is_own=True))
        if not any(each.harm is Harm.SHOWN for each in own.values()):
            own = {} if own else only
        for at in filter(lambda at: is_null(pair.changes[at]), edits):
            found = self._null(*((old, new) if is_request else (new, old)), means_null)
            own[at] = replace(found, kinship=whole.kinship)
        known = with_all(pair.changes, old, new)
        rest = None
        if known is not None:
            both = (
                (schema_with(allOf=(old, known)), new)
                if is_request
                else (new, schema_with(anyOf=(old, known)))
            )
            rest = self._harm(*both)
        return replace(whole, own=own, rest=rest)

    def _true(self, found: Verdict, alone: Schema, sides: _Sides, is_request: bool) -> Verdict:
        """The harm of one edit with a proof that holds on both sides as they are, with all other edits; none
        where there is no such value."""
        old, new = sides
        narrow, wide = (old, new) if is_request else (new, old)
        if found.witness is None or is_proof(found.witness, narrow, wide):
            return found
        if is_request:
            wide = schema_with(anyOf=(alone, new))
        else:
            narrow = schema_with(allOf=(new, alone))
        answer = self._ask(narrow, wide)
        return replace(found, witness=as_witness(answer.witness) if isinstance(answer, No) else None)

    def _null(self, narrow: Schema, wide: Schema, means_null: bool) -> Verdict:
        """The verdict on null alone, which one keyword lets in and another one may shut out again."""
        is_sent, is_taken = (isinstance(self._ask(_null(), side), Yes) for side in (narrow, wide))
        if not is_sent or is_taken or means_null:
            return Verdict("unknown", Harm.NONE, is_own=True)
        return Verdict("unknown", Harm.SHOWN, "null", broken=faults(None, wide), is_own=True)

    def _harm(self, narrow: Schema, wide: Schema) -> Verdict | None:
        """Whether values of the one schema are none of the other; ``None`` if that is not known."""
        answer = self._ask(narrow, wide)
        if isinstance(answer, Yes) or (isinstance(answer, No) and self._told_anew(narrow, wide) is not None):
            return Verdict("unknown", Harm.NONE)
        return self._shown(answer, narrow, wide) if isinstance(answer, No) else None

    def _told_anew(self, narrow: Schema, wide: Schema) -> Answer | None:
        """The proof that all that is lost are values of members which are described for the first time, where
        any name was allowed: a policy, see docs/breaking-policies.md."""
        rest = undescribed(narrow, wide)
        answer = None if rest is None else self._ask(narrow, rest, loose=True)
        return answer if isinstance(answer, Yes) else None

    def _is_loose(self, narrow: Schema, wide: Schema) -> bool:
        """Whether there is no harm once each ``oneOf`` is read as ``anyOf``."""
        if not (reaches_one_of(narrow) or reaches_one_of(wide)):
            return False
        return isinstance(self._ask(narrow, wide, loose=True), Yes)

    def _ask(self, narrow: Schema, wide: Schema, loose: bool = False) -> Answer:
        """Whether all values that a sender makes by the one schema are values of the other."""
        return self._engine.contains(sent(narrow), wide, loose)


def _null() -> Schema:
    """The schema of null alone."""
    return schema_with(type=frozenset(("null",)))


def sent(schema: Schema) -> Schema:
    """What a sender makes who follows the schema: also where it forgets to say so, objects for properties and
    arrays for items."""
    keywords = schema.keywords
    if "type" not in keywords and not _CHOOSING & keywords.keys():
        kinds = [kind for kind, names in _IMPLYING.items() if names & keywords.keys()]
        if len(kinds) == 1:
            return produced(schema_with(type=frozenset(kinds), allOf=(schema,)))
    return produced(schema)


_CHOOSING = frozenset(("enum", "allOf", "anyOf", "oneOf", "if", "not"))
_IMPLYING = {"object": frozenset(("properties",)), "array": frozenset(("items", "prefixItems"))}


def as_witness(value: Any) -> str | None:
    """A value as JSON; ``None`` if it is too long to be read."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else None


def is_proof(text: str, narrow: Schema, wide: Schema) -> bool:
    """Whether a value is taken by one schema and refused by the other."""
    try:
        return separates(json.loads(text), narrow, wide)
    except (Undecided, ValueError):
        return False
