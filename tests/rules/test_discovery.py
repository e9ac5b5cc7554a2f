"""Checks are found by their rule's name, and importing no more than the modules that they stand in."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from archlint.checks import Check, Scope, announced, check_of, checks_of
from archlint.engine.needs import fault_of_needs, needed_words
from archlint.engine.running import Runner
from archlint.files import Kind
from tests.arch.worlds import world_of
from tests.support.rules import own_rules

PACKAGES = sorted({f"{rule.provider}.{rule.area.lower()}" for rule in own_rules()})


@pytest.mark.parametrize("package", PACKAGES)
def test_the_text_of_a_package_tells_what_importing_it_shows(package: str) -> None:
    told = {name: (each.module, each.scope) for name, each in announced(package).items()}
    assert told == {name: (each.function.__module__, each.scope) for name, each in checks_of(package).items()}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_module_needs_what_its_text_says(package: str) -> None:
    for told in announced(package).values():
        needs = getattr(importlib.import_module(told.module), "NEEDS", ())
        assert told.needs == frozenset(needs), told.module
    for rule in own_rules():
        assert fault_of_needs(package, rule) == ""


def test_words_are_kinds_and_groups_of_what_is_there(tmp_path: Path) -> None:
    world = world_of(
        tmp_path, {"a.yaml": "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a}\n"}
    )
    words = needed_words(world, [Kind.KUBERNETES])
    assert words == {"kubernetes", "Sidecar", "networking.istio.io", "istio.io"}
    assert needed_words(world, [Kind.OPENAPI]) == {"openapi"}


def test_a_check_that_the_text_does_not_tell_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archlint.checks.discovery.announced", lambda package: {})
    found = check_of("archlint.checks.oas", "operation-removed")
    assert isinstance(found, Check)
    assert found.name == "operation-removed"


def test_what_no_module_has_is_not_found() -> None:
    assert check_of("archlint.checks.oas", "no-such-rule") is None


def test_a_rule_runs_once_all_that_it_needs_is_there_together() -> None:
    rules = [rule for rule in own_rules() if rule.name == "server-address-undefined"]
    runner = Runner(rules, {})
    for words in (["kubernetes"], ["openapi"], ["kubernetes", "Deployment"]):
        runner._activate(words, Scope.WORLD)
        assert not runner._active, words
    runner._activate(["kubernetes", "Deployment", "openapi"], Scope.WORLD)
    assert [active.rule for group in runner._active.values() for active in group] == rules


def test_kinds_that_no_rule_waits_for_are_not_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(own_rules(), {})
    runner._activate(["kubernetes"], Scope.FILE)
    monkeypatch.setattr("archlint.engine.running.looks_at", pytest.fail)
    runner._activate(["kubernetes", "Kind1", "group1.example.com"], Scope.FILE)
