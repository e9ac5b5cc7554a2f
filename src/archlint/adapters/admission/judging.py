"""Judges the objects of a world by the policies in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from importlib.util import find_spec
from typing import Any

from archlint.adapters.admission.asking import Asking
from archlint.adapters.admission.child import Answer
from archlint.adapters.admission.enforcing import Case, Enforcement, cases, enforcements
from archlint.adapters.admission.mutating import mutated
from archlint.finding import Unread
from archlint.finding.records import dataclass
from archlint.model.kubernetes.policies.admission_policies import AdmissionPolicy, PolicyExpression
from archlint.model.kubernetes.policies.admitted import has_known_defaults
from archlint.model.kubernetes.policies.policy_sources import every_policy
from archlint.model.kubernetes.policies.policy_verdicts import PolicyProblem, PolicyVerdict
from archlint.model.world import World

PACKAGE = "cel_expr_python"
UNREAD = "policy-not-evaluated"
_SET_BY_SERVER = frozenset({"uid", "creationTimestamp", "generation", "managedFields", "resourceVersion"}) | {
    "namespace",
    "status",
}
"""Keys of objects that the server sets before a policy sees them."""
_MOST_TOLD = 3
MOST_CASES = 50_000
"""Objects times policies that are about them, of which 1,000 take 0.2 s."""
_TOO_MANY = f"is about too many objects: all policies together have more than {MOST_CASES:,} to judge"


@dataclass
class Judgement:
    """What policies say, what is wrong with them, and what of them was not evaluated."""

    verdicts: list[PolicyVerdict] = field(default_factory=list)
    problems: list[PolicyProblem] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def judge(world: World) -> tuple[Unread, ...]:
    """Supply a world with what its policies say; what was not evaluated."""
    found = judgement(world)
    world.supply(PolicyVerdict, found.verdicts)
    world.supply(PolicyProblem, found.problems)
    return tuple(found.unread)


def judgement(world: World) -> Judgement:
    """What the policies of a world say about its objects."""
    in_force = enforcements(world)
    policies = _each_once(world, in_force)
    if not policies:
        return Judgement()
    if find_spec(PACKAGE) is None:
        return Judgement(unread=list(dict.fromkeys(_unread(policy, _NO_PACKAGE) for policy in policies)))
    return _Session(world, policies).judged(in_force)


_NO_PACKAGE = (
    "needs the package cel-expr-python in the environment of archlint: pip install cel-expr-python there, or "
    "pipx inject archlint cel-expr-python"
)


def _each_once(world: World, in_force: Sequence[Enforcement]) -> list[AdmissionPolicy]:
    found = {id(item.policy): item.policy for item in in_force}
    found |= {id(policy): policy for policy in every_policy(world)}
    return list(found.values())


class _Session:
    """One judgement of a world."""

    def __init__(self, world: World, policies: Sequence[AdmissionPolicy]) -> None:
        self._world = world
        self._policies = policies
        self._asking = Asking()
        self._result = Judgement()
        self._reasons: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def judged(self, in_force: Sequence[Enforcement]) -> Judgement:
        changed = mutated(self._world, in_force, self._asking.answers, MOST_CASES)
        judging = [item for item in in_force if item.policy.validations]
        every: list[Case] = []
        for item in cases(self._world, judging, changed.values):
            if len(every) == MOST_CASES:
                for left in judging:
                    self._reasons[id(left.policy)][_TOO_MANY] += 1
                break
            if self._is_decided(item, changed.unsure.get(id(item.target), changed.cut)):
                every.append(item)
        problems, answers = self._asking.ask(every, self._policies)
        for policy, found in zip(self._policies, problems, strict=True):
            self._tell_problems(policy, found)
        groups: dict[object, list[list[PolicyVerdict] | None]] = defaultdict(list)
        for item, answer in (*changed.judged, *zip(every, answers, strict=True)):
            groups[item.group].append(self._verdicts(item, answer))
        told = (verdict for group in groups.values() if all(group) for verdict in group[0] or ())
        self._result.verdicts += _gravest(told)
        self._result.unread += dict.fromkeys(self._untold())
        return self._result

    def _is_decided(self, item: Case, changing: str) -> bool:
        unknown = item.unknown or (
            f"is about objects that {changing} changes, which is not evaluated" if changing else ""
        )
        if unknown:
            self._reasons[id(item.enforcement.policy)][unknown] += 1
        return not unknown

    def _verdicts(self, item: Case, answer: Answer) -> list[PolicyVerdict] | None:
        """What a policy says about an object; ``None`` if it could not be evaluated."""
        policy = item.enforcement.policy
        if answer["state"] == "other":
            return []
        if answer["state"] == "unknown":
            self._reasons[id(policy)][_phrase(answer["reason"])] += 1
            return None
        if answer["state"] == "error":
            return self._failed(item, (policy.mutations or policy.conditions)[0], answer)
        found: list[PolicyVerdict] = []
        for result in answer.get("results", ()):
            expression = policy.validations[result["index"]]
            if result["state"] == "denied":
                message = (
                    result.get("message") or expression.message or f"failed expression: {expression.text}"
                )
                found.append(self._verdict(item, expression, result, " ".join(message.split())))
            elif result["state"] == "error":
                found += self._failed(item, expression, result) or ()
            else:
                self._reasons[id(policy)][f"{_named(policy, expression)} needs {result['reason']}"] += 1
        return found

    def _failed(self, item: Case, expression: PolicyExpression, answer: Answer) -> list[PolicyVerdict] | None:
        """What an expression that cannot be evaluated means: it refuses the object, unless that is to be
        ignored, or the server may have set what is missing."""
        policy = item.enforcement.policy
        missing = answer["reason"].removeprefix("no such key: ")
        if missing != answer["reason"] and (missing in _SET_BY_SERVER or not has_known_defaults(item.target)):
            reason = f"{_named(policy, expression)}: the server may set '{missing}'"
            self._reasons[id(policy)][reason] += 1
            return None
        if not policy.fails:
            return []
        return [self._verdict(item, expression, answer, "", answer["reason"])]

    def _verdict(
        self, item: Case, expression: PolicyExpression, answer: Answer, message: str, failure: str = ""
    ) -> PolicyVerdict:
        way = answer.get("route")
        return PolicyVerdict(
            item.target,
            item.enforcement.policy,
            item.enforcement.binding,
            expression,
            item.target.get(*item.way(way)) if way else item.target.node,
            item.enforcement.severity,
            message,
            failure,
        )

    def _tell_problems(self, policy: AdmissionPolicy, found: Sequence[dict[str, Any]]) -> None:
        by_place = {(section, index): item for section, index, item in policy.expressions()}
        for said in found:
            expression = by_place[said["section"], said["index"]]
            if said["certain"]:
                self._result.problems.append(
                    PolicyProblem(policy, said["section"], expression, said["message"], said["offset"])
                )
            else:
                reason = f"{said['section']}[{said['index']}]: {said['message']}"
                self._reasons[id(policy)][reason] += 1

    def _untold(self) -> Iterator[Unread]:
        """What was not evaluated, by policy; the reasons that are met most often."""
        for policy in self._policies:
            reasons = self._reasons.get(id(policy))
            if reasons:
                yield _unread(
                    policy, "; ".join(sorted(reasons, key=lambda each: (-reasons[each], each))[:_MOST_TOLD])
                )


def _gravest(verdicts: Iterable[PolicyVerdict]) -> Iterable[PolicyVerdict]:
    """Each violation once, though several bindings ask for it: by the one that makes most of it."""
    found: dict[object, PolicyVerdict] = {}
    for verdict in verdicts:
        policy, at = verdict.policy, verdict.at
        key = (policy.kind, policy.name, verdict.expression.text, id(at.document), at.route, verdict.message)
        if key not in found or verdict.severity > found[key].severity:
            found[key] = verdict
    return found.values()


def _phrase(reason: str) -> str:
    """A reason as a verb that follows the name of the policy; what only is named is needed."""
    return reason if reason.startswith(("takes", "is ")) else f"needs {reason}"


def _named(policy: AdmissionPolicy, expression: PolicyExpression) -> str:
    """An expression by its section and its place there."""
    section, index = next(
        (section, index) for section, index, item in policy.expressions() if item is expression
    )
    return f"{section}[{index}]"


def _unread(policy: AdmissionPolicy, detail: str) -> Unread:
    source = policy.base.node.place().source
    return Unread(source.path, UNREAD, source.index, f"{policy.kind} '{policy.name}' {detail}")
