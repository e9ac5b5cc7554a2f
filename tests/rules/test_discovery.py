"""Checks are found by their rule's name, and importing no more than the modules that they stand in."""

from __future__ import annotations

import pytest

from archlint.checks import Check, announced, check_of, checks_of
from tests.support.rules import own_rules

PACKAGES = sorted({f"{rule.provider}.{rule.area.lower()}" for rule in own_rules()})


@pytest.mark.parametrize("package", PACKAGES)
def test_the_text_of_a_package_tells_what_importing_it_shows(package: str) -> None:
    told = {name: (each.module, each.scope) for name, each in announced(package).items()}
    assert told == {name: (each.function.__module__, each.scope) for name, each in checks_of(package).items()}


def test_a_check_that_the_text_does_not_tell_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archlint.checks.discovery.announced", lambda package: {})
    found = check_of("archlint.checks.oas", "operation-removed")
    assert isinstance(found, Check)
    assert found.name == "operation-removed"


def test_what_no_module_has_is_not_found() -> None:
    assert check_of("archlint.checks.oas", "no-such-rule") is None
