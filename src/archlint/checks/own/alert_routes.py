"""Routes of Alertmanager: is there the receiver, and does every team that is called have one?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.alerts import AlertRule
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.similar import SimilarNames
from archlint.model.telemetry.alertmanager import AlertRouting, RouteMatcher
from archlint.model.world import World


@join(AlertRouting)
def alert_receiver_undefined(routing: AlertRouting, world: World, options: Options) -> Iterator[Observation]:
    """A route to a receiver that the configuration does not define."""
    known = routing.receivers
    if not known or any(map(is_placeholder, known)):
        return
    for route in routing.routes:
        name = route.receiver.text
        if name is None or name in known or is_placeholder(name):
            continue
        near = SimilarNames(known).nearest(name)
        yield observe(
            route.receiver.value_place(),
            related=[(routing.root.get("receivers").place(), "the receivers that there are")],
            object=routing.object,
            identity=(name, *(f"{item.label}={'|'.join(item.values)}" for item in route.matchers)),
            receiver=name,
            hint=f"'{near}'" if near else " or ".join(f"'{each}'" for each in sorted(known)[:3]),
        )


@join(AlertRule)
def alert_owner_without_route(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert for a team that no route is for, while there are routes for the others."""
    for label in options["labels"]:
        value = alert.label(label)
        routed = world.fact(_routed).get(label)
        if not value or routed is None or value in routed or "{{" in value or "$" in value:
            continue
        others = world.fact(_values)[label]
        if 2 * len(others & routed.keys()) < len(others):
            continue
        node = alert.node.get("labels", label)
        near = SimilarNames(routed).nearest(value)
        shown = routed[near] if near else next(iter(routed.values()))
        yield observe(
            node.value_place() if node.exists else alert.node.place(),
            related=[(shown.node.value_place(), "a route for another")],
            identity=(alert.group, alert.name, label),
            alert=alert.name,
            label=label,
            value=value,
            routed=", ".join(sorted(routed)[:6]),
            hint=f" Did you mean '{near}'?" if near else "",
        )
        return


def _routed(world: World) -> dict[str, dict[str, RouteMatcher]]:
    """The values that routes name, by label; labels of which a route wants more than names are left out."""
    found: dict[str, dict[str, RouteMatcher]] = {}
    open_labels: set[str] = set()
    for routing in world.all(AlertRouting):
        for route in routing.routes:
            for matcher in route.matchers:
                if matcher.is_open:
                    open_labels.add(matcher.label)
                for value in matcher.values:
                    found.setdefault(matcher.label, {}).setdefault(value, matcher)
    return {label: values for label, values in found.items() if label not in open_labels}


def _values(world: World) -> dict[str, set[str]]:
    """The values of the labels that routes go by, over all alerts."""
    routed = world.fact(_routed)
    found: dict[str, set[str]] = {label: set() for label in routed}
    for alert in world.all(AlertRule):
        for label, values in found.items():
            value = alert.label(label)
            if value:
                values.add(value)
    return found
