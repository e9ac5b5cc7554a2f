"""Alerts and what they tell the person who is called."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.alerts import AlertRule
from archlint.model.world import World


@join(AlertRule)
def alert_without_runbook(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert that names no runbook, where others do so often that it is the custom of the repository."""
    if alert.severity in options["ignored-severities"] or _has_runbook(alert, options):
        return
    known, total = _counted(world, options)
    if known and known >= options["share"] * total:
        yield observe(
            alert.annotations.get(options["annotations"][0]).place(),
            identity=(alert.group, alert.name),
            alert=alert.name,
            annotation=options["annotations"][0],
            known=known,
            total=total,
        )


def _has_runbook(alert: AlertRule, options: Options) -> bool:
    return any((alert.annotations.get(name).text or "").strip() for name in options["annotations"])


def _counted(world: World, options: Options) -> tuple[int, int]:
    """How many alerts that call somebody name a runbook, and how many there are."""
    counts = world.fact(_counts)
    key = repr((options["annotations"], options["ignored-severities"]))
    if key not in counts:
        calling = [
            each for each in world.all(AlertRule) if each.severity not in options["ignored-severities"]
        ]
        counts[key] = (sum(_has_runbook(each, options) for each in calling), len(calling))
    return counts[key]


def _counts(world: World) -> dict[str, tuple[int, int]]:
    """What was counted already, by the options."""
    return {}
