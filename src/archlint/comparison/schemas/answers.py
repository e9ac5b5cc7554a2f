"""What the containment engine answers, what an answer follows from, and the work it may spend on one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Proof:
    """A derivation: the rule that was used, and what it follows from. It may be deep: print its ``lines``."""

    rule: str
    parts: tuple[Proof, ...] = ()

    def __repr__(self) -> str:
        return f"Proof({self.rule!r}, {len(self.parts)} parts)"

    def lines(self, most: int = 200) -> list[str]:
        """The derivation as indented text, at most so many lines."""
        found: list[str] = []
        waiting: list[tuple[int, Proof]] = [(0, self)]
        while waiting and len(found) < most:
            depth, proof = waiting.pop()
            found.append("  " * depth + proof.rule)
            waiting.extend((depth + 1, part) for part in reversed(proof.parts))
        return found


@dataclass(frozen=True, slots=True)
class Yes:
    """Every value of A is a value of B."""

    derivation: Proof


@dataclass(frozen=True, slots=True)
class No:
    """The witness is a value of A and none of B: the validator said so."""

    witness: Any


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither could be shown."""

    reason: str


Answer = Yes | No | Unknown


class Kinship(StrEnum):
    """How the values of two schemas lie to each other."""

    EQUAL = "equal"
    NARROWER = "narrower"
    """B takes fewer values than A."""
    WIDER = "wider"
    """B takes more values than A."""
    INCOMPARABLE = "incomparable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Relation:
    """Both answers for a pair of schemas.

    ``loose`` holds the answers with each ``oneOf`` read as ``anyOf``, where they differ from the exact ones:
    then all that separates the two is how branches overlap, which few authors mean.
    """

    forward: Answer
    """Is every value of A a value of B?"""
    backward: Answer
    """Is every value of B a value of A?"""
    loose: tuple[Answer, Answer] | None = None

    @property
    def kinship(self) -> Kinship:
        """The two answers in one word."""
        pair = (self.forward, self.backward)
        if any(isinstance(answer, Unknown) for answer in pair):
            return Kinship.UNKNOWN
        return {
            (True, True): Kinship.EQUAL,
            (True, False): Kinship.WIDER,
            (False, True): Kinship.NARROWER,
            (False, False): Kinship.INCOMPARABLE,
        }[(isinstance(self.forward, Yes), isinstance(self.backward, Yes))]


@dataclass(slots=True)
class Budget:
    """Work that one question may cost, counted and not timed, so that answers do not depend on the
    machine."""

    steps: int = 30_000
    """Steps of the search for one question; one costs some 20 to 100 microseconds."""
    total: int = 300_000
    """Steps for all questions to one engine; after that each may only cost ``least``."""
    least: int = 500
    regex_steps: int = 300_000
    """Edges that are walked in automata for one question about patterns; one costs about a microsecond."""
    frames: int = 8_000
    """How deep the search may nest, in Python's frames: about eight for a level of a value, two for a case.
    """


@dataclass(frozen=True, slots=True)
class Empty:
    """No value fulfils a sequent."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Found:
    """A value that should fulfil a sequent; whoever answers "no" with it has it checked first."""

    value: Any


Outcome = Empty | Found | Unknown
"""What looking for a value that fulfils some schemas and violates others comes to."""
