"""What is asked of the program that renders charts, and what it answers; the program itself is an adapter.

ChartText (files by name) + Rendering (values, release, changes) -> Rendered | Failure
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Protocol

from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way to render a chart: a release with values, and changes to the chart for this time."""

    name: str
    namespace: str
    values: tuple[str, ...] = ()
    """YAML texts, of which later ones win."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Values that win over all of these."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """Texts in place of files of the chart, by name."""


@dataclass(frozen=True, slots=True)
class Failure:
    """That nothing was rendered."""

    kind: str
    """``chart``, ``values`` or ``template``: what Helm refuses; ``limit``: what archlint does not wait for;
    ``absent``: the program is not there or does not run."""
    message: str


class Renderer(Protocol):
    """A program that renders charts."""

    @property
    def version(self) -> str:
        """What its answers depend on beside the question; empty if it is not there."""

    def render(self, files: Mapping[str, bytes], asked: Rendering) -> dict[str, str] | Failure:
        """Texts by the name of their template below the chart; renderings of one chart are best asked in a
        row."""

    def close(self) -> None:
        """End what runs."""


@dataclass(frozen=True, slots=True)
class Release:
    """An entry of the configuration's ``helm``: a chart with files of values."""

    chart: str
    values: tuple[str, ...] = ()
    release: str = ""
    namespace: str | None = None


@dataclass(frozen=True, slots=True)
class ChartTerms:
    """How the charts of a world are rendered."""

    renderer: Renderer
    version: str
    """Of Kubernetes, such as ``1.31``."""
    releases: tuple[Release, ...] = ()
    switches_on: bool = True
    """Whether to render too what is off with every set of values."""
