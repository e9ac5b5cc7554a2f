"""What the configuration forbids, allows and requires of calls."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.graph.graph import Edge
from archlint.model.graph.team_calls import CallRule, CallRuleKind
from archlint.model.graph.team_verdicts import (
    EmptySide,
    JudgedCall,
    LongChain,
    MissingCall,
    WideCaller,
    WrongExample,
)
from archlint.model.world import World

NEEDS = ("team-calls",)

_MOST_SHOWN = 5


@join(JudgedCall)
def call_forbidden(item: JudgedCall, world: World, options: Options) -> Iterator[Observation]:
    """A call that a rule of the configuration forbids."""
    if item.rule.kind is CallRuleKind.FORBID:
        yield _judged(item, "forbidden here")


@join(JudgedCall)
def call_not_allowed(item: JudgedCall, world: World, options: Options) -> Iterator[Observation]:
    """A call that no rule allows, of a service of which the configuration says what it may call."""
    if item.rule.kind is CallRuleKind.ALLOW:
        yield _judged(item, "says what it may call")


def _judged(item: JudgedCall, said: str) -> Observation:
    others = [each.place for each in item.edge.evidence if each.place != item.place]
    return observe(
        item.place,
        related=[(item.rule.place, said), *((place, "shows it too") for place in others[:_MOST_SHOWN])],
        identity=(item.rule.text, item.callee.id),
        caller=item.caller.name,
        callee=item.callee.name,
        protocol=item.edge.protocol,
        reason=_reason(item.rule),
    )


@join(MissingCall)
def required_call_missing(item: MissingCall, world: World, options: Options) -> Iterator[Observation]:
    """A service that does not call what the configuration requires."""
    yield observe(
        item.place,
        related=[(item.rule.place, "required here")],
        identity=(item.rule.text,),
        caller=item.caller.name,
        target=item.rule.target.text,
        reason=_reason(item.rule),
    )


@join(EmptySide)
def call_rule_matches_nothing(item: EmptySide, world: World, options: Options) -> Iterator[Observation]:
    """A side of a rule that means nothing in the repository."""
    yield observe(
        item.place,
        identity=(item.rule.text, item.side),
        side=item.side,
        said=item.text,
        rule=item.rule.kind.value,
    )


@join(WrongExample)
def call_example_wrong(item: WrongExample, world: World, options: Options) -> Iterator[Observation]:
    """An example about which the rules say the opposite."""
    example = item.example
    related = [] if item.rule is None else [(item.rule.place, "forbids it")]
    yield observe(
        example.place,
        "forbidden" if item.rule is not None else "default",
        related=related,
        identity=(example.source, example.target),
        caller=example.source,
        callee=example.target,
    )


@join(WideCaller)
def fan_out_above_limit(item: WideCaller, world: World, options: Options) -> Iterator[Observation]:
    """A service that calls more services than the configuration allows."""
    yield observe(
        item.place,
        related=[(item.limit.place, "the limit"), *_shown(item.callees[:_MOST_SHOWN])],
        caller=item.caller.name,
        count=len(item.callees),
        most=item.limit.most,
    )


@join(LongChain)
def call_chain_above_limit(item: LongChain, world: World, options: Options) -> Iterator[Observation]:
    """Calls of which each causes the next, more of them than the configuration allows."""
    yield observe(
        item.place,
        related=[(item.limit.place, "the limit"), *_shown(item.edges[1:])],
        identity=(item.nodes[0].id,),
        count=len(item.edges),
        most=item.limit.most,
        path=" -> ".join(node.name for node in item.nodes),
    )


def _shown(edges: tuple[Edge, ...]) -> Iterator[tuple[Place, str]]:
    for edge in edges:
        yield edge.proof.place, f"calls '{edge.target.rpartition(':')[2]}'"


def _reason(rule: CallRule) -> str:
    return f" ({rule.reason})" if rule.reason else ""
