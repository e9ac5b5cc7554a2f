"""Runs one rule over an example laid out on disk, through the same pipeline as the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archlint.adapters.kube_score import CODE, ask_kube_score
from archlint.adapters.squawk import squawk_program
from archlint.checks import Scope, checks_of
from archlint.comparison import ComparisonTerms, compare_worlds
from archlint.comparison.evidence.expectations import BrokenExpectation
from archlint.comparison.evidence.pact_changes import broken_expectations
from archlint.comparison.migrations import migration_changes
from archlint.comparison.openings import OpenedConnections
from archlint.comparison.protobuf.buf.modules import buf_verdicts
from archlint.comparison.protobuf.buf.verdicts import BufVerdict
from archlint.config import Settings
from archlint.engine.openings import opened_between
from archlint.engine.policies import judge_policies
from archlint.engine.reading import read_world
from archlint.engine.request import Request, Side
from archlint.engine.resources import judge_resources
from archlint.engine.running import Runner
from archlint.engine.scripts import RULES as DDL_RULES
from archlint.engine.scripts import judge_ddl
from archlint.engine.settling import settle
from archlint.engine.transitions import refused_changes
from archlint.engine.validation import judge_validation
from archlint.engine.verifying import mismatches_in
from archlint.files import WorkingTree
from archlint.finding import Finding, Rule
from archlint.judging.baseline import DEFAULT_PATH, Baseline
from archlint.model.evidence.pact import Pact
from archlint.model.kubernetes.schemas.rules import RuleVerdict
from archlint.model.world import World
from tests.laws.witnesses import untrue
from tests.rules.pages import Case
from tests.support.charts import with_charts
from tests.support.configuring import configure, terms_of
from tests.support.programs import kube_score
from tests.support.rules import own_rules, registry


def run_rule(rule: Rule, case: Case, folder: Path) -> list[Finding]:
    """All findings of a rule in a case; fails if the rule's check raises."""
    runner = Runner([rule], {rule.code: case.options})
    revision = _world(case.files, folder / "revision", None)
    if rule.code == CODE:
        assert not ask_kube_score(kube_score(), revision, [rule], own_rules())
    judge_policies(revision, [rule])
    judge_validation(revision, [rule])
    if rule.name in DDL_RULES:
        if squawk_program() is None:
            pytest.skip("squawk-cli is not installed")
        judge_ddl(revision, [rule], {rule.code: case.options})
    judge_resources(revision, [rule], {rule.code: case.options})
    declared = checks_of(f"{rule.provider}.{rule.area.lower()}")[rule.name]
    if declared.scope is Scope.VERDICT:
        return _verdicts(revision, folder / "revision", case)
    if declared.scope is Scope.CHANGE:
        return _changes(runner, case, folder, revision)
    found = [*runner.over_files(revision), *runner.over_joins(revision)]
    assert not runner.failures, runner.failures
    return found


def _changes(runner: Runner, case: Case, folder: Path, revision: World) -> list[Finding]:
    """What a rule about changes finds; the witnesses among it have to prove what they are said to prove."""
    base = _world(case.base, folder / "base", "base")
    base.supply(Pact, revision.all(Pact))
    changes = compare_worlds(base, revision, terms_of(case.files))
    changes[RuleVerdict] = refused_changes(base, revision, 37, {})
    changes[OpenedConnections] = [*opened_between(base, revision)]
    changes.update(migration_changes(base, revision))
    told = buf_verdicts(base, revision, ComparisonTerms())
    changes[BufVerdict] = [verdict for verdict in told if verdict.is_asked]
    changes.update(mismatches_in(revision, revision.tree, sorted(case.files), base if case.base else None))
    changes[BrokenExpectation] = broken_expectations(base, revision)
    found = list(runner.over_changes(changes))
    assert not runner.failures, runner.failures
    assert not (false := untrue(base, revision, found)), false
    return found


def _world(files: dict[str, str], folder: Path, revision: str | None) -> World:
    folder.mkdir(parents=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    world = with_charts(read_world(WorkingTree(folder, revision=revision), sorted(files)))
    configure(world, files)
    return world


def _verdicts(world: World, folder: Path, case: Case) -> list[Finding]:
    """All findings of a world after suppressions and baseline have been applied."""
    runner = Runner(own_rules(), {})
    findings = [*runner.over_files(world), *runner.over_joins(world)]
    known = case.files.get(DEFAULT_PATH)
    baseline = Baseline() if known is None else Baseline.parse(known, DEFAULT_PATH)
    request = Request(
        revision=Side(world.tree, tuple(case.files)),
        root=str(folder),
        registry=registry(),
        rules=registry().rules,
        settings=Settings(),
        today=date(2026, 1, 1),
        baseline=baseline,
    )
    return list(settle(findings, world, runner, request).findings)
