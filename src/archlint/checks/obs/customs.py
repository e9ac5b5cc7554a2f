"""What most alerts of a repository have, and some do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.appconfig.files import is_run
from archlint.model.telemetry.alerts import AlertRule
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Custom:
    """What alerts that call somebody have."""

    known: int
    """How many have it."""
    total: int
    example: Place | None
    """Where the first one has it."""

    def is_kept(self, share: float) -> bool:
        """Whether enough have it for the others to lack it."""
        return self.known > 0 and self.known >= share * self.total


def custom_of(
    world: World, key: str, of_alert: Callable[[AlertRule], Node | None], ignored: list[str]
) -> Custom:
    """How many alerts that call somebody have something; counted once for a key."""
    counts = world.fact(_counts)
    if key not in counts:
        calling = [of_alert(each) for each in world.all(AlertRule) if each.severity not in ignored]
        found = [node for node in calling if node is not None]
        counts[key] = Custom(len(found), len(calling), found[0].place() if found else None)
    return counts[key]


def like(custom: Custom) -> list[tuple[Place, str]]:
    """An alert that has what another lacks, for those who wonder what to write."""
    return [] if custom.example is None else [(custom.example, "as here")]


def _counts(world: World) -> dict[str, Custom]:
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
    if not alert.words.isdisjoint(names) or alert.calls_nobody:
        return  # its series may have the label
    custom = custom_of(world, repr((names, ignored)), lambda item: _label(item, names), ignored)
    if custom.is_kept(options["share"]) and not alert.is_elsewhere:
        usual = _usual(world, names)
        yield observe(
            alert.node.get("labels", usual).place(),
            related=like(custom),
            identity=(alert.group, alert.name),
            alert=alert.name,
            label=usual,
            known=custom.known,
            total=custom.total,
        )


def _label_of(alert: AlertRule, names: list[str]) -> str:
    """The first of some labels that an alert has."""
    return next((name for name in names if alert.label(name)), "")


def _label(alert: AlertRule, names: list[str]) -> Node | None:
    name = _label_of(alert, names)
    return alert.node.get("labels", name) if name else None


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
