"""Versions that routes, contracts and charts name, against each other."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.regex import regex
from archlint.model.exposure.versions import OtherVersion, stated_versions, version_of
from archlint.model.openapi import Contract
from archlint.model.services.chart_versions import ChartVersion
from archlint.model.sources.left_out import is_left_out
from archlint.model.world import World

NEEDS = ("openapi", "chart")

_MAJOR = regex(r"v?([1-9][0-9]{0,2})\.[0-9]+(?:\.[0-9]+)?(?![.0-9]).*")


@join(OtherVersion)
def route_version_differs(other: OtherVersion, world: World, options: Options) -> Iterator[Observation]:
    """A route of one version to a contract that has another one."""
    yield observe(
        other.place,
        related=[(other.stated, "the version of the contract")],
        identity=(other.asked, other.provider.service),
        kind=other.object.kind,
        name=other.object.name,
        path=other.asked,
        service=other.provider.service,
        asked=version_of(other.asked),
        offered=other.offered,
    )


@join(Contract)
def contract_version_differs(contract: Contract, world: World, options: Options) -> Iterator[Observation]:
    """A contract that calls itself by another major version than its paths."""
    stated = stated_versions(contract)
    version = contract.root.get("info", "version")
    major = _MAJOR.fullmatch(version.text or "")
    if major is None or len(stated) != 1 or is_left_out(contract.document.path):
        return
    [(offered, place)] = stated.items()
    if int(major[1]) != offered:
        yield observe(
            version.value_place(),
            related=[(place, "the version in paths")],
            version=version.text,
            offered=offered,
        )


@join(ChartVersion)
def chart_version_differs(chart: ChartVersion, world: World, options: Options) -> Iterator[Observation]:
    """A chart whose image is of another version than the application that it says it installs."""
    yield observe(
        chart.app_version.value_place(),
        related=[(chart.tag.value_place(), "the image")],
        chart=chart.name,
        version=chart.app_version.text,
        tag=chart.tag.text,
    )
