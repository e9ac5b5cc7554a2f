"""The program that renders the charts of a world, and what of their templates stays unread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from archlint.documents.charts.rendering import ChartTerms
from archlint.engine.joining import Joined
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.finding import Unread
from archlint.model.kubernetes.rendered import UNREAD
from archlint.model.world import World


def chart_terms(request: Request, world: World) -> ChartTerms | None:
    """How the charts of a world are rendered; ``None`` if it has none."""
    if not world.paths(Kind.CHART):
        return None
    from archlint.adapters.helm import HelmLibrary

    settings = request.settings
    return ChartTerms(HelmLibrary(world.blobs), settings.kubernetes_version, settings.helm)


@contextmanager
def rendering(world: World) -> Iterator[None]:
    """Ends the program that renders, once all is rendered."""
    try:
        yield
    finally:
        if world.charts is not None:
            world.charts.renderer.close()


def unread_besides(unread: Iterable[Unread], joined: Joined) -> Iterator[Unread]:
    """What was not read, without templates that were rendered, and those of which more is told."""
    known = {*joined.rendered, *(item.path for item in joined.unread)}
    for item in unread:
        if item.reason != UNREAD or item.path not in known:
            yield item
