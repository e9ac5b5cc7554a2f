"""Kinds by path and by text."""

from __future__ import annotations

import pytest
from tests.support.limits import within

from archlint.files import CONTRACT_LINE, Kind, chart_folders, is_alembic, path_kind, text_kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Chart.yaml", Kind.CHART),
        ("charts/cart/values.yaml", Kind.CHART_VALUES),
        ("charts/cart/values-prod.yaml", Kind.CHART_VALUES),
        ("charts/cart/prod.values.yml", Kind.CHART_VALUES),
        ("charts/cart/values.schema.json", None),
        ("charts/cart/crds/cart.yaml", None),
        ("charts/cart/templates/deploy.yaml", Kind.CHART_TEMPLATE),
        ("charts/cart/templates/tests/_helpers.tpl", Kind.CHART_TEMPLATE),
        ("charts/cart/charts/db/templates/NOTES.txt", Kind.CHART_TEMPLATE),
        ("templates/deploy.yaml", Kind.CHART_TEMPLATE),
        ("deploy/templates/deploy.yaml", None),
        ("values.yaml", Kind.CHART_VALUES),
        ("deploy/values.yaml", None),
        ("overlays/dev/kustomization.yml", Kind.KUSTOMIZATION),
        ("Kustomization", Kind.KUSTOMIZATION),
        ("api/v1/cart.proto", Kind.PROTO),
        ("api/openapi.YAML", None),
        ("package.json", None),
        ("db/V1_2__add_cart.sql", Kind.MIGRATION),
        ("db/R__views.sql", Kind.MIGRATION),
        ("db/U3__undo.sql", Kind.MIGRATION),
        ("db/000001_init.down.sql", Kind.MIGRATION),
        ("db/schema.sql", Kind.OTHER),
        ("db/Readme__x.sql", Kind.OTHER),
        ("alembic/versions/ab12_add.py", Kind.MIGRATION),
        ("alembic/versions/__init__.py", Kind.OTHER),
        ("alembic/env.py", Kind.OTHER),
        ("shop/orders/migrations/0001_initial.py", Kind.MIGRATION),
        ("shop/orders/migrations/__init__.py", Kind.OTHER),
        ("shop/orders/models/migrate.py", Kind.OTHER),
        ("db/migrate/20240101000000_add_note.rb", Kind.MIGRATION),
        ("db/schema.rb", Kind.OTHER),
        ("Data/Migrations/20240101000000_Note.cs", Kind.MIGRATION),
        ("Data/Migrations/20240101000000_Note.Designer.cs", Kind.OTHER),
        ("database/migrations/2024_01_01_000000_note.php", Kind.MIGRATION),
        ("migrations/Version20240101000000.php", Kind.MIGRATION),
        ("src/migrations/1700000000000-Note.ts", Kind.MIGRATION),
        ("src/migrations/1700000000000-Note.d.ts", Kind.OTHER),
        ("migrations/20240101_note.js", Kind.MIGRATION),
        ("migrations/runner.js", Kind.OTHER),
        ("prisma/migrations/20240101000000_note/migration.sql", Kind.MIGRATION),
        ("prisma/migrations/20240101000000_note/down.sql", Kind.MIGRATION),
        ("db/migrations/00001_note.sql", Kind.MIGRATION),
        ("db/queries/00001_note.sql", Kind.OTHER),
        ("src/main/java/db/migration/V2__Note.java", Kind.MIGRATION),
        ("src/main/java/shop/Note.java", Kind.OTHER),
        ("db/changelog/db.changelog-master.xml", Kind.MIGRATION),
        ("db/changelog/2024/note.sql", Kind.MIGRATION),
        ("liquibase/note.xml", Kind.MIGRATION),
        ("pom.xml", Kind.OTHER),
        (".github/CODEOWNERS", Kind.CODEOWNERS),
        ("docs/runbook.md", Kind.MARKDOWN),
        ("Makefile", Kind.OTHER),
        ("json", Kind.OTHER),
    ],
)
def test_kind_by_path(path: str, kind: Kind | None) -> None:
    charts = chart_folders(
        ["Chart.yaml", "charts/cart/Chart.yaml", "charts/cart/charts/db/Chart.yaml", "x/MyChart.yaml"]
    )
    assert charts == {"", "charts/cart", "charts/cart/charts/db"}
    if path.startswith("deploy/"):
        charts = frozenset({"charts/cart"})
    assert path_kind(path, charts) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("openapi: 3.0.3\ninfo: {}\n", Kind.OPENAPI),
        ("---\n# API\nswagger: '2.0'\n", Kind.OPENAPI),
        ('"openapi": "3.1.0"\r\ninfo:\r\n', Kind.OPENAPI),
        ("openapi:\ninfo:\n  title: x\n", Kind.OPENAPI),
        ("  openapi: 3.0.0\n  info:\n    title: x\n", Kind.OPENAPI),
        ('{\n  "info": {},\n  "openapi": "3.0.0"\n}', Kind.OPENAPI),
        ('{"info":{"openapi":"no"},"openapi":"3.0.0"}', Kind.OPENAPI),
        ("openapi:\n  enabled: true\n", Kind.DATA),
        ("scripts:\n  openapi: 3.0.0\n", Kind.DATA),
        ('{\n  "dependencies": {\n    "swagger": "2.0.1"\n  }\n}', Kind.DATA),
        ('{"dependencies":{"openapi":"3.0.1"}}', Kind.DATA),
        ('{"a":"x\\"openapi\\":\\"3.0.0\\""}', Kind.DATA),
        ("asyncapi: 2.6.0\n", Kind.ASYNCAPI),
        ("apiVersion: v1\nkind: Pod\n", Kind.KUBERNETES),
        ("kind: Pod\napiVersion: v1", Kind.KUBERNETES),
        ("# x\n\n---\na: 1\n---\napiVersion: v1\nkind: Pod\n", Kind.KUBERNETES),
        ('{"kind":"List","items":[],"apiVersion":"v1"}', Kind.KUBERNETES),
        ("apiVersion: v1\nspec:\n  kind: x\n", Kind.DATA),
        ("apiVersion: v1\nmetadata:\n  name: x\n", Kind.KUBERNETES),
        ("metadata: {name: x}\nkind: Pod\n", Kind.KUBERNETES),
        ('{"metadata":{"name":"x"},"kind":"Pod"}', Kind.KUBERNETES),
        ("metadata:\n  name: x\nopenapi: 3.0.0\nkind: x\n", Kind.OPENAPI),
        ("spec:\n  metadata: {}\nkind: x\n", Kind.DATA),
        ("- apiVersion: v1\n  kind: Pod\n", Kind.DATA),
        ("apiVersion: backstage.io/v1alpha1\nkind: Component\n", Kind.CATALOG),
        ('apiVersion: "backstage.io/v1beta1"\nkind: API\n---\napiVersion: v1\nkind: Pod\n', Kind.KUBERNETES),
        ("groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n", Kind.PROMETHEUS_RULES),
        ("groups:\n  - rules:\n    - expr: 1\n      record: a:b\n", Kind.PROMETHEUS_RULES),
        ("groups:\n- admins\n", Kind.DATA),
        ('{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": []}', Kind.PACT),
        ('{\n "consumer": {"name": "a"}, "provider": {"name": "b"},\n "messages": []\n}', Kind.PACT),
        ('{\n "consumer": {"provider": {"name": "b"}, "messages": []}\n}', Kind.DATA),
        ("consumer: {name: a}\nprovider: {name: b}\nmessages: []\n", Kind.PACT),
        ("consumer: a\nprovider: b\n", Kind.DATA),
        ("", Kind.DATA),
        ("[1, 2]", Kind.DATA),
        ("null", Kind.DATA),
    ],
)
def test_kind_by_text(text: str, kind: Kind) -> None:
    assert text_kind(text, is_json=text.startswith(("{", "["))) is kind
    assert text_kind(text) is kind


