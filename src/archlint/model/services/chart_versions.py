"""Charts that say one version of their application, and whose values name an image of another.

Source: Helm, "The appVersion field", and "Images" of the best practices (``repository``, ``tag``).
"""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import basename, dirname

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.system.names import stem
from archlint.model.world import World

_VERSION = regex(r"v?([0-9]{1,4})\.([0-9]{1,4})(?![0-9]).*")
_VALUES = ("values.yaml", "values.yml")


@dataclass(frozen=True, eq=False)
class ChartVersion:
    """A chart with two versions of one application."""

    name: str
    app_version: Node
    tag: Node
    """The tag of the image in the chart's own values."""

    @classmethod
    def all(cls, world: World) -> Iterable[ChartVersion]:
        """Every chart whose image bears its name, where the first two numbers of the versions differ."""
        charts = {dirname(item.path): item.root for item in world.documents(Kind.CHART)}
        for document in world.documents(Kind.CHART_VALUES) if charts else ():
            chart = charts.get(dirname(document.path))
            if chart is None or basename(document.path) not in _VALUES:
                continue
            name, version = chart.get("name").text or "", chart.get("appVersion")
            image = document.root.get("image")
            repository = basename(image.get("repository").text or "")
            said, used = (_numbers(node) for node in (version, image.get("tag")))
            if said and used and said != used and name and stem(repository) == stem(name):
                yield cls(name, version, image.get("tag"))

    @property
    def source(self) -> Document:
        """The document of the chart."""
        return self.app_version.document

    @property
    def object(self) -> ObjectRef:
        """The chart."""
        return ObjectRef("Chart", self.name)


def _numbers(node: Node) -> tuple[int, int] | None:
    """The first two numbers of a version; ``None`` for what is none, or a date."""
    found = _VERSION.fullmatch(node.text or "")
    return (int(found[1]), int(found[2])) if found and int(found[1]) < _FIRST_YEAR else None


_FIRST_YEAR = 1990
