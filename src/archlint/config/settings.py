"""The settings in force for one run, after configuration file and flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlint.documents.charts.rendering import Release
from archlint.finding import Notice, Place, Profile, Severity
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from archlint.judging.own_rules import LocalLevels
    from archlint.judging.release.policy import GatePolicy
    from archlint.model.graph.team_calls import TeamCalls
    from archlint.model.network.team_rules import TeamRule
    from archlint.model.pod_spec_paths import PodSpecPath
    from archlint.model.redocly.rules import RedoclyRules
    from archlint.model.rulesets.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class SuppressEntry:
    """One entry of ``suppress``: rules that do not count below some paths, why, and until when."""

    rules: tuple[str, ...]
    paths: tuple[str, ...]
    reason: str
    until: date | None = None
    elements: tuple[str, ...] = ()
    """JSON pointers of elements, or names of objects, to which it is limited; empty for all."""
    place: Place | None = None
    """Where it stands in the configuration, for findings about it."""


@dataclass(frozen=True, slots=True)
class BreakingSettings:
    """What counts as breaking: the lowest stability that is judged, days from deprecation to sunset."""

    stability: str = "beta"
    deprecation_days: Mapping[str, int] = field(default_factory=lambda: {"beta": 0, "stable": 0})


@dataclass(frozen=True, slots=True)
class EventSettings:
    """What is promised of schemas of events, and which tags are versions of them."""

    compatibility: str = "BACKWARD"
    versions: tuple[str, ...] = ("v[0-9]*",)
    subjects: tuple[tuple[str, str], ...] = ()
    """Patterns of files or names, with a compatibility of their own; the last one that fits counts."""
    registry: str = "values"
    """Whose verdict counts: that of values, or that of Confluent's registry."""

    @property
    def asks_all_versions(self) -> bool:
        """Whether all versions that were released count anywhere, and not the base alone."""
        stated = (self.compatibility, *(each for _, each in self.subjects))
        return any(each.endswith("_TRANSITIVE") for each in stated)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a configuration can say; the defaults are those without one."""

    profile: Profile = Profile.RECOMMENDED
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Severities that the configuration sets, by rule code or by the name that another tool has."""
    local_levels: LocalLevels | None = None
    """What a ruleset says of archlint's own rules in some files, or at some elements, alone."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Options that the configuration sets, by rule code."""
    suppress: tuple[SuppressEntry, ...] = ()
    baseline: str | None = None
    """Path of the baseline, relative to the root."""
    breaking: BreakingSettings = BreakingSettings()
    events: EventSettings = EventSettings()
    gate: GatePolicy | None = None
    """What is asked of a release; ``None`` if nothing is said of it."""
    pod_spec_paths: tuple[PodSpecPath, ...] = ()
    """Where kinds of object keep pods that archlint does not know."""
    network_rules: tuple[TeamRule, ...] = ()
    """Who must not connect to whom, and who must be able to."""
    team_calls: TeamCalls | None = None
    """Which part of the system may call which; ``None`` if nothing is said of it."""
    ruleset: Ruleset | None = None
    """The house's own rules about contracts, as Spectral reads them."""
    redocly: RedoclyRules | None = None
    """Configurable rules of Redocly."""
    rule_folders: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    """Folders with schemas of custom resources, relative to the root."""
    kubernetes_version: str = "1.37"
    helm: tuple[Release, ...] = ()
    """Charts with files of values to be rendered with, besides their own."""
    help_url: str | None = None
    """Where the pages of archlint's rules are: the address of a site, or a template."""
    file: Path | None = None
    """The configuration file that was read."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where each key that is set comes from: file and line; what is not here has its default."""
    notices: tuple[Notice, ...] = ()
    """Things to tell about the configuration that are no errors, such as old names of rules."""
