"""Migrations of many tools that lose their way back."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_NAMES = ("orders", "stock", "billing", "mail")
_DJANGO = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("{name}", "0001_initial")]
    operations = [
        migrations.AddField("item", "note", None),
        {operation} #HERE
    ]
"""
_RAILS = """\
class Fill{number} < ActiveRecord::Migration[7.1]
  def change
    add_column :{name}, :note, :text
    {operation} #HERE
  end
end
"""
_LIQUIBASE = """\
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
  <changeSet id="1" author="ada"><sql>SELECT 1</sql><rollback/></changeSet>
  <changeSet id="{name}-2" author="ada">
    <addColumn tableName="{name}"><column name="a" type="int"/></addColumn>
    {operation} #HERE
  </changeSet>
</databaseChangeLog>
"""
_EF = """\
public partial class Note : Migration
{{
    protected override void Up(MigrationBuilder builder) {{ builder.AddColumn<string>("{name}"); }}
    protected override void Down(MigrationBuilder builder) {operation} #HERE
}}
"""
_TYPEORM = """\
export class Note1700000000000 implements MigrationInterface {{
  async up(runner: QueryRunner): Promise<void> {{ await runner.query("ALTER TABLE {name} ADD a int"); }}
  async down(runner: QueryRunner): Promise<void> {operation} #HERE
}}
"""
_GOOSE = """\
-- +goose Up
ALTER TABLE {name} ADD COLUMN a int;
-- +goose Down #HERE
{operation}
"""
_KINDS = (
    (
        "services/{name}/{name}/migrations/0002_fill.py",
        _DJANGO,
        (
            "migrations.RunPython(fill),",
            'migrations.RunSQL("UPDATE a SET b = 1"),',
            "migrations.RunPython(fill, None),",
        ),
    ),
    (
        "services/{name}/db/migrate/2024010100000{number}_fill.rb",
        _RAILS,
        (
            'execute "UPDATE a SET b = 1"',
            "remove_column :a, :b",
            "drop_table :a",
            "change_column :a, :b, :text",
        ),
    ),
    (
        "services/{name}/db/changelog/note.xml",
        _LIQUIBASE,
        (
            '<dropTable tableName="a"/>',
            "<sql>UPDATE a SET b = 1</sql>",
            '<dropColumn tableName="a" columnName="b"/>',
        ),
    ),
    ("services/{name}/Migrations/20240101000000_Note.cs", _EF, ("{ }", "{ throw new Exception(); }")),
    ("services/{name}/src/migrations/1700000000000-Note.ts", _TYPEORM, ("{}", "{ throw new Error(); }")),
    ("services/{name}/db/migrations/00002_note.sql", _GOOSE, ("-- cannot be undone", "")),
)


@seeds("migration-irreversible")
def operation_without_a_way_back(files: Files) -> Iterator[Defect]:
    """An operation, or a function, that the tool cannot go back over."""
    for number, name in enumerate(_NAMES):
        for path, text, operations in _KINDS:
            for operation in operations:
                where = path.format(name=name, number=number)
                made = {where: text.format(name=name, number=number, operation=operation)}
                yield marked(files, f"{where}: {operation}", made)


_RUBY = "class A < ActiveRecord::Migration[7.1]"
_VERSIONED = (
    ("db/migration/V{}__note.sql", "db/migration/V{}__state.sql", ("2", "02", "2.0"), "SELECT 1;"),
    ("migrations/{}_note.up.sql", "migrations/{}_state.up.sql", ("7", "007"), "SELECT 1;"),
    ("db/migrations/{}_note.sql", "db/migrations/{}_state.sql", ("00003",), "-- +goose Up"),
    ("db/migrations/{}_note.sql", "db/migrations/{}_state.sql", ("20240101000000",), "-- migrate:up"),
    ("db/migrate/{}_note.rb", "db/migrate/{}_state.rb", ("20240101000000",), _RUBY),
)


@seeds("migration-version-repeated")
def two_of_one_version(files: Files) -> Iterator[Defect]:
    """Two branches that both added the next migration."""
    for name in _NAMES:
        for one, other, versions, text in _VERSIONED:
            for version in versions:
                made = {
                    f"services/{name}/{one.format(versions[0])}": f"{text} #HERE #OTHER\n",
                    f"services/{name}/{other.format(version)}": f"{text} #HERE #OTHER\n",
                }
                yield marked(files, f"{name}: {other.format(version)}", made)


