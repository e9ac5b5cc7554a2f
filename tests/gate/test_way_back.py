"""The way back: what is known to be there, what is known to be missing, and what files cannot tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gate.releases import DEPLOYMENT, MANIFEST, Repository
from tests.gate.test_gate import gate

FLYWAY = "db/migration/V{}__carts.sql"
UNDO = "db/migration/U{}__carts.sql"
SQL = "CREATE TABLE carts (id int);\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec: {containers: [{name: cart, image: "registry.example.com/cart:1.4.0"}]}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "shop", **{FLYWAY.format(1): SQL, "deploy/pod.yaml": POD})


def after(repository: Repository) -> dict[str, Any]:
    """The record after a gate over the last commit."""
    repository.commit()
    file = repository.folder.parent / "audit.jsonl"
    gate(repository, "--audit", str(file), base="HEAD~1")
    found: dict[str, Any] = json.loads(file.read_text("ascii").splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("files", "available", "said"),
    [
        ({FLYWAY.format(2): SQL}, None, "V2__carts.sql' has no script"),
        ({FLYWAY.format(2): SQL, UNDO.format(2): "DROP TABLE carts;\n"}, True, ""),
        ({FLYWAY.format(2): SQL, UNDO.format(2): "-- later\n"}, False, "nothing takes back"),
        ({FLYWAY.format(1): SQL + "SELECT 1;\n"}, None, "is edited"),
        ({FLYWAY.format(1): None}, None, "is deleted"),
        ({"deploy/pod.yaml": POD.replace("1.4.0", "1.5.0")}, None, "keeps no history of Pod"),
        ({MANIFEST: DEPLOYMENT.replace("1.4.0", "1.5.0")}, True, ""),
        ({MANIFEST: None}, None, "keeps nothing of it"),
        ({"deploy/new.yaml": DEPLOYMENT.replace("cart", "till")}, True, ""),
    ],
)
def test_only_what_can_be_taken_back_has_a_way_back(
    repository: Repository, files: dict[str, str | None], available: bool | None, said: str
) -> None:
    for path, text in files.items():
        if text is None:
            (repository.folder / path).unlink()
        else:
            repository.write(path, text)
    record = after(repository)
    assert record["rollback_available"] is available
    assert said in (record["rollback_reason"] or "")


@pytest.mark.parametrize("image", ["registry.example.com/cart:${TAG}", "REGISTRY/cart:1", ""])
def test_an_image_that_is_filled_in_later_has_no_version(repository: Repository, image: str) -> None:
    repository.edit(MANIFEST, "registry.example.com/cart:1.4.0", f'"{image}"')
    assert after(repository)["image_version"] == {"before": "1.4.0", "after": None}


CHANGELOG = "db/changelog/carts.xml"
SETS = "<databaseChangeLog>{}</databaseChangeLog>\n"
CREATE = '<changeSet id="1" author="ada"><createTable tableName="carts"/></changeSet>'
DROP = '<changeSet id="2" author="ada"><dropTable tableName="notes"/></changeSet>'
DJANGO = "class Migration(migrations.Migration):\n    operations = [migrations.{}]\n"


@pytest.mark.parametrize(
    ("files", "available", "said"),
    [
        ({CHANGELOG: SETS.format(CREATE + DROP.replace("drop", "create"))}, True, ""),
        ({CHANGELOG: SETS.format(CREATE + DROP)}, False, "nothing takes back migration ada:2"),
        ({CHANGELOG: SETS.format(CREATE.replace("carts", "tills"))}, None, "carts.xml ada:1' is edited"),
        ({CHANGELOG: SETS.format(f"<!-- about carts -->\n{CREATE}")}, None, "no database schema changes"),
        ({CHANGELOG: SETS.format("")}, None, "is deleted"),
        ({"cart/migrations/0001_a.py": DJANGO.format("AddField()")}, True, ""),
        ({"cart/migrations/0001_a.py": DJANGO.format("RunPython(fill)")}, False, "nothing takes back"),
        ({"cart/migrations/words.py": "WORDS = 1\n"}, None, "no database schema changes"),
        ({"prisma/migrations/1_a/migration.sql": SQL}, None, "has no script"),
    ],
)
def test_migrations_of_all_tools_have_a_way_back_or_none(
    repository: Repository, files: dict[str, str], available: bool | None, said: str
) -> None:
    repository.write(CHANGELOG, SETS.format(CREATE))
    repository.commit()
    for path, text in files.items():
        repository.write(path, text)
    record = after(repository)
    assert record["rollback_available"] is available
    assert said in (record["rollback_reason"] or "")


def test_what_is_true_of_many_is_said_once(repository: Repository) -> None:
    names = [f"n{number}" for number in range(9)]
    for name in names:
        repository.write(f"deploy/{name}.yaml", DEPLOYMENT.replace("cart", name))
        repository.write(FLYWAY.format(f"1_{name[1:]}"), SQL)
    repository.commit()
    for name in names:
        (repository.folder / f"deploy/{name}.yaml").unlink()
        repository.write(FLYWAY.format(f"1_{name[1:]}"), f"{SQL}SELECT 1;\n")
    reason = after(repository)["rollback_reason"]
    assert "Deployment shop/n4 and 4 more are deleted, and the cluster keeps nothing of them" in reason
    assert "and 4 more are edited, and may have been applied as they were" in reason
    assert len(reason.split("; ")) == 2
