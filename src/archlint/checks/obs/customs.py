"""What most alerts of a repository have, and some do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.alerts import AlertRule
from archlint.model.appconfig.files import is_run
from archlint.model.world import World

Counts = dict[str, tuple[int, int]]


def counted(world: World, key: str, has: Callable[[AlertRule], bool], ignored: list[str]) -> tuple[int, int]:
    """How many alerts that call somebody have something, and how many there are; counted once for a key."""
    counts = world.fact(_counts)
    if key not in counts:
        calling = [each for each in world.all(AlertRule) if each.severity not in ignored]
        counts[key] = (sum(map(has, calling)), len(calling))
    return counts[key]


def _counts(world: World) -> Counts:
    """What was counted already, by the options."""
    return {}


@join(AlertRule)
def alert_without_severity(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert without the label by which the others say how urgent they are."""
    return _without_label(alert, world, options)


@join(AlertRule)
def alert_without_owner(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert without the label by which the others say whom they call."""
    return _without_label(alert, world, options)


def _without_label(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    names, ignored = options["labels"], options.get("ignored-severities", [])
    if alert.severity in ignored or not is_run(alert.source.path) or _label_of(alert, names):
        return
    known, total = counted(world, repr((names, ignored)), lambda item: bool(_label_of(item, names)), ignored)
    if known and known >= options["share"] * total:
        usual = _usual(world, names)
        yield observe(
            alert.node.get("labels", usual).place(),
            identity=(alert.group, alert.name),
            alert=alert.name,
            label=usual,
            known=known,
            total=total,
        )


def _label_of(alert: AlertRule, names: list[str]) -> str:
    """The first of some labels that an alert has."""
    return next((name for name in names if alert.label(name)), "")


def _usual(world: World, names: list[str]) -> str:
    """Which of some labels most alerts have."""
    totals = world.fact(_usuals)
    key = repr(names)
    if key not in totals:
        found = [_label_of(alert, names) for alert in world.all(AlertRule)]
        totals[key] = max(names, key=found.count)
    return totals[key]


def _usuals(world: World) -> dict[str, str]:
    return {}
