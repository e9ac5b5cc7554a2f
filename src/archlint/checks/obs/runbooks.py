"""Alerts and what they tell the person who is called."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.alerts import AlertRule
from archlint.model.world import World


@join(AlertRule)
def alert_without_runbook(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert that names no runbook, where other alerts do."""
    if alert.severity in options["ignored-severities"] or _has_runbook(alert, options):
        return
    if any(_has_runbook(other, options) for other in world.all(AlertRule)):
        yield observe(
            alert.annotations.get(options["annotations"][0]).place(),
            identity=(alert.group, alert.name),
            alert=alert.name,
            annotation=options["annotations"][0],
        )


def _has_runbook(alert: AlertRule, options: Options) -> bool:
    return any((alert.annotations.get(name).text or "").strip() for name in options["annotations"])
