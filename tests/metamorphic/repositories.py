"""Small repositories to rewrite, and all that archlint sees in one, without a process or a disk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from archlint.comparison import compare_worlds
from archlint.comparison.migrations import migration_changes
from archlint.documents import load_text
from archlint.documents.charts.rendering import ChartTerms
from archlint.engine.parsing import Parse
from archlint.engine.policies import judge_policies
from archlint.engine.reading import read_world
from archlint.engine.resources import judge_resources
from archlint.engine.running import Runner
from archlint.files import FileProblem, Kind
from archlint.finding import Finding, Rule
from archlint.model.world import World
from tests.rules.pages import cases_on
from tests.support.configuring import configure
from tests.support.rules import own_rules

_LINE = re.compile(r"\bline [0-9]+")
SHOP = Path(__file__).parents[2] / "fixtures" / "shop"
Files = Mapping[str, str]
"""The text of each file by its path."""


class Seen(NamedTuple):
    """What of a finding must survive every rewriting that changes no meaning: all but its place."""

    rule: str
    object: str
    message: str
    fingerprint: str


@dataclass(frozen=True, eq=False)
class Repository:
    """Files, the options of rules that are set for them, and the older files they are compared with."""

    name: str
    files: Files
    base: Files = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class MemoryTree:
    """Files in memory."""

    files: Files
    revision: str | None = None

    def paths(self) -> Sequence[str]:
        """All of them."""
        return sorted(self.files)

    absent: frozenset[str] = frozenset()

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""
        if path not in self.files:
            raise FileProblem(path, "The file does not exist.")
        return self.files[path].encode()


def all_rules() -> list[Rule]:
    """Every rule of archlint but the one that asks another program."""
    return [rule for rule in own_rules() if rule.area != "KSCORE"]


def examples(rules: Iterable[Rule]) -> list[Repository]:
    """The examples of the pages of some rules."""
    return [
        Repository(f"{rule.code} {case.name}", case.files, case.base, {rule.code: case.options})
        for rule in rules
        for case in cases_on(rule.page)
    ]


def shop(variant: str, *suffixes: str) -> dict[str, str]:
    """The files of a variant of the shop, or those whose names end in one of some ways."""
    root = SHOP / variant
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "DEFECTS.md" and (not suffixes or path.name.endswith(suffixes))
    }


def findings_in(
    files: Files,
    rules: Sequence[Rule],
    options: Mapping[str, Mapping[str, Any]] | None = None,
    base: Files | None = None,
    *,
    evaluated: bool = False,
    parse: Parse = load_text,
    charts: ChartTerms | None = None,
) -> list[Finding]:
    """All that some rules find in some files, and with a base in what has changed; no rule may fail. Where
    the expressions of policies and definitions are ``evaluated``, what they say is among it; ``parse`` reads
    their texts, and with ``charts`` these are rendered."""
    world = world_of(files, parse=parse)
    if world.paths(Kind.CHART):
        world.charts = charts
    if evaluated:
        judge_policies(world, rules)
        judge_resources(world, rules, {})
    return findings_of(world, rules, options, older_world(base, parse=parse) if base else None)


def world_of(files: Files, *, parse: Parse = load_text) -> World:
    """What some files say, and what the configuration among them says of the system."""
    world = read_world(MemoryTree(files), sorted(files), parse=parse)
    configure(world, files)
    return world


def findings_of(
    world: World,
    rules: Sequence[Rule],
    options: Mapping[str, Mapping[str, Any]] | None = None,
    older: World | None = None,
) -> list[Finding]:
    """All that some rules find in a world, and in what has changed since an older one; no rule may fail."""
    runner = _runner(rules, options or {})
    found = [*runner.over_files(world), *runner.over_joins(world)]
    if older is not None:
        found += runner.over_changes({**compare_worlds(older, world), **migration_changes(older, world)})
    _demand_no_failures(runner)
    return found


def older_world(base: Files, *, parse: Parse = load_text) -> World:
    """What some files say as those of the base."""
    return read_world(MemoryTree(base, "base"), sorted(base), parse=parse)


def changes_between(base: Files, revision: Files, rules: Sequence[Rule]) -> list[Finding]:
    """All that some rules find in the changes between two states of some files; no rule may fail."""
    return changes_of(older_world(base), read_world(MemoryTree(revision), sorted(revision)), rules)


def changes_of(older: World, newer: World, rules: Sequence[Rule]) -> list[Finding]:
    """All that some rules find in the changes between two worlds; no rule may fail."""
    runner = _runner(rules, {})
    findings = list(runner.over_changes(compare_worlds(older, newer)))
    _demand_no_failures(runner)
    return findings


_RUNNERS: dict[tuple[tuple[str, ...], str], Runner] = {}


def _runner(rules: Sequence[Rule], options: Mapping[str, Mapping[str, Any]]) -> Runner:
    """One for all repositories with the same rules and options, as to make it takes longer than most runs."""
    which = (
        tuple(rule.code for rule in rules),
        repr({code: dict(given) for code, given in options.items() if given}),
    )
    if which not in _RUNNERS:
        _RUNNERS[which] = Runner(rules, options)
    return _RUNNERS[which]


def _demand_no_failures(runner: Runner) -> None:
    if runner.failures:
        _RUNNERS.clear()
    assert not runner.failures, runner.failures


def seen(findings: Iterable[Finding]) -> Counter[Seen]:
    """What of some findings must survive."""
    return Counter(
        Seen(item.rule, str(item.object), _LINE.sub("line", item.message), item.fingerprint)
        for item in findings
    )
