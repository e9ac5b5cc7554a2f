"""Migrations that are taken out of a history, or that come into it behind a newer one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.migration_histories import late_migrations, removed_migrations
from tests.arch.worlds import world_of
from tests.metamorphic.repositories import MemoryTree, read_world

FLYWAY = {f"db/migration/V{version}__a.sql": "SELECT 1;\n" for version in (1, 2, 3)}
GO = {"go.mod": "require github.com/golang-migrate/migrate/v4 v4.17.0\n"}
PAIRED = {**GO, **{f"db/{version}_a.up.sql": "SELECT 1;\n" for version in (1, 2, 3)}}
REVISIONS = {
    f"alembic/versions/r{at}.py": f'revision = "r{at}"\ndown_revision = {before}\n'
    for at, before in ((1, None), (2, '"r1"'), (3, '"r2"'))
}
OUT_OF_ORDER = {"flyway.conf": "flyway.outOfOrder=true\n"}
IGNORED = {"compose.yaml": "x: {FLYWAY_IGNORE_MIGRATION_PATTERNS: '*:missing'}\n"}


def without(files: dict[str, str], *gone: str) -> dict[str, str]:
    assert files.keys() >= set(gone)
    return {path: text for path, text in files.items() if path not in gone}


@pytest.mark.parametrize(
    ("base", "revision", "expected"),
    [
        (FLYWAY, without(FLYWAY, "db/migration/V2__a.sql"), ["V2__a.sql"]),
        (
            FLYWAY,
            without(FLYWAY, "db/migration/V2__a.sql", "db/migration/V3__a.sql"),
            ["V2__a.sql", "V3__a.sql"],
        ),
        (FLYWAY, without(FLYWAY, "db/migration/V1__a.sql"), []),
        (FLYWAY, {}, []),
        (FLYWAY, {**without(FLYWAY, "db/migration/V3__a.sql"), "db/migration/V3__b.sql": ""}, []),
        (FLYWAY, {**without(FLYWAY, "db/migration/V3__a.sql"), "src/db/migration/V3_0__b.sql": ""}, []),
        (FLYWAY, {**without(FLYWAY, "db/migration/V3__a.sql"), **IGNORED}, []),
        (PAIRED, {**without(PAIRED, "db/3_a.up.sql"), **IGNORED}, ["3_a.up.sql"]),
        (PAIRED, without(PAIRED, "db/2_a.up.sql"), []),
        (PAIRED, {**without(PAIRED, "db/3_a.up.sql"), "db/4_a.up.sql": ""}, ["3_a.up.sql"]),
        (PAIRED, without(PAIRED, "db/3_a.up.sql", "go.mod"), []),
        (REVISIONS, without(REVISIONS, "alembic/versions/r3.py"), ["r3"]),
        (REVISIONS, without(REVISIONS, "alembic/versions/r2.py"), []),
        (REVISIONS, without(REVISIONS, "alembic/versions/r2.py", "alembic/versions/r3.py"), []),
    ],
)
def test_what_a_database_misses(
    tmp_path: Path, base: dict[str, str], revision: dict[str, str], expected: list[str]
) -> None:
    before, after = world_of(tmp_path / "base", base), world_of(tmp_path / "revision", revision)
    assert [item.name for item in removed_migrations(before, after)] == expected


@pytest.mark.parametrize(
    ("gone", "more", "expected"),
    [
        ("db/migration/V2__a.sql", {}, ["db/migration/V2__a.sql"]),
        ("db/migration/V2__a.sql", OUT_OF_ORDER, []),
        ("db/migration/V3__a.sql", {}, []),
        ("db/2_a.up.sql", OUT_OF_ORDER, ["db/2_a.up.sql"]),
        ("db/2_a.up.sql", {"go.mod": "require github.com/gobuffalo/pop v6.0.0\n"}, []),
    ],
)
def test_what_comes_late(tmp_path: Path, gone: str, more: dict[str, str], expected: list[str]) -> None:
    files = {**FLYWAY, **PAIRED}
    before = world_of(tmp_path / "base", without(files, gone))
    after = world_of(tmp_path / "revision", {**files, **more})
    assert [item.path for item in late_migrations(before, after)] == expected


def test_a_file_that_moves_is_known(tmp_path: Path) -> None:
    before = world_of(tmp_path / "base", {**FLYWAY, "old/V1_5__a.sql": "SELECT 1;\n"})
    after = world_of(tmp_path / "revision", {**FLYWAY, "db/migration/V1_5__a.sql": "SELECT 1;\n"})
    assert [*late_migrations(before, after)] == []


VERSIONS = st.sets(st.integers(1, 9), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(before=VERSIONS, after=VERSIONS, form=st.sampled_from(["db/V{}__a.sql", "db/{}_a.up.sql"]))
def test_any_histories(before: set[int], after: set[int], form: str) -> None:
    worlds = [
        read_world(MemoryTree({**GO, **dict.fromkeys(names, "SELECT 1;")}), [*GO, *names])
        for names in (sorted(form.format(number) for number in numbers) for numbers in (before, after))
    ]
    kept = before & after
    late = {number for number in after - before if kept and number < max(kept)}
    assert {int(item.version) for item in late_migrations(*worlds)} == late
    missed = {number for number in before - after if kept and number > min(kept)}
    if "V" not in form:
        missed = {number for number in before - after if kept and number == max(before)}
    assert {item.name for item in removed_migrations(*worlds)} == {
        form.format(number).removeprefix("db/") for number in missed
    }
