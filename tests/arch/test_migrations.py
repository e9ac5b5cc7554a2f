"""Ways back of migrations."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.migrations import Migration
from tests.arch.worlds import world_of

HEAD = 'revision = "b"\ndown_revision = "a"\n'


def ways(folder: Path, files: dict) -> dict[str, str]:
    return {item.step.name: item.step.way_back.value for item in world_of(folder, files).all(Migration)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def upgrade():\n    op.x()\ndef downgrade():\n    op.y()\n", "present"),
        ("def upgrade():\n    op.x()\ndef downgrade() -> None:\n    ...\n", "empty"),
        ('def upgrade():\n    op.x()\ndef downgrade():\n    """Nothing."""\n    return\n', "empty"),
        ("def upgrade():\n    op.x()\nasync def downgrade():\n    pass\n", "empty"),
        ("def upgrade():\n    op.x()\ndef downgrade():\n    raise RuntimeError\n", "refused"),
        ("def upgrade():\n    op.x()\n", "missing"),
        ("def upgrade():\n    pass\ndef downgrade():\n    pass\n", "not-needed"),
        (
            "def upgrade(e):\n    globals()[e]()\ndef downgrade(e):\n    globals()[e]()\n",
            "present",
        ),
    ],
)
def test_alembic(tmp_path: Path, body: str, expected: str) -> None:
    assert ways(tmp_path, {"alembic/versions/b_x.py": HEAD + body}) == {"b": expected}


DIALECTS = "postgres postgresql pgsql mysql mariadb sqlite sqlite3 cockroach mssql"


@pytest.mark.parametrize("folder", ["undo", "up", "down", "versioned", "rollback", "Undo"])
def test_scripts_and_their_ways_back_may_stand_beside_each_other(tmp_path: Path, folder: str) -> None:
    sql = "DROP TABLE a;\n"
    paired = {"db/migrations/1_a.up.sql": sql, f"db/migrations/{folder}/1_a.down.sql": sql}
    assert ways(tmp_path / "paired", paired) == {"1_a.up.sql": "present"}
    flyway = {f"db/migrations/V{n}__a.sql": sql for n in (1, 2)} | {
        f"db/migrations/{folder}/U{n}__a.sql": sql for n in (1, 2)
    }
    assert set(ways(tmp_path / "flyway", flyway).values()) == {"present"}
    other = {
        "db/migrations/1_a.up.sql": sql,
        "db/migrations/2_a.up.sql": sql,
        "db/migrations/old/1_a.down.sql": sql,
    }
    assert ways(tmp_path / "other", other) == {"2_a.up.sql": "missing"}


@pytest.mark.parametrize("dialect", DIALECTS.split())
def test_a_script_for_each_database_has_its_own_way_back(tmp_path: Path, dialect: str) -> None:
    sql = "DROP TABLE a;\n"
    both = {
        f"db/migrations/1_a.{name}.{way}.sql": sql for name in (dialect, "other") for way in ("up", "down")
    }
    del both["db/migrations/1_a.other.down.sql"]
    assert ways(tmp_path, both).get(f"1_a.{dialect}.up.sql") is None
    empty = {f"db/migrations/1_a.{dialect}.up.sql": sql, "db/migrations/1_a.down.sql": "-- nothing\n"}
    assert ways(tmp_path / "empty", empty) == {}
    assert (
        ways(tmp_path / "plain", {path.replace(dialect, "cart"): text for path, text in empty.items()}) != {}
    )


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "def upgrade(:\n",
        HEAD + "(" * 5000,
        HEAD + "-" * 20000 + "1",
        HEAD + "def f():\n" + "".join(f"{' ' * n}if x:\n" for n in range(1, 150)),
        HEAD + "x = '\\d'\n",
        "import os\nos.abort()\n",
        "",
    ],
)
def test_python_that_cannot_be_read_or_is_no_revision(tmp_path: Path, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ways(tmp_path, {"alembic/versions/b_x.py": text}) == {}


def test_python_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    text = f"{HEAD}open({str(mark)!r}, 'w')\ndef upgrade():\n    x()\ndef downgrade():\n    y()\n"
    assert ways(tmp_path, {"alembic/versions/b_x.py": text}) == {"b": "present"}
    assert not mark.exists()


def test_the_place_counts_code_points(tmp_path: Path) -> None:
    text = HEAD + 'note = "äöü\u2028"\r\ndef upgrade():\r\n    x()\r\ndef downgrade(): pass  # ä\r\n'
    (found,) = world_of(tmp_path, {"alembic/versions/b_x.py": text.encode()}).all(Migration)
    span = found.step.span
    assert (span.line, span.column, span.end_column) == (6, 5, 14)


CREATE, DROP = "CREATE TABLE x (id int);", "DROP TABLE x;"


def test_flyway_versions_are_numbers(tmp_path: Path) -> None:
    files = {
        "V1__a.sql": CREATE,
        "V1_1__b.sql": CREATE,
        "U1.1.0__b.sql": DROP,
        "V01_2__c.sql": CREATE,
        "U1_2__c.sql": "-- later",
        "V2__d.sql": CREATE,
        "V3__e.sql": "/* nothing */",
        "R__view.sql": CREATE,
        "B3__base.sql": CREATE,
    }
    assert ways(tmp_path, {f"db/{name}": text for name, text in files.items()}) == {
        "V01_2__c.sql": "empty",
        "V2__d.sql": "missing",
        "V3__e.sql": "not-needed",
    }


def test_pairs(tmp_path: Path) -> None:
    files = {"m/1_a.up.sql": CREATE, "m/2_b.up.sql": CREATE, "m/10_c.up.sql": CREATE}
    assert ways(tmp_path / "none", files) == {"10_c.up.sql": "missing"}
    some = {**files, "m/1_other_title.down.sql": DROP}
    assert ways(tmp_path / "some", some) == {
        "1_a.up.sql": "present",
        "2_b.up.sql": "missing",
        "10_c.up.sql": "missing",
    }
    split = {"m/1_a.mysql.up.sql": CREATE, "m/1_a.postgres.up.sql": CREATE, "m/1_a.postgres.down.sql": ""}
    assert ways(tmp_path / "split", split) == {"1_a.mysql.up.sql": "missing"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), name=st.from_regex(r"[VU]\d[\d._]{0,30}__x", fullmatch=True))
def test_any_bytes(tmp_path: Path, content: bytes, name: str) -> None:
    ways(
        tmp_path,
        {
            f"db/{name}.sql": content,
            "db/U0__x.sql": content,
            f"m/{'9' * 60}_a.up.sql": content,
            "versions/a.py": HEAD.encode() + content,
        },
    )
