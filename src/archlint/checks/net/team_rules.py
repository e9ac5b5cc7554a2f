"""What the configuration forbids and requires of connections."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.net.wording import connections_in_words
from archlint.finding import Place
from archlint.model.network import TrafficDirection
from archlint.model.network.connectivity.explanation import Explanation, SideExplained
from archlint.model.network.connectivity.traffic import RuleAction
from archlint.model.network.team_requirements import RequiredCut
from archlint.model.network.team_rules import TeamRule
from archlint.model.network.team_verdicts import (
    EmptyPattern,
    ForbiddenOpening,
    UnknownForbidden,
)
from archlint.model.world import World

NEEDS = ("team-rules",)

_MOST_POLICIES = 3
_MOST_PODS = 3
_VERBS = {TrafficDirection.INGRESS: "lets it in", TrafficDirection.EGRESS: "lets it out"}


@join(ForbiddenOpening)
def forbidden_connection_open(
    item: ForbiddenOpening, world: World, options: Options
) -> Iterator[Observation]:
    """A connection that a rule of the configuration forbids and the policies surely allow."""
    rule, opening = item.rule, item.opening
    source, target, connections = item.example
    place = item.node.place()
    shut = opening.direction
    message = f"open-{shut.value}" if opening.policy is None else "default"
    related = [(rule.place, "forbidden here"), *_proof(item.proof, shut)]
    related += [
        (pods.base.node.place(), "nothing restricts these either") for pods in item.pods[1:_MOST_PODS]
    ]
    yield observe(
        place,
        message,
        related=related,
        identity=(rule.text, *(() if opening.rule is None else place.source.names(place.route))),
        source=source,
        target=target,
        ports=connections_in_words(connections),
        more=_more(item.count),
        policy="" if opening.policy is None else opening.policy.title,
        direction=shut.value,
        reason=_reason(rule),
    )


@join(UnknownForbidden)
def forbidden_connection_unknown(
    item: UnknownForbidden, world: World, options: Options
) -> Iterator[Observation]:
    """A rule of the configuration that may be broken, which the files do not tell."""
    yield observe(
        item.rule.place,
        related=[(place, "does not settle it") for place in item.policies[:_MOST_POLICIES]],
        identity=(item.rule.text,),
        source=item.source_name,
        target=item.target_name,
        ports=connections_in_words(item.connections),
        doubt=item.reason,
    )


@join(RequiredCut)
def required_connection_cut(item: RequiredCut, world: World, options: Options) -> Iterator[Observation]:
    """A connection that a rule of the configuration requires and no policy can be read to allow."""
    rule, side = item.rule, item.side
    source, target, connections = item.example
    related = [(rule.place, "required here")]
    denial = item.denial
    if denial is not None:
        place = denial[1].place()
    else:
        rules = item.policy.base.get("spec", side.direction.value)
        place = (rules if rules.exists else item.policy.base.get("spec", "podSelector")).place()
        related += [
            (policy.base.get("spec", "podSelector").place(), "selects the same pods and does not allow it")
            for policy in side.policies[1:_MOST_POLICIES]
        ]
    yield observe(
        place,
        "default" if denial is None else "denied",
        related=related,
        identity=(rule.text, side.direction.value),
        source=source,
        target=target,
        ports="any port" if rule.ports is None else connections_in_words(connections),
        more=_more(item.count),
        policy=item.policy.title,
        direction=side.direction.value,
        reason=_reason(rule),
    )


@join(EmptyPattern)
def network_rule_matches_nothing(item: EmptyPattern, world: World, options: Options) -> Iterator[Observation]:
    """A side of a rule that means nobody in the repository."""
    yield observe(item.place, identity=(item.rule.text, item.text), said=item.text, rule=item.rule.kind.value)


def _reason(rule: TeamRule) -> str:
    return f" ({rule.reason})" if rule.reason else ""


def _more(count: int) -> str:
    if count < 2:
        return ""
    return f" (and {count - 1} more connection{'s' if count > 2 else ''})"


def _proof(proof: Explanation, primary: TrafficDirection) -> Iterator[tuple[Place, str]]:
    """What the other side of the first connection says."""
    for side in proof.sides:
        if side.direction is not primary:
            yield from _said(side)


def _said(side: SideExplained) -> Iterator[tuple[Place, str]]:
    """The first rule of one side that allows it; nothing of pods that no file describes."""
    letting = next((said for said in side.said if said.action is RuleAction.ALLOW), None)
    if letting is not None:
        yield letting.node.place(), f"{letting.policy.title} {_VERBS[side.direction]}"
    elif side.pods.workload is not None:
        yield side.pods.workload.base.node.place(), f"no policy restricts {side.direction.value} here"
