"""The program that renders the charts of a world, and what of their templates stays unread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from archlint.config.settings import Settings
from archlint.documents.charts.rendering import ChartTerms, Renderer
from archlint.engine.joining import Joined
from archlint.files import Kind
from archlint.finding import Unread
from archlint.finding.records import replace
from archlint.model.kubernetes.building.rendered import UNREAD
from archlint.model.unread import UNKNOWN_RESOURCE
from archlint.model.world import World


def chart_terms(settings: Settings, program: str | None, world: World) -> ChartTerms | None:
    """How the charts of a world are rendered; ``None`` if it has none. ``program`` is a ``helm`` that a flag
    or the environment names."""
    if not world.paths(Kind.CHART):
        return None
    return ChartTerms(_renderer(program, world), settings.kubernetes_version, settings.helm)


def without_offers(world: World) -> None:
    """Render only what charts deploy, where nothing is asked of what they offer besides."""
    if world.charts is not None:
        world.charts = replace(world.charts, switches_on=False)


def _renderer(program: str | None, world: World) -> Renderer:
    """The program that a flag or the environment names, else the library."""
    if program is not None:
        from archlint.adapters.helm_program import HelmProgram

        return HelmProgram(program, world.blobs)
    from archlint.adapters.helm import HelmLibrary

    return HelmLibrary(world.blobs)


@contextmanager
def rendering(world: World) -> Iterator[None]:
    """Ends the program that renders, once all is rendered."""
    try:
        yield
    finally:
        if world.charts is not None:
            world.charts.renderer.close()


def unread_besides(unread: Iterable[Unread], joined: Joined) -> Iterator[Unread]:
    """What was not read, without templates that were rendered, those of which more is told, and resources
    that no rule knows but that were held against a schema."""
    known = {*joined.rendered, *(item.path for item in joined.unread)}
    checked = frozenset(joined.checked)
    for item in unread:
        is_checked = item.reason == UNKNOWN_RESOURCE and (item.path, item.document) in checked
        if not is_checked and (item.reason != UNREAD or item.path not in known):
            yield item
