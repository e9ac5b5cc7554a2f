"""Ways back of the tools whose migrations are code, change sets, or files with a section for each way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archlint.model.migrations import Migration, migration_units
from tests.arch.test_migrations import ways
from tests.arch.worlds import world_of

DJANGO = (
    "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = [{}]\n"
)
RAILS = "class Change < ActiveRecord::Migration[7.1]\n{}\nend\n"
LIQUIBASE = '<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">{}</databaseChangeLog>\n'
SET = '<changeSet id="{}" author="ada">{}</changeSet>'
ROLLED = SET.format(0, "<sql>UPDATE a SET b = 1</sql><rollback/>")


def way(folder: Path, path: str, text: str) -> str:
    return ",".join(ways(folder, {path: text}).values())


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("migrations.RunPython(fill)", "impossible"),
        ("migrations.RunPython(fill, None)", "impossible"),
        ("migrations.RunPython(code=fill, elidable=True)", "impossible"),
        ("migrations.RunPython(fill, migrations.RunPython.noop)", "present"),
        ("migrations.RunPython(fill, reverse_code=empty)", "present"),
        ("migrations.RunPython(*both)", "present"),
        ("migrations.RunPython(fill, **more)", "present"),
        ("RunSQL('DROP TABLE a')", "impossible"),
        ("migrations.RunSQL('UPDATE a SET b = 1', reverse_sql='')", "present"),
        ("migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('x')])", "impossible"),
        ("migrations.RemoveField('a', 'b')", "present"),
        ("ours.RunPythonLater(fill)", "present"),
    ],
)
def test_django(tmp_path: Path, operation: str, expected: str) -> None:
    assert way(tmp_path, "shop/orders/migrations/0002_fill.py", DJANGO.format(operation)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("  def change\n    add_column :a, :b, :string\n  end", "present"),
        ("  def change\n    execute 'UPDATE a SET b = 1'\n  end", "impossible"),
        ("  def change\n    safety_assured { execute 'UPDATE a SET b = 1' }\n  end", "impossible"),
        ("  def change\n    execute <<~SQL\n      end\n    SQL\n  end", "impossible"),
        ("  def change\n    # execute 'x'\n    say 'execute it'\n  end", "present"),
        ("  def change\n    remove_column :a, :b\n  end", "impossible"),
        ("  def change\n    remove_column :a, :b, if_exists: true\n  end", "impossible"),
        ("  def change\n    remove_column :a, :b, :string, null: false\n  end", "present"),
        ("  def change\n    remove_column(:a,\n      :b,\n      :string)\n  end", "present"),
        ("  def change\n    remove_columns :a, :b, :c\n  end", "impossible"),
        ("  def change\n    remove_columns :a, :b, :c, type: :string\n  end", "present"),
        ("  def change\n    change_column :a, :b, :text\n  end", "impossible"),
        ("  def change\n    change_column_null :a, :b, false\n  end", "present"),
        ("  def change\n    change_column_default :a, :b, 1\n  end", "impossible"),
        ("  def change\n    change_column_default :a, :b, from: nil, to: 1\n  end", "present"),
        ("  def change\n    drop_table :a\n  end", "impossible"),
        ("  def change\n    drop_table :a do |t|\n      t.string :b\n    end\n  end", "present"),
        ("  def change\n    remove_index :a, name: 'x'\n  end", "impossible"),
        ("  def change\n    remove_index :a, :b\n  end", "present"),
        ("  def change\n    remove_index :a, column: :b\n  end", "present"),
        ("  def change\n    remove_foreign_key :a, column: :b_id\n  end", "impossible"),
        ("  def change\n    remove_foreign_key :a, :b\n  end", "present"),
        ("  def change\n    reversible do |dir|\n      dir.up { execute 'x' }\n    end\n  end", "present"),
        ("  def change\n    up_only do\n      execute 'x'\n    end\n  end", "present"),
        ("  def change\n    up_only { execute 'x' }\n    drop_table :a\n  end", "impossible"),
        ("  def change\n    return if reverting?\n    execute 'x'\n  end", "present"),
        ("  def up\n    execute 'x'\n  end", "missing"),
        ("  def self.up\n    execute 'x'\n  end\n  def self.down\n  end", "empty"),
        ("  def up\n    execute 'x'\n  end\n  def down\n    raise Never\n  end", "refused"),
        ("  def up\n    execute 'x'\n  end\n  def down\n    execute 'y'\n  end", "present"),
        ("  def up\n  end\n  def down\n  end", "not-needed"),
        ("  def helper\n  end", ""),
    ],
)
def test_rails(tmp_path: Path, body: str, expected: str) -> None:
    assert way(tmp_path, "db/migrate/20240101000000_change.rb", RAILS.format(body)) == expected


EF = "public partial class A : Migration {{\n  protected override void Up(Builder b) {{ {} }}\n{}\n}}\n"
EF_DOWN = "  protected override void Down(MigrationBuilder b)\n  {{ {} }}"
TYPEORM = (
    "export class A implements MigrationInterface {{\n  async up(q: Q): Promise<void> {{ {} }}\n{}\n}}\n"
)
TYPEORM_DOWN = "  public async down(q: QueryRunner): Promise<any> {{ {} }}"
SEQUELIZE = "module.exports = {{\n  up: async (q, S) => {{ {} }},\n{}\n}};\n"
KNEX = "exports.up = function (knex) {{ {} }};\n{}\n"
LARAVEL = "<?php\nreturn new class extends Migration {{\n  public function up(): void {{ {} }}\n{}\n}};\n"
FORMS = {
    "Migrations/20240101000000_A.cs": (EF, EF_DOWN),
    "src/migrations/1700000000000-A.ts": (TYPEORM, TYPEORM_DOWN),
    "migrations/20240101-a.js": (SEQUELIZE, "  down: async (q) => {{ {} }},"),
    "migrations/20240101_a.cjs": (KNEX, "exports.down = (knex) => {{ {} }};"),
    "migrations/20240102_a.mjs": (
        "export async function up(k) {{ {} }}\n{}\n",
        "export const down = async (k) => {{ {} }};",
    ),
    "database/migrations/2024_01_01_000000_a.php": (LARAVEL, "  public function down() {{ {} }}"),
}


@pytest.mark.parametrize("path", FORMS)
def test_functions_of_languages_with_braces(tmp_path: Path, path: str) -> None:
    whole, back = FORMS[path]
    work = 'this.run("} down() { x }");'
    for number, (up, down, expected) in enumerate(
        [
            (work, back.format(work), "present"),
            (work, back.format(""), "empty"),
            (work, back.format("/* { later */\n"), "empty"),
            (work, back.format("return;"), "empty"),
            (work, back.format("throw new Error('no');"), "refused"),
            (work, "", "missing"),
            ("", "", "not-needed"),
        ]
    ):
        assert way(tmp_path / str(number), path, whole.format(up, down)) == expected, (up, down)


def test_what_node_pg_migrate_inverts(tmp_path: Path) -> None:
    path = "migrations/1700000000000_a.js"
    create, sql = (
        "exports.up = (pgm) => { pgm.createTable('a', {}); };\n",
        "exports.up = pgm => { pgm.sql('x'); };\n",
    )
    assert way(tmp_path / "1", path, create) == "present"
    assert way(tmp_path / "2", path, sql) == "impossible"
    assert way(tmp_path / "3", path, sql + "exports.down = false;\n") == "refused"


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("-- +goose Up", "-- +goose Down"),
        ("-- migrate:up", "-- migrate:down"),
        ("-- +migrate Up", "-- +migrate Down"),
    ],
)
def test_sections(tmp_path: Path, up: str, down: str) -> None:
    whole = f"{up}\nCREATE TABLE a (b int);\n{down}\nDROP TABLE a;\n"
    files = {
        "db/migrations/00001_a.sql": whole,
        "db/migrations/00002_b.sql": f"{up}\nSELECT 1;\n{down}\n-- nothing\n",
        "db/migrations/00003_c.sql": f"{up}\nSELECT 1;\n",
        "db/migrations/00004_d.sql": f"{up}\n-- nothing\n{down}\n",
        "db/migrations/00005_e.sql": "SELECT 1;\n",
    }
    expected = {
        "00001_a.sql": "present",
        "00002_b.sql": "empty",
        "00003_c.sql": "missing",
        "00004_d.sql": "not-needed",
    }
    assert ways(tmp_path / "some", files) == expected
    none = {path: text for path, text in files.items() if "00003" in path} | {
        "db/migrations/10_z.sql": f"{up}\nSELECT 1;\n"
    }
    assert ways(tmp_path / "none", none) == {"10_z.sql": "missing"}


def test_a_mark_is_written_in_plain_letters(tmp_path: Path) -> None:
    files = {"db/migrations/1_a.sql": "-- +goo\u017fe Up\nSELECT 1;\n"}
    assert ways(tmp_path, files) == {}


def test_prisma_is_judged_where_scripts_go_back(tmp_path: Path) -> None:
    files = {f"prisma/migrations/{n}_a/migration.sql": "CREATE TABLE a (b int);\n" for n in (1, 2, 3)}
    assert ways(tmp_path / "none", files) == {}
    some = {
        **files,
        "prisma/migrations/1_a/down.sql": "DROP TABLE a;\n",
        "prisma/migrations/3_a/down.sql": "-- x\n",
    }
    assert ways(tmp_path / "some", some) == {"2_a": "missing", "3_a": "empty"}
    idle = {**some, "prisma/migrations/2_a/migration.sql": ""}
    assert ways(tmp_path / "idle", idle) == {"2_a": "not-needed", "3_a": "empty"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ('<createTable tableName="a"/>', "present"),
        ('<dropTable tableName="a"/>', "impossible"),
        ('<dropTable tableName="a"/><rollback><createTable tableName="a"/></rollback>', "present"),
        ('<dropTable tableName="a"/><rollback/>', "present"),
        ("<sql>UPDATE a SET b = 1</sql>", "impossible"),
        (
            "<comment>dropTable</comment><preConditions><sqlCheck>SELECT 1</sqlCheck></preConditions>",
            "present",
        ),
        ('<ext:customThing xmlns:ext="urn:x"/>', "present"),
    ],
)
def test_liquibase_takes_back_what_can_be_inverted(tmp_path: Path, changes: str, expected: str) -> None:
    text = LIQUIBASE.format(ROLLED + SET.format(1, changes))
    assert ways(tmp_path, {"db/changelog/a.xml": text})["ada:1"] == expected


def test_forms_of_changelogs_are_alike(tmp_path: Path) -> None:
    yaml = "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: ada\n    changes: [dropTable: {}]\n"
    rolled = yaml.replace("id: 1", "id: 2") + "    rollback: SELECT 1\n"
    sql = "--liquibase formatted sql\n\n--changeset ada:1\nDROP TABLE a;\n--changeset ada:2\nDROP TABLE b;\n"
    sql += "--rollback not required\n"
    xml = LIQUIBASE.format(
        SET.format(1, '<dropTable tableName="a"/>') + SET.format(2, "<sql>x</sql><rollback/>")
    )
    for number, files in enumerate(
        ({"db/a.yaml": yaml, "db/b.yaml": rolled}, {"db/changelog/a.sql": sql}, {"db/changelog/a.xml": xml})
    ):
        assert ways(tmp_path / str(number), dict(files)) == {"ada:1": "impossible", "ada:2": "present"}


def test_a_changelog_without_any_rollback_is_told_once(tmp_path: Path) -> None:
    sets = "".join(SET.format(n, '<dropTable tableName="a"/>') for n in range(4))
    files = {
        "db/changelog/a.xml": LIQUIBASE.format(sets),
        "db/changelog/b/b.xml": LIQUIBASE.format(sets.replace("ada", "bob")),
    }
    assert ways(tmp_path, dict(files)) == {"bob:3": "impossible"}
    always = LIQUIBASE.format('<changeSet id="1" author="a" runOnChange="true"><sql>x</sql></changeSet>')
    assert ways(tmp_path / "always", {"db/changelog/a.xml": always}) == {}


def test_places_in_xml_count_code_points(tmp_path: Path) -> None:
    text = LIQUIBASE.format("\n<!-- äöü\u2028 -->\r\n" + SET.format("ä", '\n  <dropTable tableName="a"/>'))
    (found,) = world_of(tmp_path, {"db/changelog/a.xml": text}).all(Migration)
    span = found.step.span
    assert (span.line, span.column, span.end_column) == (4, 4, 13)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "text",
    [
        BOMB + LIQUIBASE.format("&b;" + SET.format(1, "<sql>x</sql>")),
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + LIQUIBASE.format("&x;"),
        LIQUIBASE.format("<a>" * 20_000),
        "databaseChangeLog",
        "<databaseChangeLog",
        '<other>databaseChangeLog<changeSet id="1"><sql/></changeSet></other>',
    ],
)
def test_xml_that_is_no_changelog(tmp_path: Path, text: str) -> None:
    assert ways(tmp_path, {"db/changelog/a.xml": text}) == {}


def test_what_is_called_like_a_migration_need_not_be_one(tmp_path: Path) -> None:
    files = {
        "app/migrations/helpers.py": "x = 1\n",
        "app/migrations/0001_data.sql": "SELECT 1;\n",
        "db/changelog/pom.xml": "<project/>",
        "src/migrations/1_a.ts": "export const x = 1;\n",
    }
    world = world_of(tmp_path, dict(files))
    assert not world.all(Migration)
    assert not migration_units(world)


PATHS = [*FORMS, "a/migrations/0001_a.py", "db/migrate/1_a.rb", "db/changelog/a.xml", "db/migrations/1_a.sql"]
WORDS = st.sampled_from(
    [
        *(
            "class Migration(m.Migration):\n",
            "operations = [",
            "RunSQL(",
            "  def change\n",
            "  end\n",
            "execute ",
        ),
        *(
            "(",
            "{",
            "}",
            "< ActiveRecord::Migration\n",
            "up",
            "down",
            " = ",
            "=> ",
            "-- +goose Up\n",
            "'",
            '"',
        ),
        *(
            "-- migrate:down\n",
            "<changeSet>",
            "<databaseChangeLog>",
            "--liquibase formatted sql\n",
            "\r",
            "ä",
        ),
        *("--changeset a:1\n", "implements MigrationInterface", ": Migration", "extends Migration"),
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=25), noise=st.binary(max_size=40))
@example(words=["--liquibase formatted sql\n"], noise=b"")
def test_any_text(tmp_path: Path, words: list[str], noise: bytes) -> None:
    content = "".join(words).encode() + noise
    world = world_of(tmp_path, dict.fromkeys(PATHS, content))
    migration_units(world)
    for item in world.all(Migration):
        assert item.place
