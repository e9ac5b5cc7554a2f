"""Values of exchanges that wait for their schemas: all of a contract are judged in one go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archlint.comparison.evidence.gathering import Case, Gathered
from archlint.comparison.evidence.mismatches import TrafficMismatch
from archlint.comparison.evidence.words import Speech, problem_of
from archlint.comparison.schemas.definitions import SchemaDefinitions
from archlint.comparison.schemas.trials import AT_VALUE, tried
from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Dialect
from archlint.model.openapi.schema_errors import SchemaError, leaves
from archlint.model.world import World

_CHOICES = frozenset(("anyOf", "oneOf", "not", "if", "contains", "uniqueItems"))
"""Keywords of which a part somewhere inside decides whether the whole fits."""
_MOST_PARTS = 20
"""Wrong parts of one value that are told."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A value of a case with all that it may stand for, and what it is if it does not fit."""

    case: Case
    schema: Node
    readings: Sequence[Any]
    optional: frozenset[str]
    kind: type[TrafficMismatch]
    place: Place
    whole: str
    """What the value is called in a sentence that begins with it."""
    terms: dict[str, str]
    is_of_request: bool
    open_parts: Sequence[Sequence[str | int]] = ()
    """Ways to parts of the value that are not known, so that nothing is said of them."""

    def known(self, errors: list[SchemaError]) -> list[SchemaError]:
        """The errors that do not depend on a part which is not known."""
        return [error for error in errors if not self._is_open(error)] if self.open_parts else errors

    def _is_open(self, error: SchemaError) -> bool:
        at = error.at[AT_VALUE:]
        return not _CHOICES.isdisjoint(error.way) or any(_leads(way, at) for way in self.open_parts)


def _leads(way: Sequence[str | int], at: Sequence[str | int]) -> bool:
    """Whether a part is that of a way, or below it."""
    return len(way) <= len(at) and all(step in ("*", here) for step, here in zip(way, at, strict=False))


class Trying:
    """Tries values, and notes what does not fit."""

    def __init__(self, world: World, gathered: Gathered, shows_values: bool) -> None:
        self._world = world
        self._gathered = gathered
        self._shows_values = shows_values
        self._names = StatedNames()
        self.open_ones = 0
        """How many values could not be judged."""

    def run(self, trials: Sequence[Trial]) -> None:
        """Try some values, those of each contract in one go."""
        groups: dict[tuple[Contract, frozenset[str]], list[Trial]] = {}
        for trial in trials:
            groups.setdefault((trial.case.contract, trial.optional), []).append(trial)
        for (contract, optional), group in groups.items():
            self._run(contract.dialect or Dialect.V3_1, optional, group)

    def _run(self, dialect: Dialect, optional: frozenset[str], group: Sequence[Trial]) -> None:
        owners = [(at, reading) for at, trial in enumerate(group) for reading in trial.readings]
        pairs = [(group[at].schema, reading) for at, reading in owners]
        judged: dict[int, list[tuple[Any, list[SchemaError], SchemaDefinitions]]] = {}
        for number, errors, definitions in tried(self._world, dialect, optional, pairs, lets_null_in=True):
            at, reading = owners[number]
            self._gathered.lost |= definitions.lost
            judged.setdefault(at, []).append((reading, group[at].known(leaves(errors)), definitions))
        self.open_ones += len(group) - len(judged)
        self._gathered.unsure.update(
            trial.case.number for at, trial in enumerate(group) if trial.is_of_request and at not in judged
        )
        for at, found in judged.items():
            if all(errors for _, errors, _ in found):
                self._tell(group[at], *found[0])

    def _tell(
        self, trial: Trial, value: Any, errors: list[SchemaError], definitions: SchemaDefinitions
    ) -> None:
        for error in errors[:_MOST_PARTS]:
            element = definitions.element(error.way) if error.way else trial.schema
            if error.keyword == "required" and element.is_list:
                lacking = (item for item in element.elements() if item.value == error.kind.property)
                element = next(lacking, element)
            speech = Speech(self._names.of(element, trial.schema), self._shows_values)
            self._gathered.add(
                trial.kind,
                trial.case,
                element,
                trial.place,
                identity=tuple(trial.terms.values()),
                is_of_request=trial.is_of_request,
                problem=problem_of(error, value, AT_VALUE, speech, trial.whole),
                **trial.terms,
            )


class StatedNames:
    """The names that contracts have: keys, and texts in lists, which name members too."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, *nodes: Node) -> frozenset[str]:
        """Those of the documents of some elements."""
        documents = {node.document.path: node.document for node in nodes}
        key = tuple(documents)
        if key not in self._known:
            every = (_names_in(document.data) for document in documents.values())
            self._known[key] = frozenset(name for names in every for name in names)
        return self._known[key]


def _names_in(data: Any) -> Iterator[str]:
    waiting = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
            yield from (item for item in part if isinstance(item, str))
