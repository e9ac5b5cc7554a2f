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
