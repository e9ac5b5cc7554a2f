"""Runs kube-score over the objects of each deployment set and reads its JSON (version 2).

The program gets the objects on standard input, one JSON document each, and nothing of the repository is named
to it: no path can be taken for a flag, and what it says is matched to objects by kind, version, namespace and
name. A set is judged alone, as it is applied; what is remarked about an object that several sets share counts
if it holds in each of them.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from tempfile import gettempdir
from typing import Any

from archlint.adapters.named_programs import program_path
from archlint.finding import Notice, Profile, Rule
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.remarks import Remark
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

CODE = "KSCORE001"
"""The rule that reports remarks of kube-score."""
PREFIX = "kube-score:"
SECONDS = 120.0
"""How long all runs together may take; kube-score needs about 0.02 s for a set."""
_COMMAND = ("score", "--output-format", "json", "--output-version", "v2", "-")
_CRITICAL, _WARNING = 1, 5
_HARMLESS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "probe"}}
_NOT_JUDGED = frozenset({"ConfigMap", "CustomResourceDefinition", "Secret"})
"""Kinds that kube-score has no check for; they are large, or nobody else's business."""

_Remarks = dict[KubernetesObject, set[Remark]]
UNREPORTED = "; nothing of kube-score is reported"
"""How it ends what is told where the program does not answer."""


class KubeScoreProblem(Exception):
    """kube-score is missing or does not do what it should; the text says what is wrong."""


class _Refusal(Exception):
    """kube-score cannot read the objects; the text is its own, on one line."""


@dataclass
class _Runs:
    """The program and the time that is left for it."""

    program: str
    until: float
    works: bool = False
    refused: list[tuple[KubernetesObject, str]] = field(default_factory=list)
    """Objects that kube-score cannot read, with its reason."""


def ask_kube_score(
    program: str, world: World, in_force: Sequence[Rule], known: Sequence[Rule]
) -> list[Notice]:
    """Supply a world with what kube-score remarks, for the rule that reports it, if that is in force.

    What another rule judges is left to it: one that is in force, or that a profile has, so that who chose a
    profile without it or put it off is not told by the program all the same.
    """
    if all(rule.code != CODE for rule in in_force):
        return []
    judging = (*in_force, *(rule for rule in known if rule.profile is not Profile.OPTIONAL))
    found, notices = remarks(program, world, judging)
    world.supply(Remark, found)
    return notices


def remarks(program: str, world: World, rules: Iterable[Rule]) -> tuple[list[Remark], list[Notice]]:
    """What kube-score remarks about the objects of a world, and at most one warning.

    ``program`` is a path or a name to look up on PATH. Checks that one of ``rules`` names in its aliases are
    left out, as archlint judges these itself.
    """
    covered = frozenset(
        alias.removeprefix(PREFIX)
        for rule in rules
        if rule.code != CODE
        for alias in rule.aliases
        if alias.startswith(PREFIX)
    )
    sets = [item.objects for item in world.fact(deployment_sets).sets if item.objects]
    try:
        runs = _Runs(_find(program), time.monotonic() + SECONDS)
        found = [_judge(objects, runs, covered) for objects in sets]
    except KubeScoreProblem as problem:
        return [], [Notice("warning", f"{problem}{UNREPORTED}")]
    return list(_agreed(sets, found)), _refusals(runs)


def _find(program: str) -> str:
    """The absolute path of the program; raises ``KubeScoreProblem``."""
    found = program_path(program)
    if found is None:
        raise KubeScoreProblem(
            f"kube-score: there is no program '{program}'; install it, or name it with --kube-score=PATH"
        )
    return found


def _judge(objects: Sequence[KubernetesObject], runs: _Runs, covered: frozenset[str]) -> _Remarks:
    """Remarks about a set; of objects that are the same to kube-score it gets the first one."""
    by_key: dict[tuple[str, ...], KubernetesObject] = {}
    for item in objects:
        if item.kind not in _NOT_JUDGED:
            by_key.setdefault((item.kind, item.api_version, item.namespace or "", item.name), item)
    found: _Remarks = {}
    for scored in _scores(list(by_key.values()), runs):
        base = by_key.get(_key(scored))
        if base is not None:
            found.setdefault(base, set()).update(_remarks_about(base, scored, covered))
    return found


