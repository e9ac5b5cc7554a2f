"""Small closed vocabularies and value types: severity, confidence, profile, object, operation, edit."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from archlint.finding.records import dataclass


class Severity(IntEnum):
    """How grave a finding is; a higher number is graver."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word used in configuration and reports, such as ``error``."""
        return self.name.lower()

    @classmethod
    def parse(cls, label: str) -> Severity:
        """The severity called ``label``; raises ``KeyError`` for any other word."""
        return cls[label.upper()]


class Confidence(StrEnum):
    """How sure the rule is that its findings are defects."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Profile(IntEnum):
    """The named sets of rules; a higher one contains all lower ones."""

    MINIMAL = 1
    RECOMMENDED = 2
    STRICT = 3
    OPTIONAL = 4

    @property
    def label(self) -> str:
        """The word used in configuration and rule pages."""
        return self.name.lower()


class Status(StrEnum):
    """Where a rule stands in its life."""

    PREVIEW = "preview"
    STABLE = "stable"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True, order=True)
class ObjectRef:
    """The named thing a finding is about: a Kubernetes object, a proto element, an API operation."""

    kind: str
    name: str
    namespace: str | None = None

    def __str__(self) -> str:
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {where}{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class OperationName:
    """An API operation: an upper-case HTTP method and its path template."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text between two positions (1-based, code points, end exclusive) of a file."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that fix a finding; a safe fix never changes what the file means otherwise."""

    safe: bool
    edits: tuple[Edit, ...]
