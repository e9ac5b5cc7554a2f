"""What came of rendering the charts of a repository: objects, and what could not be rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.documents import Document
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.values import Value
from archlint.finding import ObjectRef, Place, Unread
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from archlint.documents.charts.building import BuiltObject

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
class Offer:
    """What a template makes that no set of values switches on, with values that do."""

    documents: tuple[BuiltDocument, ...]
    condition: str
    """Under which values, in words."""
    places: tuple[Place, ...]
    """Where these are set."""
    optional: frozenset[str] = frozenset()
    """Keys that the template would write with more values set."""


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
    offers: tuple[Offer, ...] = ()
    """What nothing switches on; none of it is among ``documents``."""


def document_of(
    item: BuiltObject,
    path: str,
    index: int,
    through: tuple[str, ...],
    *,
    revision: str | None,
    has_variables: bool,
) -> BuiltDocument:
    """An object that a chart rendered as a document."""
    return BuiltDocument(
        path,
        index,
        item.value,
        _written(item.value),
        through,
        revision=revision,
        has_variables=has_variables,
        templates=item.templates,
        is_in_namespace=item.is_in_namespace,
    )


def _written(value: Value) -> ObjectRef:
    """What an object is called."""
    kind, name, space = value.get("kind"), value.get("metadata", "name"), value.get("metadata", "namespace")
    return ObjectRef(kind.text if kind else "", name.text if name else "", space.text if space else None)
