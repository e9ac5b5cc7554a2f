"""Routes of Alertmanager: is there the receiver, and has every team that is called, or owns services, one?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.ownership.catalog import CatalogEntity
from archlint.model.ownership.on_call import is_in_use
from archlint.model.ownership.teams import is_person, team
from archlint.model.telemetry.alertmanager import AlertRouting, RouteMatcher
from archlint.model.telemetry.alerts import AlertRule
from archlint.model.world import World


@join(AlertRouting)
def alert_receiver_undefined(routing: AlertRouting, world: World, options: Options) -> Iterator[Observation]:
    """A route to a receiver that the configuration does not define."""
    known = routing.receivers
    if not known or any(map(is_placeholder, known)):
        return
    for route in routing.routes:
        name = route.receiver.text
        if not name or name in known or is_placeholder(name):
            continue
        near = routing.similar.nearest(name)
        yield observe(
            route.receiver.value_place(),
            related=[(routing.root.get("receivers").place(), "the receivers that there are")],
            object=routing.object,
            identity=(name, *(f"{item.label}={'|'.join(item.values)}" for item in route.matchers)),
            receiver=name,
            hint=f"'{near}'" if near else " or ".join(f"'{each}'" for each in routing.similar.some(3)),
        )


@join(AlertRule)
def alert_owner_without_route(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert for a team that no route is for, while there are routes for the others."""
    for label in options["labels"]:
        value = alert.label(label)
        routed = world.fact(_routed).get(label)
        if not value or routed is None or value in routed.matchers or "{{" in value or "$" in value:
            continue
        if label not in world.fact(_customary) or value in world.fact(_told_by_default):
            continue
        node = alert.node.get("labels", label)
        near = routed.similar.nearest(value)
        shown = routed.matchers[near] if near else next(iter(routed.matchers.values()))
        yield observe(
            node.value_place() if node.exists else alert.node.place(),
            related=[(shown.node.value_place(), "a route for another")],
            identity=(alert.group, alert.name, label),
            alert=alert.name,
            label=label,
            value=value,
            routed=", ".join(routed.similar.some(6)),
            hint=f" Did you mean '{near}'?" if near else "",
        )
        return


@join(CatalogEntity)
def owner_without_route(entity: CatalogEntity, world: World, options: Options) -> Iterator[Observation]:
    """An owner of services whom no route of alerts is for, while there are routes for the others."""
    owner = entity.owner
    if not owner or world.fact(_first_of_owner).get(team(owner)) is not entity:
        return
    owners = world.fact(_first_of_owner).keys()
    for label in options["labels"]:
        routed = world.fact(_routed).get(label)
        by_team = {team(value): value for value in routed.matchers} if routed else {}
        known = by_team.keys() & owners
        if routed is None or len(known) < 2 or 2 * len(known) < len(owners) or team(owner) in by_team:
            continue
        if any(team(name) == team(owner) for name in world.fact(_told_by_default)):
            continue
        shown = routed.matchers[by_team[min(known)]]
        yield observe(
            entity.node.get("spec", "owner").value_place(),
            related=[(shown.node.value_place(), "a route for another")],
            identity=(label,),
            owner=owner,
            service=entity.name,
            label=label,
            routed=", ".join(sorted(by_team[each] for each in known)[:6]),
        )
        return


def _first_of_owner(world: World) -> dict[str, CatalogEntity]:
    """The first service of each owner who is no single person."""
    found: dict[str, CatalogEntity] = {}
    for entity in world.all(CatalogEntity):
        written = entity.node.get("spec", "owner").text or ""
        if is_in_use(entity) and entity.owner and not is_person(written):
            found.setdefault(team(entity.owner), entity)
    return found


class _Routed:
    """The values of a label that routes name."""

    def __init__(self, matchers: dict[str, RouteMatcher]) -> None:
        self.matchers = matchers
        self.similar = SimilarNames(matchers)


def _routed(world: World) -> dict[str, _Routed]:
    """The values that routes name, by label; labels of which a route wants more than names are left out."""
    found: dict[str, dict[str, RouteMatcher]] = defaultdict(dict)
    open_labels: set[str] = set()
    for routing in world.all(AlertRouting):
        for route in routing.routes:
            for matcher in route.matchers:
                if matcher.is_open:
                    open_labels.add(matcher.label)
                for value in matcher.values:
                    found[matcher.label].setdefault(value, matcher)
    return {label: _Routed(values) for label, values in found.items() if label not in open_labels}


def _told_by_default(world: World) -> frozenset[str]:
    """The names of the receivers that get what no route is for, and what stands between their dashes."""
    names = [routing.routes[0].receiver.text or "" for routing in world.all(AlertRouting)]
    return frozenset(part for name in names for part in (name, *name.split("-")) if part)


def _customary(world: World) -> frozenset[str]:
    """The labels of which routes name at least half of the values that alerts have."""
    routed = world.fact(_routed)
    found: dict[str, set[str]] = defaultdict(set)
    for alert in world.all(AlertRule):
        for label in alert.labels:
            if label in routed:
                found[label].add(alert.label(label))
    return frozenset(
        label
        for label, values in found.items()
        if 2 * sum(value in routed[label].matchers for value in values) >= len(values)
    )
