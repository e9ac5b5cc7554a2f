"""A rule as its page declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from archlint.finding.records import dataclass
from archlint.finding.vocabulary import Confidence, Profile, Severity, Status


@dataclass(frozen=True, slots=True)
class Rule:
    """The front matter of a rule page, and where it came from."""

    code: str
    name: str
    title: str
    severity: Severity
    confidence: Confidence
    profile: Profile
    status: Status
    messages: Mapping[str, str]
    summary: str = ""
    formerly: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    security_severity: float = 0.0
    fix: str = "none"
    since: str = ""
    aliases: tuple[str, ...] = ()
    ignored_as: tuple[str, ...] = ()
    """Names of checks of tools that have no aliases, whose ignores silence its findings."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """JSON Schema of each option by name."""
    presets: Mapping[str, Any] = field(default_factory=dict)
    """The sets of rules that it belongs to, by name, each with the options it has there; ``False`` for a set
    that leaves it out."""
    page: str = ""
    """Absolute path of the page."""
    provider: str = "archlint.checks"
    """The package that has the check function, ``cel`` for a rule of a team's own folder, ``spectral`` for
    one of a ruleset."""
    text: str = ""
    """What the page says, for a rule that has no file of its own."""
    help_url: str = ""
    """Where more is said of a rule that is not archlint's."""

    @property
    def area(self) -> str:
        """The capital letters of the code, such as ``KUBE``."""
        return self.code.rstrip("0123456789")

    @property
    def pascal_name(self) -> str:
        """The name in PascalCase, as SARIF wants it."""
        return "".join(part.capitalize() for part in self.name.split("-"))

    def defaults(self) -> dict[str, Any]:
        """The default of each option."""
        return {name: schema.get("default") for name, schema in self.options.items()}


class Options(Mapping[str, Any]):
    """The options in force for one rule."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
