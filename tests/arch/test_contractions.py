"""What migrations take from the schema, and whether the running version uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.migrations import contracted_at_once, edited_migrations
from archlint.model.migrations.contractions import contractions
from tests.arch.worlds import deployment, world_of


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "V1__a.sql",
            'ALTER TABLE IF EXISTS ONLY shop."orders" DROP COLUMN IF EXISTS a, DROP b;',
            ["dropped-column orders.a"],
        ),
        ("V1__a.sql", "ALTER TABLE a ADD b int, RENAME COLUMN c TO d;", ["renamed-column a.c"]),
        (
            "V1__a.sql",
            "alter table a\n  rename to b; DROP TABLE IF EXISTS c;",
            ["renamed-table a.", "dropped-table c."],
        ),
        ("V1__a.sql", "-- DROP TABLE a;\nSELECT 'DROP TABLE a'; /* DROP TABLE b */", []),
        ("U1__a.sql", "DROP TABLE a;", []),
        ("V1__a.sql", "CREATE TABLE new_a (b int); DROP TABLE a; ALTER TABLE new_a RENAME TO a;", []),
        ("V1__a.sql", "ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT * FROM b;", []),
        ("V1__a.sql", "CREATE TEMP TABLE a (b int); ALTER TABLE a DROP COLUMN b; DROP TABLE a;", []),
        ("V1__a.sql", "ALTER TABLE a DROP COLUMN b; ALTER TABLE a ADD COLUMN b int;", []),
        (
            "V1__a.sql",
            "ALTER TABLE a DROP COLUMN b; ALTER TABLE c ADD COLUMN b int;",
            ["dropped-column a.b"],
        ),
        ("a.py", "op.drop_table('a')\nop.create_table('a', x)\n", []),
        ("a.rb", "rename_table :a, :b\nexecute 'CREATE VIEW a AS SELECT * FROM b'\n", []),
        ("1_a.down.sql", "DROP TABLE a;", []),
        ("1_a.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nDROP TABLE a;", []),
        (
            "a.py",
            "def upgrade():\n    op.drop_column('a', 'b')\ndef downgrade():\n    op.drop_table('c')",
            ["dropped-column a.b"],
        ),
        ("a.py", "[migrations.RenameField('a', old_name='b', new_name='c')]", ["renamed-column a.b"]),
        ("a.rb", "def up\n  drop_table :a\nend\n  def down\n  drop_table :b\nend", ["dropped-table a."]),
        (
            "a.cs",
            'Up() { b.DropColumn(name: "B", table: "A"); } void Down() { b.DropTable(name: "C"); }',
            ["dropped-column A.B"],
        ),
    ],
)
def test_what_is_taken(path: str, text: str, expected: list[str]) -> None:
    assert [f"{item.taking} {item.table}.{item.column}" for item in contractions(path, text)] == expected


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["ALTER TABLE ", "a", " DROP COLUMN ", ";", "'", "--", "/*", "\n", '"', "."]),
        max_size=30,
    ),
    path=st.sampled_from(["V1__a.sql", "a.py", "a.rb", "a.cs"]),
)
def test_any_text(words: list[str], path: str) -> None:
    text = "".join(words)
    for item in contractions(path, text):
        line = text.split("\n")[item.span.line - 1]
        assert item.column in line or item.table in line


BASE = {"d.yaml": [deployment("orders")], "orders/app.py": 'Q = "SELECT gift_note FROM orders"\n'}
DROP = {"orders/migrations/V2__a.sql": "ALTER TABLE orders DROP COLUMN gift_note;\n"}


def recreated(name: str) -> dict[str, object]:
    return {
        "kind": "Deployment",
        "apiVersion": "apps/v1",
        "metadata": {"name": name},
        "spec": {"strategy": {"type": "Recreate"}},
    }


@pytest.mark.parametrize(
    ("base", "revision", "is_told"),
    [
        ({}, DROP, True),
        ({}, {**DROP, "orders/app.py": ""}, True),
        (DROP, DROP, False),
        ({"orders/app.py": '# gift_note\nQ = "SELECT id FROM orders"\n'}, DROP, False),
        ({"orders/app.py": 'Q = "SELECT gift_note FROM carts"\n'}, DROP, False),
        ({"orders/app.py": "class Order:\n    giftNote = 1\n"}, DROP, True),
        ({"orders/app.py": "class Cart:\n    gift_note = 1\nclass Order:\n    id = 1\n"}, DROP, False),
        ({"orders/app.py": "class Note:\n    __tablename__ = 'orders'\n    gift_note = 1\n"}, DROP, True),
        ({"orders/app.py": "def f(order):\n    return order.gift_note\n"}, DROP, True),
        ({"orders/app.py": "def f(order, cart):\n    return cart.gift_note\n"}, DROP, False),
        ({"orders/app.py": "Q = ('SELECT gift_note'\n     ' FROM orders')\n"}, DROP, True),
        ({"orders/app.py": "Q = 'SELECT c.gift_note FROM orders o JOIN carts c'\n"}, DROP, False),
        ({"orders/app.py": "Q = 'SELECT o.gift_note FROM orders AS o JOIN carts c'\n"}, DROP, True),
        ({"orders/app.py": "Q = 'SELECT gift_note FROM orders, carts'\n"}, DROP, False),
        ({}, {"orders/db/V3__a.sql": "DROP TABLE orders;\n"}, True),
        (
            {"orders/app.py": "orders = load('/orders')\n"},
            {"orders/db/V3__a.sql": "DROP TABLE orders;\n"},
            False,
        ),
        ({"d.yaml": [deployment("orders"), recreated("web")]}, DROP, True),
        ({"d.yaml": [deployment("web"), recreated("orders")]}, DROP, False),
        (
            {"orders/app.py": "", "orders/tests/test_app.py": 'Q = "SELECT gift_note FROM orders"\n'},
            DROP,
            False,
        ),
        ({"orders/app.py": "", "carts/app.py": 'Q = "SELECT gift_note FROM orders"\n'}, DROP, False),
        (
            {"d.yaml": "kind: Deployment\napiVersion: apps/v1\nspec: {strategy: {type: Recreate}}\n"},
            DROP,
            False,
        ),
    ],
)
def test_what_the_base_uses(
    tmp_path: Path, base: dict[str, str], revision: dict[str, str], is_told: bool
) -> None:
    before = world_of(tmp_path / "base", {**BASE, **base})
    after = world_of(tmp_path / "revision", {**BASE, **base, **revision})
    assert bool([*contracted_at_once(before, after)]) is is_told


@pytest.mark.parametrize(
    "text", ["SELECT 1;\r\nSELECT 2;\r\n", "\n\nSELECT 1;\n\nSELECT 2;", "\ufeffSELECT 1;\nSELECT 2;"]
)
def test_what_flyway_does_not_sum_is_no_edit(tmp_path: Path, text: str) -> None:
    one = world_of(tmp_path / "one", {"db/V1__a.sql": "SELECT 1;\nSELECT 2;\n"})
    other = world_of(tmp_path / "other", {"db/V1__a.sql": text})
    assert not [*edited_migrations(one, other)]