_REVISION = 'revision = "{0}"{2}\ndown_revision = {1}\n'
_APP = "class Migration(migrations.Migration):\n    dependencies = [{}]{}\n"
_EITHER = " #HERE #OTHER"


def _revision(name: str, parent: str, mark: str = "") -> str:
    return _REVISION.format(name, f'"{parent}"' if parent else "None", mark)


@seeds("migration-heads-several")
def two_that_are_last(files: Files) -> Iterator[Defect]:
    """Two branches that both added the next migration, after one or after several."""
    for name in _NAMES:
        for before in (1, 2, 3):
            chain = {f"m{n}": _revision(f"m{n}", f"m{n - 1}" if n else "") for n in range(before)}
            chain |= {key: _revision(key, f"m{before - 1}", _EITHER) for key in ("x1", "y2")}
            made = {f"services/{name}/alembic/versions/{key}.py": text for key, text in chain.items()}
            yield marked(files, f"{name}: revisions after m{before - 1}", made)
            apps = {
                f"000{n}_a": _APP.format(f'("{name}", "000{n - 1}_a")' if n else "", "")
                for n in range(before)
            }
            parent = f'("{name}", "000{before - 1}_a")'
            apps |= {key: _APP.format(parent, _EITHER) for key in (f"000{before}_x", f"000{before}_y")}
            made = {f"services/{name}/{name}/migrations/{key}.py": text for key, text in apps.items()}
            yield marked(files, f"{name}: migrations after {parent}", made)


@seeds("migration-parent-missing")
def the_one_before_is_gone(files: Files) -> Iterator[Defect]:
    """A migration of a line that was deleted, or renamed."""
    for name in _NAMES:
        for gone in (1, 2, 3):
            for is_renamed in (False, True):
                kept = [n for n in (1, 2, 3, 4) if n != gone]
                made = {
                    f"r{n}": _revision(f"r{n}", f"r{n - 1}" if n > 1 else "").replace(
                        f'"r{gone}"', f'"r{gone}" #HERE'
                    )
                    for n in kept
                }
                if is_renamed:
                    made["other"] = _revision("other", f"r{gone - 1}" if gone > 1 else "")
                paths = {f"services/{name}/alembic/versions/{key}.py": text for key, text in made.items()}
                yield marked(files, f"{name}: r{gone} is gone, {is_renamed}", paths)


_ROLLED = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ledger, namespace: shop}\n"
_STORES = (
    ("V1__create.sql", "CREATE TABLE entries (gift_note text);\n", "CREATE TABLE entries (gift_note int);\n"),
    (
        "1_create.up.sql",
        "CREATE TABLE entries (gift_note text);\n",
        "CREATE TABLE entries (gift_note int);\n",
    ),
    ("1_create.sql", "-- +goose Up\nSELECT 1;\n", "-- +goose Up\nSELECT 2;\n"),
)


@seeds("migration-edited")
def statement_rewritten(files: Files) -> Iterator[Defect]:
    """A migration of the base whose statement is another one now."""
    for name in _NAMES:
        for folder in ("db/migration", "migrations", "src/main/resources/db/migrations"):
            for file, before, after in _STORES:
                if "goose" not in before or "migrations" in folder:
                    path = f"services/{name}/{folder}/{file}"
                    base, places = {**files, path: before}, frozenset({(path, 1)})
                    yield Defect(f"{path} is rewritten", {**base, path: after}, places, base=base)


_GO = "module ledger\n\nrequire github.com/golang-migrate/migrate/v4 v4.17.0\n"
_ORDERED = (
    ("db/migration/V{}__step.sql", (1, 2, 3), "SELECT 1;\n"),
    ("src/main/resources/db/migration/V{}_0__step.sql", (1, 2, 3), "SELECT 1;\n"),
    ("migrations/{}_step.up.sql", (1, 2, 3), "SELECT 1;\n"),
    ("migrations/{}_step.up.sql", (20240101, 20240102, 20240103), "SELECT 1;\n"),
    ("db/migrations/{}_step.sql", (20240101, 20240102, 20240103), "-- +goose Up\nSELECT 1;\n"),
)


