"""Dashboards, against datasources, recording rules and each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.obs.expressions import siblings
from archlint.finding.regex import regex
from archlint.model.appconfig.settings import of_node
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.telemetry.dashboards import Dashboard, provisioned
from archlint.model.telemetry.promql import selectors_of
from archlint.model.telemetry.rules import recorded
from archlint.model.world import World

_OF_DATASOURCES = regex(r"(?i)data[_ -]?source")
_LONGEST_TEXT = 1_000_000
_MOST_NAMED = 6


@join(Dashboard)
def dashboard_datasource_undefined(
    dashboard: Dashboard, world: World, options: Options
) -> Iterator[Observation]:
    """A panel with a datasource that nothing provisions, where others are provisioned."""
    known = world.fact(provisioned)
    told: set[str] = set()
    for panel, node, text in dashboard.datasources() if known.is_for(dashboard) else ():
        if text in known.names or text in told or _is_elsewhere(text, world):
            continue
        told.add(text)
        near, names = world.fact(_similar_sources).nearest(text), world.fact(_source_names)
        yield observe(
            node.value_place(),
            related=[(known.place.place(), "what is provisioned")] if known.place else [],
            object=dashboard.object,
            identity=(dashboard.title, text),
            dashboard=dashboard.title,
            panel=panel,
            source=text,
            known=f"'{near}'" if near else " or ".join(f"'{name}'" for name in names),
        )


def _similar_sources(world: World) -> SimilarNames:
    return SimilarNames(world.fact(provisioned).names)


def _source_names(world: World) -> list[str]:
    """The names of some datasources, without uids."""
    known = world.fact(provisioned).names
    return sorted(name for name, item in known.items() if item.get("name").text == name)[:_MOST_NAMED]


def _is_elsewhere(text: str, world: World) -> bool:
    """Whether a name stands in any other file that may set up Grafana, such as values of its chart, or what
    Terraform reads."""
    asked = world.fact(_asked)
    if text not in asked:
        whole = re.compile(rf"(?<![\w-]){re.escape(text)}(?![\w-])")
        asked[text] = any(whole.search(each) for each in world.fact(_setup_texts))
    return asked[text]


def _asked(world: World) -> dict[str, bool]:
    return {}


def _setup_texts(world: World) -> list[str]:
    """The texts that speak of Grafana's datasources, without dashboards and what is read of them anyway."""
    read = {item.source.path for item in world.all(Dashboard)}
    read |= {item.document.path for item in world.fact(provisioned).names.values()}
    found = []
    for path in world.kinds.keys() - read:
        text = (world.text(path) or "")[:_LONGEST_TEXT]
        if _OF_DATASOURCES.search(text):
            found.append(text)
    return found


@join(Dashboard)
def dashboard_metric_undefined(dashboard: Dashboard, world: World, options: Options) -> Iterator[Observation]:
    """A panel that asks for a recorded metric that no rule of the repository records."""
    known = world.fact(recorded)
    told: set[str] = set()
    for panel, node in dashboard.queries() if known else ():
        setting = of_node(node, "expr")
        for selector in selectors_of(node.text or ""):
            name = selector.name
            near = world.fact(siblings).of(name) if ":" in name.strip(":") and name not in known else None
            if near is None or name in told:
                continue
            told.add(name)
            yield observe(
                setting.place(selector.start, selector.end) if setting else node.value_place(),
                related=[(known[near].node.get("record").value_place(), "what is recorded")],
                object=dashboard.object,
                identity=(dashboard.title, panel, name),
                dashboard=dashboard.title,
                panel=panel,
                metric=name,
                near=near,
            )


@join(Dashboard)
def dashboard_uid_duplicate(dashboard: Dashboard, world: World, options: Options) -> Iterator[Observation]:
    """A uid that another dashboard, loaded from the same place, has."""
    node = dashboard.root.get("uid")
    same = world.fact(_by_uid)[dashboard.home, node.text or ""] if node.text else []
    if len(same) > 1 and same[0] is not dashboard:
        first = same[0]
        yield observe(
            node.value_place(),
            related=[(first.root.get("uid").value_place(), f"that of '{first.title}'")],
            object=dashboard.object,
            identity=(dashboard.title, node.text or ""),
            dashboard=dashboard.title,
            uid=node.text,
            other=first.title,
        )


def _by_uid(world: World) -> dict[tuple[str, str], list[Dashboard]]:
    found: dict[tuple[str, str], list[Dashboard]] = defaultdict(list)
    for dashboard in world.all(Dashboard):
        uid = dashboard.root.get("uid").text
        if uid:
            found[dashboard.home, uid].append(dashboard)
    return found
