"""Whether the witness of a finding proves what it is said to prove.

The value, as it is printed, has to be taken by the schema that the finding marks on the side that is named,
and refused by the one on the other side. What nobody can decide is unproved, and never taken for a proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archlint.finding import Finding, Location
from archlint.model.world import World
from archlint.reports.formats.json import witness_fields
from tests.laws.documents import Documents, Json, Version, Way, tokens_of, version_of
from tests.laws.judge import Side
from tests.laws.marked import Schema, Writing, schemas_on
from tests.laws.texts import as_written, form_readings, readings


class Status(StrEnum):
    """What became of a witness."""

    PROVED = "proved"
    UNPROVED = "unproved"
    FALSE = "false"


@dataclass(frozen=True)
class Proof:
    """A finding with a witness, and what the judge says of it."""

    finding: Finding
    status: Status
    reason: str


class Court:
    """Judges the witnesses of one comparison."""

    def __init__(self, base: World, revision: World) -> None:
        self._worlds = {"base": base, "revision": revision}
        self._sides: dict[tuple[str, str], Side | None] = {}

    def proofs(self, findings: Sequence[Finding]) -> list[Proof]:
        """What becomes of each witness."""
        return [self._proof(finding) for finding in findings if finding.witness is not None]

    def _proof(self, finding: Finding) -> Proof:
        fields = witness_fields(finding)
        assert fields is not None
        value, taken, refused = fields["value"], fields["accepted_by"], fields["rejected_by"]
        places = self._places(finding)
        answers = [
            (self._takes(taken, one, value, taken), self._takes(refused, other, value, taken))
            for one, other in self._pairs(places[taken], places[refused], _marks_what_it_has(finding))
        ]
        if (True, False) in answers:
            return Proof(finding, Status.PROVED, "")
        if not answers:
            return Proof(finding, Status.UNPROVED, "no schema stands at the place")
        if any(None in answer for answer in answers):
            return Proof(finding, Status.UNPROVED, "the judge cannot decide")
        if self._is_discriminated(places):
            return Proof(finding, Status.UNPROVED, "a discriminator has a say")
        said = {True: "takes", False: "refuses"}
        one, other = answers[0]
        return Proof(finding, Status.FALSE, f"{taken} {said[bool(one)]} it, {refused} {said[bool(other)]} it")

    def _places(self, finding: Finding) -> dict[str, list[Location]]:
        was = [place for place in finding.related if place.revision == "base"]
        return {"base": was, "revision": [finding.location]}

    def _pairs(
        self, taken: list[Location], refused: list[Location], may_leave: bool
    ) -> Iterator[tuple[tuple[str, Schema], tuple[str, Schema]]]:
        """The schemas on both sides that a finding may speak of: what it marks, and those around that look
        at the same value; for properties what has the property."""
        for one in taken:
            for other in refused:
                for schema in _about(one, may_leave):
                    for counterpart in _about(other, may_leave):
                        yield (one.path, schema), (other.path, counterpart)

    def _takes(self, side: str, place: tuple[str, Schema], value: Json, accepted_by: str) -> bool | None:
        path, schema = place
        judge = self._side(side, path)
        if judge is None:
            return None
        way = Way.WRITE if accepted_by == "base" else Way.READ

        def accepts(each: Json) -> bool | None:
            return judge.accepts(path, schema.pointer, each, way)

        is_body = judge.documents.version is Version.OLD and "schema" in tokens_of(schema.pointer)
        if schema.writing is Writing.TEXT and not is_body:
            return as_written(accepts, readings(value))
        if schema.writing is Writing.FORM:
            return as_written(accepts, form_readings(value))
        return accepts(value)

    def _is_discriminated(self, places: dict[str, list[Location]]) -> bool:
        for side, locations in places.items():
            for location in locations:
                judge, schemas = self._side(side, location.path), schemas_on(location.pointer or "")
                if judge is not None and schemas:
                    try:
                        if judge.has_discriminator(location.path, schemas[0].pointer):
                            return True
                    except LookupError:
                        continue
        return False

    def _side(self, side: str, path: str) -> Side | None:
        """The schemas of the contract that a file belongs to."""
        if (side, path) not in self._sides:
            documents = _contract_of(self._worlds[side], path)
            self._sides[side, path] = None if documents is None else Side(documents)
        return self._sides[side, path]


def _marks_what_it_has(finding: Finding) -> bool:
    """Whether a finding marks a property or a keyword, and speaks of the schema that has it: edits of
    properties, new members of closed objects among them, and of keywords that hold a schema."""
    return finding.rule.startswith(("property-", "constraint-")) or finding.message_id == "closed"


def _about(location: Location, may_leave: bool) -> Iterator[Schema]:
    """What is marked, and the schemas around that look at the same value; ``may_leave``: and for a property
    or keyword what has it."""
    pointer = location.pointer or ""
    for schema in schemas_on(pointer):
        yield schema
        if not schema.is_part and not (may_leave and schema.pointer == pointer):
            return


def _contract_of(world: World, path: str) -> Documents | None:
    """A contract that a file is, or that refers to it."""

    def load(name: str) -> Json:
        document = world.document(name)
        if document is None:
            raise LookupError(name)
        return document.data

    roots = [document for document in world.documents() if version_of(document.data) is not None]
    roots.sort(key=lambda document: document.path != path)
    for root in roots:
        version = version_of(root.data)
        documents = Documents(load, root.path, version or Version.MODERN)
        if root.path == path or path in documents.reachable:
            return documents
    return None


def untrue(base: World, revision: World, findings: Sequence[Finding]) -> list[str]:
    """The false witnesses among findings, in words."""
    proofs = Court(base, revision).proofs(findings)
    return [told(proof) for proof in proofs if proof.status is Status.FALSE]


def told(proof: Proof) -> str:
    """A witness and what is wrong with it."""
    finding = proof.finding
    witness = finding.witness
    assert witness is not None
    where = f"{finding.location.path}#{finding.location.pointer}"
    return f"{finding.rule} at {where}: {witness.value!r}: {proof.reason}: {finding.message}"
