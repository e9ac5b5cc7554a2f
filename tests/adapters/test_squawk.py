"""Statements of SQL as squawk judges them: which are asked about, and where what it says stands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archlint.adapters import squawk
from archlint.adapters.squawk import judge_scripts, squawk_program
from archlint.engine.scripts import judge_ddl
from archlint.finding import Rule
from archlint.model.migrations.ddl import DdlRemark, Script, scripts_to_judge
from archlint.model.world import World
from tests.arch.worlds import deployment, rules, world_of

PROGRAM = squawk_program() or ""
needs_squawk = pytest.mark.skipif(not PROGRAM, reason="squawk-cli is not installed")
DROP = "ALTER TABLE a DROP COLUMN b;\n"


def shop(folder: Path, image: str = "postgres:16", **files: str) -> World:
    return world_of(folder, {"db.yaml": [deployment("store", image=image, kind="StatefulSet")], **files})


def rule() -> Rule:
    return next(item for item in rules() if item.name == "ddl-breaks-running-version")


@needs_squawk
def test_places_count_code_points_and_lines(tmp_path: Path) -> None:
    text = (
        "-- ü\r\nALTER TABLE \"ä😀\u2028\" ADD COLUMN c int;\r\nSELECT '😀'; ALTER TABLE a DROP COLUMN b;\r\n"
    )
    (found,) = [
        item for item in judge_scripts(PROGRAM, [Script("x.sql", text)]).remarks if "drop" in item.check
    ]
    assert (found.span.line, found.span.column, found.span.end_column) == (3, 27, 40)


@needs_squawk
def test_what_is_no_sql_of_postgresql_is_told_and_the_rest_is_judged() -> None:
    scripts = [Script("a.sql", "CREATE TABLE `a` (b int) ENGINE=InnoDB;\n" + DROP), Script("b.sql", DROP)]
    judged = judge_scripts(PROGRAM, scripts)
    assert {item.path for item in judged.remarks} == {"b.sql"}
    assert judged.unjudged == ("a.sql",)


@pytest.mark.parametrize(
    "said", ["import os; os.abort()", "print('{')", "print('{}')", 'print(\'[1, {"file": "9.sql"}]\')']
)
def test_whatever_the_program_says_is_borne(tmp_path: Path, said: str) -> None:
    program = tmp_path / "squawk"
    program.write_text(f"#!{sys.executable}\n{said}\n")
    program.chmod(0o755)
    judged = judge_scripts(str(program), [Script("a.sql", DROP)])
    assert not judged.remarks
    assert judged.unjudged == (() if said.startswith("print('[") else ("a.sql",))


def test_without_the_program_scripts_are_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squawk, "squawk_program", lambda: None)
    world = shop(tmp_path, **{"db/V1__a.sql": DROP})
    assert [(item.path, item.reason) for item in judge_ddl(world, [rule()], {})] == [
        ("db/V1__a.sql", "ddl-not-judged")
    ]
    assert not world.all(DdlRemark)


@pytest.mark.parametrize(
    ("text", "is_judged"),
    [
        (DROP, True),
        ("ALTER TABLE a ADD COLUMN b text;\n", False),
        ("ALTER TABLE a ADD COLUMN b varchar(20), ADD COLUMN c int;\n", True),
        ("ALTER TABLE a ADD COLUMN b text NOT NULL;\n", True),
        ("CREATE INDEX CONCURRENTLY i ON a (b);\n", False),
        ("CREATE UNIQUE INDEX i ON a (b);\n", True),
        ("CREATE TABLE a (b int REFERENCES c);\n", False),
        ("-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE a;\n", False),
    ],
)
def test_scripts_without_a_risk_are_not_asked_about(tmp_path: Path, text: str, is_judged: bool) -> None:
    world = shop(tmp_path, **{"db/migrations/V1__a.sql": text})
    assert bool(scripts_to_judge(world, 1)) is is_judged


def test_the_first_of_a_folder_meets_an_empty_database(tmp_path: Path) -> None:
    first = "DROP TABLE IF EXISTS a;\nCREATE TABLE a (b int);\n"
    world = shop(tmp_path, **{"db/V1__a.sql": first, "db/V2__a.sql": first})
    assert [item.path for item in scripts_to_judge(world, 0)] == ["db/V2__a.sql"]


@needs_squawk
def test_one_statement_is_told_once() -> None:
    text = "ALTER TABLE a\n  ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d (b);\n"
    told = [
        item for item in judge_scripts(PROGRAM, [Script("a.sql", text)]).remarks if "constraint" in item.check
    ]
    assert [(item.check, item.also) for item in told] == [
        ("adding-foreign-key-constraint", ("constraint-missing-not-valid",))
    ]


def test_the_newest_going_forward_are_judged(tmp_path: Path) -> None:
    names = ("V1__a", "V2__b", "V10__c", "U10__c", "R__d")
    world = shop(tmp_path, **{f"db/{name}.sql": DROP for name in names})
    assert [item.path for item in scripts_to_judge(world, 1)] == ["db/V10__c.sql"]
    assert len(scripts_to_judge(world, 2)) == 2
    assert len(scripts_to_judge(world, 0)) == 3


@pytest.mark.parametrize("image", ["mysql:8", "shop/cart:1"])
def test_only_postgresql_is_judged(tmp_path: Path, image: str) -> None:
    assert not scripts_to_judge(shop(tmp_path, image, **{"db/V1__a.sql": DROP}), 1)


@needs_squawk
def test_settings_of_the_repository_are_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = 'excluded_rules = ["ban-drop-column"]\n'
    world = shop(tmp_path, **{"db/V1__a.sql": DROP, ".squawk.toml": settings, "db/.squawk.toml": settings})
    monkeypatch.chdir(tmp_path)
    judge_ddl(world, [rule()], {})
    assert "ban-drop-column" in {item.check for item in world.all(DdlRemark)}
