"""A judged finding with resolved places: what every report renders and what the cache keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from archlint.finding.place import Span
from archlint.finding.records import dataclass
from archlint.finding.unread import Unread
from archlint.finding.vocabulary import Confidence, Fix, ObjectRef, OperationName, Severity


@dataclass(frozen=True, slots=True)
class Location:
    """A resolved place in a file."""

    path: str
    span: Span
    document: int = 0
    pointer: str | None = None
    revision: str | None = None
    message: str = ""
    """Short text, used by related locations only."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A value that one side accepts and the other rejects; the sides are ``base`` and ``revision``."""

    value: Any
    accepted_by: str
    rejected_by: str


@dataclass(frozen=True, slots=True)
class Affected:
    """A consumer that a change of a contract breaks."""

    name: str
    is_use: bool
    """Whether the places are uses of what has changed; else they show the call of its provider."""
    places: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class RolledOut:
    """How the next version of a provider of a contract takes the place of the one before."""

    object: ObjectRef
    strategy: str
    is_side_by_side: bool
    """Whether old and new answer for a while, so that neither may break who knows only the other."""
    place: Location


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, reported once, where it can be fixed."""

    code: str
    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    message_id: str
    arguments: Mapping[str, str]
    location: Location
    fingerprint: str
    object: ObjectRef | None = None
    operations: tuple[OperationName, ...] = ()
    aliases: tuple[str, ...] = ()
    ignored_as: tuple[str, ...] = ()
    """Names under which it is silenced by the ignores of tools that have no aliases."""
    related: tuple[Location, ...] = ()
    fix: Fix | None = None
    witness: Witness | None = None
    unproved: str | None = None
    """Why there is no witness, where a change of values is judged without one."""
    affected: tuple[Affected, ...] | None = None
    """The consumers in the repository of what has changed; ``None`` where nobody looked for them."""
    rollouts: tuple[RolledOut, ...] = ()
    """How the providers of what has changed are rolled out, where consumers were looked for."""
    through: tuple[str, ...] = ()
    """Paths of the contract roots, kustomizations and the like through which it was found."""
    annotation: tuple[str, int, int] | None = None
    """File, line and column of the suppression that its object has as an annotation, if the object is built:
    then it may stand in another file than the finding."""
    suppressed: str | None = None
    """Why it does not count, or ``None`` if it does."""

    def sort_key(self) -> tuple[Any, ...]:
        """The order of all reports: path, line, column, code, then what makes it total."""
        at = self.location
        return (at.path, at.span.line, at.span.column, self.code, at.document, self.message, self.fingerprint)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell about the run that is no finding: ``level`` is ``info``, ``warning`` or ``error``."""

    level: str
    message: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class SchemaUse:
    """How many objects were held against the schema of their kind."""

    version: str
    """The version of Kubernetes whose schemas these were."""
    checked: int = 0
    unchecked: Mapping[str, int] = field(default_factory=dict)
    """How many were not, for want of a schema, by API version and kind."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """How many rules in CEL (``x-kubernetes-validations``) the schemas have that were not evaluated."""


@dataclass(frozen=True, slots=True)
class Result:
    """All that a report needs to know about a run."""

    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()
    files: int = 0
    """The files below the paths, whatever they are."""
    read: int | None = None
    """Those of them that were read; ``None`` where that is not counted."""
    other: int = 0
    """Those of them that are of no kind that archlint reads, where that is counted."""
    unread: tuple[Unread, ...] = ()
    """What was seen below the paths and not read."""
    suppressed: tuple[Finding, ...] = ()
    """Findings taken back by a suppression or the baseline; reports show them only when asked."""
    base: str | None = None
    """The commit that the working tree was compared with."""
    root: str = ""
    """Absolute path of the root; never printed, used to find source lines."""
    schemas: SchemaUse | None = None
    """What was held against schemas; ``None`` if no rule in force does that."""
    revision: Mapping[str, str] = field(default_factory=dict)
    """Version control facts: ``commit``, ``branch`` and ``repository`` where known."""

    @property
    def failed(self) -> bool:
        """Whether archlint or a plugin failed, so that something that was asked for is not known."""
        return any(notice.level == "error" for notice in self.notices)