def test_broken_text_keeps_its_kind() -> None:
    assert text_kind("apiVersion: v1\nkind: Pod\nspec: [\n") is Kind.KUBERNETES
    assert text_kind('{"openapi": "3.0.0", "paths": {') is Kind.OPENAPI


@pytest.mark.parametrize(
    "text",
    [
        '"' + '\\"' * 300_000,
        '{"a": "' + '\\"' * 300_000,
        '{"kind":' * 60_000,
        "{" + '"kind": "\\' * 60_000,
        "\n" * 500_000 + "x",
        " " * 500_000 + "x",
        "# \n" * 200_000 + "\t",
        "kind" * 200_000,
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    within(3, lambda: (text_kind(text), text_kind(text, is_json=True), CONTRACT_LINE.search(text)))


@pytest.mark.parametrize(
    "text", ["a: 1\nkind: Pod\n", "syntax = 'proto3';", "apiVersion : v1", '{\n  "openapi": 3']
)
def test_contract_lines(text: str) -> None:
    assert CONTRACT_LINE.search(text)


@pytest.mark.parametrize("text", ["kinds: 1", "  kind: Pod", '{"tasks": [{"kind": "build"}]}', "# kind: Pod"])
def test_no_contract_lines(text: str) -> None:
    assert not CONTRACT_LINE.search(text)


def test_alembic_is_told_by_its_text() -> None:
    assert is_alembic('"""add"""\nrevision: str = "ab12"\n')
    assert is_alembic("down_revision = None\n")
    assert not is_alembic("def revision(): ...\n")
