"""What a check yields: a fact at a symbolic place, not yet judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from archlint.finding.finding import Witness
from archlint.finding.place import Place
from archlint.finding.records import dataclass
from archlint.finding.vocabulary import Fix, ObjectRef, OperationName, Severity
from archlint.finding.words import written


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    """Another place that matters for a finding, with a short text."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One cause at one place. The runner adds the subject's object and route, judging adds the rest."""

    place: Place
    message_id: str = "default"
    arguments: Mapping[str, str] = field(default_factory=dict)
    related: tuple[RelatedPlace, ...] = ()
    object: ObjectRef | None = None
    identity: tuple[str, ...] | None = None
    """Names below the object that make the fingerprint; by default those of the place's route."""
    operations: tuple[OperationName, ...] = ()
    aliases: tuple[str, ...] | None = None
    """Names that other tools would give this very finding; ``None`` means all of the rule's page."""
    ignored_as: tuple[str, ...] | None = None
    """Names under which the ignores of tools without aliases silence it; ``None`` means all of the page."""
    severity: Severity | None = None
    fix: Fix | None = None
    witness: Witness | None = None
    unproved: str | None = None
    """Why there is no witness, where a change of values is judged without one."""


def observe(
    place: Place,
    message_id: str = "default",
    *,
    related: Iterable[RelatedPlace | tuple[Place, str]] = (),
    object: ObjectRef | None = None,
    identity: tuple[str, ...] | None = None,
    operations: Iterable[OperationName] = (),
    aliases: Iterable[str] | None = None,
    ignored_as: Iterable[str] | None = None,
    severity: Severity | None = None,
    fix: Fix | None = None,
    witness: Witness | None = None,
    unproved: str | None = None,
    **arguments: object,
) -> Observation:
    """An observation whose message arguments are given as keywords, turned into text."""
    return Observation(
        place=place,
        message_id=message_id,
        arguments={name: written(value) for name, value in arguments.items()},
        related=tuple([r if isinstance(r, RelatedPlace) else RelatedPlace(*r) for r in related]),
        object=object,
        identity=identity,
        operations=tuple(operations),
        aliases=None if aliases is None else tuple(aliases),
        ignored_as=None if ignored_as is None else tuple(ignored_as),
        severity=severity,
        fix=fix,
        witness=witness,
        unproved=unproved,
    )
