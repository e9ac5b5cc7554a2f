"""Findings that another linter was told to leave out, where it was told so on the object itself.

Such an ignore needs no reason, and silences what that linter would report as well: findings that carry the
name of its check. It says nothing about any other linter.
"""

from __future__ import annotations

from typing import Any

from archlint.documents import Document
from archlint.files import Kind
from archlint.finding import Finding, Observation
from archlint.finding.records import replace
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.foreign_checks import same_check
from archlint.model.kubernetes.foreign_ignores import ForeignIgnore, foreign_ignores, ignored_by, turned_on_by

_APPROXIMATE = frozenset({"checkov", "trivy"})
"""Tools whose checks stand for the topic of a finding; one of them is enough to silence it."""


ANNOTATION = "archlint/ignore"
"""The annotation with suppressions of an object."""
_WITHOUT_CUSTOM_PODS = ("kube-score:", "kube-linter:")


def as_told_elsewhere(finding: Finding, seen: Observation, subject: Any) -> Finding:
    """The finding as the ignores of other linters leave it: without the names of checks that were told to be
    left out, and suppressed if none of such a tool is left."""
    base = _asked(seen, subject)
    if base is not None and base.is_built:
        finding = _with_annotation(finding, base)
    if not finding.aliases and not finding.ignored_as:
        return finding
    finding = _read_elsewhere(finding, subject)
    ignores = [] if base is None else foreign_ignores(base)
    for tool in dict.fromkeys(item.tool for item in ignores):
        finding = _without(finding, tool, [item for item in ignores if item.tool == tool])
    return finding


def _with_annotation(finding: Finding, base: KubernetesObject) -> Finding:
    """The finding with the place of the suppression that its object got from a base, a patch or the like."""
    written = base.get("metadata", "annotations", ANNOTATION)
    if not written.exists:
        return finding
    place = written.place()
    span = place.span()
    return replace(finding, annotation=(place.source.path, span.line, span.column))


def _read_elsewhere(finding: Finding, subject: Any) -> Finding:
    """The finding without the names of tools that know no pods of kinds that are not Kubernetes' own."""
    workload = getattr(subject, "workload", subject)
    if not isinstance(workload, Workload) or not workload.is_custom:
        return finding
    return replace(
        finding, aliases=tuple(name for name in finding.aliases if not name.startswith(_WITHOUT_CUSTOM_PODS))
    )


def is_turned_on(finding: Finding, seen: Observation, subject: Any) -> bool:
    """Whether the object of a finding asks for one of the checks of whose name it is."""
    base = _asked(seen, subject)
    ignores = [] if base is None else foreign_ignores(base)
    names = (name.partition(":") for name in finding.aliases)
    return any(
        turned_on_by([item for item in ignores if item.tool == tool], check) for tool, _, check in names
    )


def _without(finding: Finding, tool: str, ignores: list[ForeignIgnore]) -> Finding:
    names = [name for name in (*finding.aliases, *finding.ignored_as) if name.startswith(f"{tool}:")]
    found = ((name, ignored_by(ignores, name.partition(":")[2])) for name in names)
    ignored = {name: ignore for name, ignore in found if ignore is not None}
    if not ignored:
        return finding
    if tool in _APPROXIMATE or len(ignored) == len(names):
        ignore = next(iter(ignored.values()))
        place = ignore.node.place()
        return replace(finding, suppressed=f"{ignore.text} ({place.source.path}:{place.span().line})")
    return replace(finding, aliases=tuple(name for name in finding.aliases if name not in ignored))


def _asked(seen: Observation, subject: Any) -> KubernetesObject | None:
    """The object that the other linter would be asked about: the one that the rule looked at, or another one
    that the finding is about."""
    if seen.object is None or seen.object == subject.object:
        holder = getattr(subject, "workload", subject)
        base = getattr(holder, "base", holder)
        if isinstance(base, KubernetesObject):
            return base
    source = seen.place.source
    if not isinstance(source, Document) or source.kind is not Kind.KUBERNETES:
        return None
    route = seen.place.route
    is_item = len(route) > 1 and route[0] == "items" and isinstance(route[1], int)
    return KubernetesObject(source.at(route[:2] if is_item else ()))


def is_ignored_as(finding: Finding, tool: str, check: str) -> bool:
    """Whether a check of a tool, or all of its checks (``*``), stands for a finding."""
    names = [name.partition(":")[2] for name in finding.ignored_as if name.startswith(f"{tool}:")]
    return bool(names) and (check == "*" or same_check(tool, check) in names)
