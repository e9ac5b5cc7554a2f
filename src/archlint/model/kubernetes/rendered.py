"""What came of rendering the charts of a repository: objects, and what could not be rendered."""

from __future__ import annotations

from archlint.documents import Document
from archlint.documents.kustomize.built import BuiltDocument
from archlint.finding import Place, Unread
from archlint.finding.records import dataclass

UNREAD = "chart-not-rendered"
ABSENT = "chart-dependency-absent"
UNKNOWN = "values-unknown"
OFF = "chart-template-off"


@dataclass(frozen=True)
class ChartFault:
    """Why a chart, or one template of it, is not rendered, where that has to be mended in the chart."""

    chart: str
    place: Place
    source: Document
    message: str
    is_endless: bool = False
    """Whether rendering was stopped, and Helm itself has not said that anything is wrong."""


@dataclass(frozen=True)
class RefusedValue:
    """A value that the schema of its chart does not allow."""

    chart: str
    """The chart, with its files of values."""
    schema: str
    place: Place
    source: Document
    names: str
    """The keys that lead to it."""
    message: str


@dataclass(frozen=True)
class Renderings:
    """All that the charts of a world render."""

    documents: tuple[BuiltDocument, ...] = ()
    read: frozenset[str] = frozenset()
    """Templates that were rendered with some set of values, and made something if they are there for that."""
    faults: tuple[ChartFault, ...] = ()
    unread: tuple[Unread, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """What people call the sets of values that documents are rendered with, by the documents' path."""
    incomplete: frozenset[str] = frozenset()
    """Paths of documents whose set lacks what was not rendered."""
    crds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Manifests that are applied with what is rendered, by the documents' path."""
