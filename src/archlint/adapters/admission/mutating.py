"""Objects as mutating policies of the repository leave them, which the validating ones see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any

from archlint.adapters.admission.child import Answer
from archlint.adapters.admission.enforcing import Case, Enforcement, cases
from archlint.finding.records import dataclass
from archlint.model.world import World

Asking = Callable[[Sequence[Case]], Sequence[Answer]]


@dataclass
class Mutated:
    """What became of the objects, by their identity."""

    values: dict[int, Any] = field(default_factory=dict)
    unsure: dict[int, str] = field(default_factory=dict)
    """Objects that a policy may change that is not evaluated, with its name."""
    judged: list[tuple[Case, Answer]] = field(default_factory=list)
    """Each case with its answer."""
    cut: str = ""
    """The first policy that was not applied to anything, as there were too many cases before it."""


def mutated(world: World, in_force: Sequence[Enforcement], ask: Asking, most: int) -> Mutated:
    """Apply the mutating policies one after another, by name; each sees what those before it made. After so
    many cases the others are left out."""
    made = Mutated()
    by_policy: dict[tuple[str, str], list[Enforcement]] = {}
    for item in in_force:
        if item.policy.mutations:
            by_policy.setdefault((item.policy.name, item.policy.kind), []).append(item)
    for key in sorted(by_policy):
        if len(made.judged) >= most:
            made.cut = f"{key[1]} '{key[0]}'"
            break
        every = list(cases(world, by_policy[key], made.values))
        for case in every:
            if case.unknown:
                made.unsure[id(case.target)] = (
                    f"{case.enforcement.policy.kind} '{case.enforcement.policy.name}'"
                )
        judged = [case for case in every if not case.unknown]
        for case, answer in zip(judged, ask(judged), strict=True):
            made.judged.append((case, answer))
            if "object" in answer:
                made.values[id(case.target)] = case.whole(answer["object"])
            elif answer["state"] not in ("other", "error"):
                policy = case.enforcement.policy
                made.unsure[id(case.target)] = f"{policy.kind} '{policy.name}'"
    return made
