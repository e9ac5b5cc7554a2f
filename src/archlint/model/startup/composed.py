"""Waits of Compose projects: what is started after what, what health checks ask, what commands wait for.

Source: the Compose Specification, ``depends_on`` with its conditions, and ``healthcheck``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.compose import ComposeService
from archlint.model.compose.dependencies import needed
from archlint.model.startup.commands import asked_hosts, texts_of
from archlint.model.world import World

HEALTHY = "service_healthy"


@dataclass(frozen=True, eq=False)
class ComposedWait:
    """One place at which a service of a project waits for another of it."""

    caller: ComposeService
    callee: ComposeService
    place: Place
    how: str
    """``depends_on``, ``healthcheck`` or ``command``."""
    is_for_health: bool = False

    @classmethod
    def all(cls, world: World) -> Iterable[ComposedWait]:
        """Every wait of what is run if nobody names further files."""
        by_folder: dict[str, list[ComposeService]] = {}
        for service in world.all(ComposeService):
            if service.is_main:
                by_folder.setdefault(service.project.folder, []).append(service)
        for services in by_folder.values():
            yield from _of_project(services)

    @property
    def source(self) -> Document:
        """The document that holds the wait."""
        document = self.place.source
        return document if isinstance(document, Document) else self.caller.source

    @property
    def object(self) -> ObjectRef:
        """The service that waits."""
        return self.caller.object


def _of_project(services: list[ComposeService]) -> Iterator[ComposedWait]:
    by_name = {service.name: service for service in services}
    by_host = {host: service for service in services for host in service.hostnames}
    for service in services:
        for item in needed(service.main):
            target = by_name.get(item.name)
            if target is not None and target is not service:
                yield ComposedWait(service, target, item.place, "depends_on", item.condition == HEALTHY)
        commands = [(text.text, setting.node) for text, setting in service.commands]
        yield from _asked(service, by_host, commands, "command")
        test = service.main.setting("healthcheck", "test")
        if test is not None:
            nodes = [test.node] if test.node.text is not None else list(test.node.elements())
            parts = [(node.text or "", node) for node in nodes]
            if not any("||" in text.replace("|| exit 1", "") for text, _ in parts):
                yield from _asked(service, by_host, parts, "healthcheck")


def _asked(
    service: ComposeService,
    by_host: dict[str, ComposeService],
    parts: list[tuple[str, Node]],
    how: str,
) -> Iterator[ComposedWait]:
    for asked in asked_hosts(texts_of(text for text, _ in parts), {}):
        target = by_host.get(asked.host)
        is_wait = asked.is_awaited or how == "healthcheck"
        if target is not None and target is not service and is_wait:
            yield ComposedWait(service, target, parts[asked.item][1].value_place(), how)
