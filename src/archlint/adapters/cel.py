"""Checks made of the CEL expressions of a team's rule pages.

All rules of an area are judged in one child process (see ``cel_worker``). A rule whose expression is wrong,
or takes too much time or memory, is named as failed, and the findings of the others are still reported.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from archlint.adapters.policies import Policy, read_policy
from archlint.checks import Check, Observation, Options, Scope, observe
from archlint.documents import Document, Node, TextFile
from archlint.files.globs import Exclusion
from archlint.finding import ObjectRef, Rule, Source
from archlint.finding.records import dataclass
from archlint.model.kubernetes import objects_of
from archlint.model.world import World

SECONDS = 20.0
"""Time for all rules of an area; 1,000 evaluations take 0.1 s."""
_MEMORY = 2 * 1024**3
"""Bytes of address space that the child may use."""


class PolicyFailure(Exception):
    """An expression that could not be judged; the text says why."""


@dataclass(frozen=True)
class Judged:
    """The world as the one subject of all policies."""

    source: Source
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[Self]:
        """One subject for the whole world."""
        return [cls(TextFile(""))]


@dataclass(frozen=True, slots=True)
class _Target:
    """A Kubernetes object or whole document that policies may be about."""

    node: Node
    kind: str | None
    object: ObjectRef | None


@dataclass(slots=True)
class _Answer:
    violations: list[_Target]
    error: str | None = None


class _Batch:
    """All policies of an area, judged together."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._policies = policies
        self._patterns = [Exclusion(policy.files) for policy in policies]

    def answers(self, world: World) -> list[_Answer]:
        """What each policy finds in a world."""
        targets = [target for document in world.documents() for target in _targets(document)]
        wanted = [
            [index for index, target in enumerate(targets) if self._is_meant(number, target)]
            for number in range(len(self._policies))
        ]
        used = sorted({index for indexes in wanted for index in indexes})
        place = {index: position for position, index in enumerate(used)}
        request = {
            "values": [targets[index].node.value for index in used],
            "rules": [
                {
                    "where": policy.where,
                    "assert": policy.assertion,
                    "values": [place[index] for index in indexes],
                }
                for policy, indexes in zip(self._policies, wanted, strict=True)
            ],
        }
        lines, ending = ask_worker(request)
        answers = [
            _Answer([targets[used[position]] for position in line["violations"]], line.get("error"))
            for line in lines
        ]
        for _ in range(len(answers), len(self._policies)):
            answers.append(_Answer([], ending))
            ending = "was not judged, as a rule before it failed"
        return answers

    def _is_meant(self, number: int, target: _Target) -> bool:
        policy = self._policies[number]
        if policy.kinds and target.kind not in policy.kinds:
            return False
        return not policy.files or self._patterns[number].excludes_file(target.node.document.path, "")


def _targets(document: Document) -> Iterator[_Target]:
    found = False
    for item in objects_of(document):
        found = True
        yield _Target(item.node, item.kind, item.object)
    if not found and document.root.is_set:
        yield _Target(document.root, None, None)


def ask_worker(asked: Mapping[str, Any], name: str = "cel_worker.py") -> tuple[list[dict[str, Any]], str]:
    """The answers of a child process, a program beside this module, and what ended it."""
    worker = Path(__file__).with_name(name)
    request = {"path": [entry for entry in sys.path if entry], "memory": _MEMORY, **asked}
    ending = "ended the process that judges it"
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(worker)],
            input=json.dumps(request, default=str).encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        output = done.stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
        ending = f"takes longer than {SECONDS:g} seconds"
    complete = output[: output.rfind(b"\n") + 1]
    return [json.loads(line) for line in complete.splitlines()], ending


def policy_checks(rules: Sequence[Rule]) -> dict[str, Check]:
    """The checks of some rules of teams, by rule name; raises ``PageError``."""
    policies = [read_policy(rule) for rule in rules]
    batch = _Batch(policies)
    return {
        rule.name: Check(rule.name, Scope.WORLD, Judged, _check(batch, number, policy))
        for number, (rule, policy) in enumerate(zip(rules, policies, strict=True))
    }


def _check(batch: _Batch, number: int, policy: Policy) -> Callable[..., Iterator[Observation]]:
    def judge(subject: Judged, world: World, options: Options) -> Iterator[Observation]:
        answer = world.fact(batch.answers)[number]
        for target in answer.violations:
            yield _observation(target, policy)
        if answer.error is not None:
            raise PolicyFailure(answer.error)

    return judge


def _observation(target: _Target, policy: Policy) -> Observation:
    marked = target.node.get(*policy.place)
    about = target.object
    return observe(
        marked.place(),
        object=about,
        kind=about.kind if about else "",
        name=about.name if about else "",
        namespace=(about.namespace or "") if about else "",
        file=target.node.document.path,
        value=target.node.document.source_text(marked.route) if marked.exists else "nothing",
    )