def _scores(objects: Sequence[KubernetesObject], runs: _Runs) -> list[Any]:
    """The verdicts on objects; those that kube-score cannot read, and so all with them, are left out."""
    if not objects:
        return []
    try:
        return _run([item.node.value for item in objects], runs)
    except _Refusal as refusal:
        if not runs.works:
            _probe(runs)
        bad = dict(_unreadable(objects, str(refusal), runs))
        if not bad:
            raise KubeScoreProblem(f"kube-score failed: {refusal}") from None
        runs.refused.extend((objects[index], reason) for index, reason in bad.items())
        return _scores([item for index, item in enumerate(objects) if index not in bad], runs)


def _probe(runs: _Runs) -> None:
    """Make sure that the objects are to blame and not the program."""
    try:
        _run([_HARMLESS], runs)
    except _Refusal as refusal:
        raise KubeScoreProblem(f"kube-score failed: {refusal}") from None
    runs.works = True


def _unreadable(
    objects: Sequence[KubernetesObject], reason: str, runs: _Runs, start: int = 0
) -> Iterator[tuple[int, str]]:
    """Positions of the objects that make kube-score fail, found by halving, with its reasons."""
    if len(objects) == 1:
        yield start, reason
        return
    middle = len(objects) // 2
    for offset, half in ((0, objects[:middle]), (middle, objects[middle:])):
        try:
            _run([item.node.value for item in half], runs)
        except _Refusal as refusal:
            yield from _unreadable(half, str(refusal), runs, start + offset)


def _run(objects: Sequence[Any], runs: _Runs) -> list[Any]:
    """What kube-score prints about some objects; raises ``_Refusal`` or ``KubeScoreProblem``."""
    given = "\n---\n".join(json.dumps(item, default=str, ensure_ascii=False) for item in objects)
    try:
        done = subprocess.run(
            (runs.program, *_COMMAND),
            input=given.encode("utf-8", "backslashreplace"),
            capture_output=True,
            cwd=gettempdir(),
            timeout=max(runs.until - time.monotonic(), 0.01),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise KubeScoreProblem(f"kube-score took more than {SECONDS:.0f} seconds") from None
    except OSError as error:
        raise KubeScoreProblem(f"kube-score cannot be run: {error.strerror}") from None
    if done.returncode and not done.stdout.strip():
        raise _Refusal(_one_line(done.stderr) or f"exit code {done.returncode}")
    try:
        scores = json.loads(done.stdout)
    except (ValueError, RecursionError):
        raise KubeScoreProblem("kube-score printed something else than JSON") from None
    if scores is None:  # what it prints if it knows none of the kinds
        return []
    if not isinstance(scores, list):
        raise KubeScoreProblem("kube-score printed JSON of another form than version 2")
    return scores


def _one_line(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())[:300]


def _key(scored: Any) -> tuple[str, ...]:
    kind, meta = _map(scored, "type_meta"), _map(scored, "object_meta")
    name = _text(meta, "name") or _text(meta, "generateName")
    return (_text(kind, "kind"), _text(kind, "apiVersion"), _text(meta, "namespace"), name)


def _remarks_about(base: KubernetesObject, scored: Any, covered: frozenset[str]) -> Iterator[Remark]:
    for score in _list(scored, "checks"):
        check = _text(_map(score, "check"), "id")
        grade = score.get("grade") if isinstance(score, dict) else None
        if not check or check in covered or not isinstance(grade, int) or grade > _WARNING:
            continue
        if score.get("skipped") is True:
            continue
        comments = _list(score, "comments") or [{"summary": _text(_map(score, "check"), "name")}]
        for comment in comments:
            summary = _text(comment, "summary").strip().rstrip(".") or check
            advice = _text(comment, "description").strip().rstrip(".")
            is_critical = grade <= _CRITICAL
            yield Remark(base, check, _text(comment, "path"), summary, advice, is_critical)


def _agreed(sets: Sequence[Sequence[KubernetesObject]], found: Sequence[_Remarks]) -> Iterator[Remark]:
    """The remarks that hold in every set that has the object, in the order of the objects."""
    homes: dict[KubernetesObject, list[set[Remark]]] = {}
    for objects, in_set in zip(sets, found, strict=True):
        for item in dict.fromkeys(objects):
            homes.setdefault(item, []).append(in_set.get(item, set()))
    for about in homes.values():
        common = set.intersection(*about)
        yield from sorted(common, key=lambda item: (item.check, item.path, item.summary, item.advice))


def _refusals(runs: _Runs) -> list[Notice]:
    if not runs.refused:
        return []
    first, reason = runs.refused[0]
    count = len({item for item, _ in runs.refused})
    others = f" and {count - 1} more" if count > 1 else ""
    text = f"kube-score cannot read {first.object}{others}, and judged the rest without: {reason}"
    return [Notice("warning", text, first.source.path)]


def _map(value: Any, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