@seeds("migration-late")
def merged_behind_a_newer_one(files: Files) -> Iterator[Defect]:
    """A branch that took its version before another one was merged."""
    for name in _NAMES:
        for form, (first, between, last), text in _ORDERED:
            paths = [f"services/{name}/{form.format(version)}" for version in (first, between, last)]
            base = {**files, f"services/{name}/go.mod": _GO, paths[0]: text, paths[2]: text}
            places = frozenset({(paths[1], 1)})
            yield Defect(f"{paths[1]} comes late", {**base, paths[1]: text}, places, base=base)


@seeds("migration-removed")
def taken_out_of_the_history(files: Files) -> Iterator[Defect]:
    """A migration of the base that is gone: the newest, and of Flyway also one between others."""
    for name in _NAMES:
        for form, versions, text in _ORDERED[:4]:
            paths = [f"services/{name}/{form.format(version)}" for version in versions]
            base = {**files, f"services/{name}/go.mod": _GO, **dict.fromkeys(paths, text)}
            for gone in paths[1:] if "/V" in form else paths[2:]:
                after = {path: kept for path, kept in base.items() if path != gone}
                yield Defect(f"{gone} is gone", after, frozenset({(gone, 1)}), base=base)


_TAKEN = (
    ("migrations/V2__drop.sql", "ALTER TABLE entries DROP COLUMN gift_note;\n"),
    ("migrations/2_drop.up.sql", "ALTER TABLE entries RENAME COLUMN gift_note TO remark;\n"),
    ("migrations/00002_drop.sql", "-- +goose Up\nALTER TABLE entries DROP COLUMN gift_note;\n"),
    (
        "db/migrate/2_drop.rb",
        f"{_RUBY}\n  def change\n    remove_column :entries, :gift_note, :text\n  end\nend\n",
    ),
)
_CODE = (
    ("app/store.py", 'QUERY = "SELECT gift_note FROM entries"\n'),
    ("internal/store.go", 'const query = "SELECT gift_note FROM entries"\n'),
    ("src/main/java/Entry.java", "class Entry {\n  String giftNote;\n}\n"),
)


@seeds("migration-contracts-at-once")
def taken_with_its_last_use(files: Files) -> Iterator[Defect]:
    """A column that goes in the same change as the code that reads it."""
    for name in _NAMES[:2]:
        for path, text in _TAKEN:
            for code, used in _CODE:
                where, home = f"services/{name}/{path}", f"services/{name}/{code}"
                base = {**files, home: used, "deploy/kubernetes/ledger.yaml": _ROLLED}
                after = {**base, home: used.replace("gift_note", "id").replace("giftNote", "id"), where: text}
                lines = text.split("\n")
                places = {(where, at) for at, line in enumerate(lines, 1) if "gift_note" in line}
                uses = {(home, at) for at, line in enumerate(used.split("\n"), 1) if "ote" in line}
                yield Defect(f"{where} and {code}", after, frozenset(places), frozenset(uses), base)


_COMMANDS = (
    "alembic upgrade head",
    "python manage.py migrate --noinput",
    "flask db upgrade",
    "npx typeorm migration:run -d dist/source.js",
    "npx sequelize-cli db:migrate",
    "goose -dir migrations postgres $DATABASE_URL up",
    "dbmate --wait up",
)
_POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: ledger, namespace: shop}}
spec:
  replicas: 3 #OTHER
  selector: {{matchLabels: {{app: ledger}}}}
  template:
    metadata: {{labels: {{app: ledger}}}}
    spec:
      {role}:
        - name: migrate
          image: registry.example.com/shop/ledger:1.0.0
          {command} #HERE
{rest}"""


@seeds("migration-run-by-every-pod")
def migrated_by_every_pod(files: Files) -> Iterator[Defect]:
    """A command of an init container, or before the program of the main one."""
    main = "      containers: [{name: ledger, image: registry.example.com/shop/ledger:1.0.0}]\n"
    for command in _COMMANDS:
        words = ", ".join(f'"{word}"' for word in command.split())
        for role, given, rest in (
            ("initContainers", f"command: [{words}]", main),
            ("initContainers", f'args: [sh, -c, "{command}"]', main),
            ("containers", f'command: [sh, -ec, "{command} && exec ./ledger"]', ""),
        ):
            text = _POD.format(role=role, command=given, rest=rest)
            yield marked(files, f"{role}: {given}", {"deploy/kubernetes/ledger.yaml": text})
