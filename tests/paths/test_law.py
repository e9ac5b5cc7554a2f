"""Naming a folder or a file gives exactly the findings of the whole run that belong to it.

Apart from files that only naming brings in, and how grave it is that a file cannot be read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archlint.checks import Scope
from archlint.engine.needs import scope_of
from tests.paths.worlds import belonging, lay_out, places_to_name, registry, run, shown
from tests.rules.pages import Case, cases_on
from tests.support.sampling import IS_THOROUGH, share_of, usually

SHOP = Path(__file__).resolve().parents[2] / "fixtures" / "shop"
EVERY = [
    (rule.code, case)
    for rule in registry().rules
    if rule.area != "KSCORE"
    for case in cases_on(rule.page)
    if len(case.files) > 1
]
LOUD = [item for item in EVERY if item[1].bad]
QUIET = [item for item in EVERY if not item[1].bad]
TAKEN = EVERY if IS_THOROUGH else [*LOUD[::4], *QUIET[::8]]
"""Of the examples that have findings every fourth, and some of those where other rules may have some."""
SHOPS = ("clean", "broken")
CASES = [pytest.param(code, case, id=f"{code}-{case.name.replace(' ', '-')}") for code, case in TAKEN]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_examples_of_rules(code: str, case: Case, tmp_path: Path) -> None:
    folder = lay_out(case.files, tmp_path / "revision")
    base = lay_out(case.base, tmp_path / "base") if case.base else None
    whole = run(folder, base=base, options={code: case.options})
    for path in places_to_name(sorted(case.files)):
        part = run(folder, path, base=base, options={code: case.options})
        assert shown(part.findings) == shown(belonging(whole, path)), path


@pytest.mark.parametrize("name", SHOPS)
def test_the_shop(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(SHOP / name, folder)
    whole = run(folder)
    every = sorted(item.relative_to(folder).as_posix() for item in folder.glob("*"))
    named = share_of(every, len(SHOPS), SHOPS.index(name))
    touched = {path for item in whole.findings for path in (item.location.path, *item.through)}
    for path in [*named, *sorted(touched)[:: usually(36, 6)]]:
        assert shown(run(folder, path).findings) == shown(belonging(whole, path)), path


def _mixtures(size: int = 60) -> list[list[tuple[str, Case]]]:
    """All examples without a base, shuffled into repositories of some dozens of folders."""
    every = [
        (rule.code, case)
        for rule in registry().rules
        if rule.area != "KSCORE"
        for case in cases_on(rule.page)
    ]
    count = -(-len(every) // size)
    return [every[start::count] for start in range(count)]


@pytest.mark.parametrize("mixture", _mixtures()[:: usually(6, 1)], ids=lambda cases: f"from-{cases[0][0]}")
def test_examples_beside_each_other(mixture: list[tuple[str, Case]], tmp_path: Path) -> None:
    """Joins see what stands in other folders, so a folder alone would say something else."""
    folders = {f"{at:02}-{code}": case for at, (code, case) in enumerate(mixture)}
    files = {f"{name}/{path}": text for name, case in folders.items() for path, text in case.files.items()}
    folder = lay_out(files, tmp_path / "repo")
    whole = run(folder)
    across = sorted(
        item.location.path
        for item in whole.findings
        if any(place.path.partition("/")[0] != item.location.path.partition("/")[0] for place in item.related)
    )
    named = [*sorted(folders)[::30], *across[:1]]
    for path in named:
        assert shown(run(folder, path).findings) == shown(belonging(whole, path)), path


@pytest.mark.parametrize("start", range(3))
def test_rules_that_look_at_one_file_need_no_other(start: int, tmp_path: Path) -> None:
    """What such a rule says of a file is the same where other files are not read at all."""
    cases = [case for mixture in _mixtures()[start::3] for _, case in mixture][::4]
    files = {f"{at:03}/{path}": text for at, case in enumerate(cases) for path, text in case.files.items()}
    folder = lay_out(files, tmp_path / "repo")
    rules = [rule for rule in registry().rules if scope_of(rule) is Scope.FILE and rule.area != "OAS"]
    whole = run(folder, rules=rules)
    for path in sorted({item.location.path for item in whole.findings})[:: usually(12, 2)]:
        assert shown(run(folder, path, rules=rules).findings) == shown(belonging(whole, path)), path
