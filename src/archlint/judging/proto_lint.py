"""Findings in proto files as the repository's own settings for ``buf lint`` and ``api-linter`` want them.

A repository that uses buf has said in ``buf.yaml`` which of its rules it wants, and where; comments take
single findings back. Both are obeyed: a finding loses the names of buf's rules that are off, and is none if
it has no other name left. Comments for ``api-linter`` take back what it would tell
(https://linter.aip.dev/configuration#proto-comments).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from functools import cache

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.buf_breaking import is_breaking_rule
from archlint.documents.proto.buf_lint import BufLint
from archlint.documents.proto.buf_rules import is_lint_rule
from archlint.finding import Finding, Observation, Rule
from archlint.finding.records import replace

_BUF, _API_LINTER = "buf:", "api-linter:"
_DEPRECATION = f"{_API_LINTER}core::0192::deprecated-comment"
"""What is asked of deprecated things alone."""


@cache
def _lint_rules(aliases: tuple[str, ...]) -> Sequence[str]:
    names = (alias.removeprefix(_BUF) for alias in aliases if alias.startswith(_BUF))
    return tuple(name for name in names if is_lint_rule(name))


@cache
def _api_linter_names(aliases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(alias for alias in aliases if alias.startswith(_API_LINTER))


def as_told_to_buf(finding: Finding, seen: Observation) -> Finding | None:
    """The finding without the names of rules that are off; ``None`` if nobody wants to hear of it."""
    source = seen.place.source
    if not isinstance(source, ProtoFile):
        return finding
    theirs = _api_linter_names(finding.aliases) - {_DEPRECATION}
    if theirs and source.is_deprecated(seen.place.route):
        if theirs.issuperset(finding.aliases):
            return None  # api-linter says nothing of it, as nobody changes what is about to go
        finding = without_names(finding, theirs)
    if source.speaks_to_api_linter:
        finding = _as_told_to_api_linter(finding, seen, source)
    lint = source.lint
    if lint is not None and (lint.breaking.rules.is_stated or not lint.holds(source.path)):
        wanted = _as_told_of_changes(finding, source, lint)
        if wanted is None:
            return None
        finding = wanted
    rules = _lint_rules(finding.aliases)
    told = [name for name in rules if source.lint is None or source.lint.tells(name, source.path)]
    if rules and not told:
        return None
    kept = [name for name in told if not source.is_told_to_ignore(seen.place.route, name)]
    if told and not kept:
        why = f"buf:lint:ignore {', '.join(told)} ({source.path})"
        return replace(finding, suppressed=why)
    if len(kept) == len(rules):
        return finding
    return without_names(finding, {_BUF + name for name in rules if name not in kept})


def _as_told_of_changes(finding: Finding, source: ProtoFile, said: BufLint) -> Finding | None:
    """The finding as what is said about ``buf breaking`` wants it."""
    names = [name for name in finding.aliases if is_breaking_rule(name.removeprefix(_BUF))]
    package = source.descriptor.package
    off = {name for name in names if not said.tells_change(name.removeprefix(_BUF), source.path, package)}
    if names and len(off) == len(set(names)):
        return None
    return without_names(finding, off) if off else finding


def without_names(finding: Finding, off: Collection[str]) -> Finding:
    """The finding without some of the names that other tools have for it."""
    return replace(finding, aliases=tuple(name for name in finding.aliases if name not in off))


def _as_told_to_api_linter(finding: Finding, seen: Observation, source: ProtoFile) -> Finding:
    """The finding without those of its names that a comment disables; suppressed if none is left."""
    names = [name for name in finding.aliases if name.startswith(_API_LINTER)]
    route = seen.place.route
    off = [name for name in names if source.is_disabled(route, name.removeprefix(_API_LINTER))]
    if not off:
        return finding
    if len(off) == len(names):
        return replace(finding, suppressed=f"{off[0]}=disabled ({source.path})")
    return without_names(finding, off)


def may_tell(rule: Rule, wanted: Set[str]) -> bool:
    """Whether a rule may find what one of some rules of buf finds."""
    return not wanted.isdisjoint(_lint_rules(rule.aliases))


def is_asked_for(finding: Finding, seen: Observation) -> bool:
    """Whether settings for buf that speak of linting want a finding of a rule that is not in force."""
    source = seen.place.source
    lint = source.lint if isinstance(source, ProtoFile) else None
    return lint is not None and lint.rules.is_stated and bool(_lint_rules(finding.aliases))
