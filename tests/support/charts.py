"""Charts in tests: rendered by the extra in one process for all tests of a worker."""

from __future__ import annotations

import atexit
from functools import cache

import pytest

from archlint.adapters.helm import HelmLibrary
from archlint.documents.charts.rendering import ChartTerms, Release
from archlint.files import Kind
from archlint.model.world import World

WITHOUT = "the extra 'helm' (helm-python-sdk) is not installed"


@cache
def helm() -> HelmLibrary:
    """The library; skips the test where it is not installed."""
    library = HelmLibrary()
    if not library.version:
        pytest.skip(WITHOUT)
    atexit.register(library.close)
    return library


def with_charts(world: World, *releases: Release, version: str = "1.37") -> World:
    """A world whose charts are rendered."""
    if world.paths(Kind.CHART):
        world.charts = ChartTerms(helm(), version, releases)
    return world
