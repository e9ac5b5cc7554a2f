"""What Prometheus and collectors of the repository scrape and send to."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document
from archlint.finding import Confidence, ObjectRef
from archlint.finding.records import dataclass
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.routes import Sent, forwards
from archlint.model.world import World

_SCRAPES = ("scrape",)
_SENDS = ("exporter ", "remote_write", "remote_read", "alertmanager")
_ASKS = ("receiver ",)


@dataclass(frozen=True, eq=False)
class WatchedTarget:
    """An address that a Prometheus or a collector connects to."""

    unit: ComposeService | Workload
    forward: Forward
    peers: tuple[Forward, ...]
    """All that the same unit connects to."""

    @classmethod
    def all(cls, world: World) -> Iterable[WatchedTarget]:
        """Every target, in the order of files; what a placeholder gives is left out."""
        own = [sent for sent in world.fact(forwards) if _is_watching(sent)]
        by_unit: dict[int, list[Forward]] = {}
        for sent in own:
            by_unit.setdefault(id(sent.unit), []).append(sent.forward)
        groups = {key: tuple(found) for key, found in by_unit.items()}
        for sent in own:
            unit = sent.unit
            if isinstance(unit, (ComposeService, Workload)) and not sent.forward.is_filled:
                yield cls(unit, sent.forward, groups[id(unit)])

    @property
    def object(self) -> ObjectRef:
        """What findings are about."""
        return self.unit.object

    @property
    def source(self) -> Document:
        """The document that holds the address."""
        document = self.forward.place.source
        return document if isinstance(document, Document) else self.unit.source

    @property
    def does(self) -> str:
        """What the unit does there, in words."""
        said = self.forward.said_by
        if said.startswith(_SCRAPES):
            job = said.removeprefix("scrape").strip()
            return f"scrapes, as job '{job}'," if job else "scrapes"
        kind, _, name = said.partition(" ")
        if kind in ("exporter", "receiver"):
            return f"{'sends' if kind == 'exporter' else 'asks'}, as {kind} '{name}',"
        return f"connects ({said})"


def _is_watching(sent: Sent) -> bool:
    is_sure = sent.confidence is not Confidence.LOW
    return is_sure and sent.forward.said_by.startswith((*_SCRAPES, *_SENDS, *_ASKS))
