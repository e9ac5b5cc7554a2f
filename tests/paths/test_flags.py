"""What PATHs and the flags beside them choose, on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths.worlds import lay_out
from tests.support.inside import archlint
from tests.support.process import Done, commit_all, git

CART = """\
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: cart
          image: shop/cart:1.0.0
          env:
            - {name: CATALOG_URL, value: "http://catalog:8080"}
            - {name: CART_URL, value: "http://cart:80"}
"""
CATALOG = "apiVersion: v1\nkind: Service\nmetadata: {name: catalog}\nspec: {ports: [{port: 8080}]}\n"
API = """\
openapi: 3.0.3
info: {title: Cart, version: "1"}
paths:
  /v1/carts:
    get:
      responses:
        "200": {description: A cart, content: {application/json: {schema: {$ref: "../../shared/cart.yaml"}}}}
"""
SHARED = "type: object\nproperties: {size: {type: integer, example: large}}\n"
FILES = {
    "services/cart/deploy.yaml": CART,
    "services/cart/api.yaml": API,
    "services/catalog/deploy.yaml": CATALOG,
    "shared/cart.yaml": SHARED,
}
ONLY = ("--ignore", "ALL", "--select", "ARCH101,KUBE101,OAS005,LINT")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = lay_out(FILES, tmp_path / "repo")
    commit_all(root)
    return root


def check(folder: Path, *arguments: str) -> Done:
    return archlint("check", *arguments, *ONLY, "--format", "json", cwd=folder)


def found(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    return sorted((item["rule"], item["path"]) for item in check(folder, *arguments).report["findings"])


def test_a_service_of_another_folder_is_not_missing(folder: Path) -> None:
    limit = ("memory-limit-missing", "services/cart/deploy.yaml")
    assert limit in found(folder, "services/cart")
    assert not [rule for rule, _ in found(folder, "services/cart") if rule == "call-target-undefined"]
    isolated = found(folder, "services/cart", "--isolated")
    assert ("call-target-undefined", "services/cart/deploy.yaml") in isolated
    (folder / "services/catalog/deploy.yaml").unlink()
    assert ("call-target-undefined", "services/cart/deploy.yaml") in found(folder, "services/cart")


def test_nothing_of_other_folders_is_reported(folder: Path) -> None:
    assert found(folder, "services/catalog") == []
    report = check(folder, "services/catalog").report
    assert (report["summary"]["files"], report["unread"]) == (1, [])


def test_a_finding_belongs_to_the_contract_that_leads_to_it(folder: Path) -> None:
    example = ("example-invalid", "shared/cart.yaml")
    assert example in found(folder)
    for path in ("services/cart/api.yaml", "services/cart", "shared", "shared/cart.yaml"):
        assert example in found(folder, path), path
    for path in ("services/cart/deploy.yaml", "services/catalog"):
        assert example not in found(folder, path), path


def test_unused_suppressions_are_judged_below_the_paths(folder: Path) -> None:
    comment = "# archlint: ignore[ARCH101] it is started by hand\n"
    for name in ("cart", "catalog"):
        file = folder / f"services/{name}/deploy.yaml"
        file.write_text(comment + file.read_text())
    unused = [("unused-suppression", f"services/{name}/deploy.yaml") for name in ("cart", "catalog")]
    assert [item for item in found(folder) if item in unused] == unused
    assert unused[0] in found(folder, "services/cart")
    assert unused[1] not in found(folder, "services/cart")
    assert unused[0] not in found(folder, "services/cart", "--isolated"), "joins have not seen all there is"


def test_updating_the_baseline_touches_nothing_outside(folder: Path) -> None:
    (folder / "services/catalog/more.yaml").write_text(CART.replace("cart", "more"))
    assert check(folder, "--update-baseline").code == 0
    file = folder / ".archlint-baseline.json"
    before = {item["fingerprint"]: item for item in json.loads(file.read_text())["findings"]}
    (folder / "services/catalog/more.yaml").write_text("a: 1\n")
    (folder / "services/cart/deploy.yaml").write_text(CATALOG)
    assert check(folder, "services/cart", "--update-baseline").code == 0
    after = {item["fingerprint"]: item for item in json.loads(file.read_text())["findings"]}
    outside = {key: item for key, item in before.items() if not item["path"].startswith("services/cart/")}
    assert {key: item for key, item in after.items() if key in outside} == outside
    assert not [item for item in after.values() if item["path"] == "services/cart/deploy.yaml"]


def test_tracked_reads_what_git_knows(folder: Path) -> None:
    (folder / "services/cart/new.yaml").write_text(CART.replace("cart", "new"))
    (folder / "services/cart/deploy.yaml").write_text(CART.replace("shop/cart", "shop/basket"))
    assert ("memory-limit-missing", "services/cart/new.yaml") in found(folder)
    seen = found(folder, "--tracked")
    assert not [path for _, path in seen if path.endswith("new.yaml")]
    assert ("memory-limit-missing", "services/cart/deploy.yaml") in seen
    named = check(folder, "services/cart/new.yaml", "--tracked")
    assert (named.code, named.report["findings"]) == (0, [])
    assert "git does not track the file" in named.err
    git(folder, "add", "-A")
    assert ("memory-limit-missing", "services/cart/new.yaml") in found(folder, "--tracked")


def test_tracked_follows_no_reference_to_an_untracked_file(folder: Path) -> None:
    git(folder, "rm", "-q", "--cached", "shared/cart.yaml")
    assert not [path for _, path in found(folder, "--tracked") if path == "shared/cart.yaml"]
    assert ("example-invalid", "shared/cart.yaml") in found(folder)


def test_tracked_needs_git(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CATALOG)
    done = archlint("check", "--tracked", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "--tracked" in done.err


def test_a_sparse_checkout_makes_nothing_missing(folder: Path) -> None:
    git(folder, "sparse-checkout", "set", "--no-cone", "/services/cart/")
    assert not (folder / "shared/cart.yaml").exists()
    done = archlint("check", "--format", "json", "--profile", "strict", cwd=folder)
    assert done.code in (0, 1), done.err
    rules = done.rules()
    assert not {"call-target-undefined", "broken-reference", "reference-unresolved"}.intersection(rules)
    assert not [item for item in done.report["findings"] if item["code"] in ("ARCH101", "OAS002")]
    assert [item["path"] for item in done.report["unread"] if item["reason"] == "absent"] == [
        "services/catalog/deploy.yaml",
        "shared/cart.yaml",
    ]
    assert "sparse checkout" in done.err
    assert "memory-limit-missing" not in rules
    (folder / "services/cart/more.yaml").write_text(CART.replace("/catalog:8080", "/cart:81"), "utf-8")
    there = archlint("check", "--format", "json", "--profile", "strict", cwd=folder).rules()
    assert "call-port-undefined" in there  # what is there is still joined
    (folder / "services/cart/api.yaml").unlink()  # gone is not absent
    assert "services/cart/api.yaml" not in json.dumps(
        archlint("check", "--format", "json", cwd=folder).report
    )


@pytest.mark.parametrize("inside", [".", "services/cart"])
def test_a_home_folder_as_root_is_told(inside: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    done = check(folder, inside)
    assert "home folder" in done.err
    assert ("call-target-undefined" in done.rules()) == (inside != ".")
    monkeypatch.setenv("HOME", str(folder.parent / "home"))
    assert "home folder" not in check(folder, inside).err


def test_fixes_stay_below_the_paths(folder: Path) -> None:
    before = {path: (folder / path).read_text() for path in FILES}
    archlint("check", "services/catalog", "--fix", "--unsafe-fixes", "--profile", "strict", cwd=folder)
    after = {path: (folder / path).read_text() for path in FILES}
    assert {path for path in FILES if before[path] != after[path]} <= {"services/catalog/deploy.yaml"}


def test_paths_in_two_repositories_are_two_worlds(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "catalog.yaml").write_text(CATALOG)
    (other / "call.yaml").write_text(CART.replace("http://catalog:8080", "http://catalog:1"))
    (other / "archlint.yaml").write_text("rules: {memory-limit-missing: {severity: info}}\n")
    commit_all(other)
    (folder / "services/catalog/deploy.yaml").unlink()
    alone = found(other)
    done = check(folder, "services/cart", "../other", str(tmp_path / "other" / "call.yaml"))
    seen = done.report
    here = [item for item in seen["findings"] if not item["path"].startswith("../other/")]
    there = [item for item in seen["findings"] if item["path"].startswith("../other/")]
    assert {item["rule"] for item in here} == {
        "call-target-undefined",
        "memory-limit-missing",
        "example-invalid",
    }
    assert sorted((item["rule"], item["path"].removeprefix("../other/")) for item in there) == alone
    assert {item["severity"] for item in there if item["code"] == "KUBE101"} == {"info"}
    assert seen["summary"]["files"] == 5
    text = archlint("check", "services/cart", "../other", *ONLY, cwd=folder).out
    assert "../other/call.yaml  1 info\n  15:" in text
    assert "image: shop/cart:1.0.0" in text or "name: cart" in text
    refused = check(folder, ".", "../other", "--baseline", "x.json")
    assert (refused.code, refused.out) == (2, "")


def test_a_file_among_temporary_ones_is_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cart.yaml").write_text(CART)
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    assert "call-target-undefined" not in check(tmp_path, "cart.yaml").rules()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = check(tmp_path, "cart.yaml")
    assert "temporary files" in done.err
    assert "call-target-undefined" in done.rules()


def from_stdin(folder: Path, text: str, *arguments: str) -> Done:
    command = [sys.executable, "-m", "archlint", "check", *arguments, *ONLY, "--format", "json"]
    environment = {**os.environ, "ARCHLINT_CACHE_DIR": str(folder.parent / "cache")}
    done = subprocess.run(
        command, cwd=folder, input=text.encode(), capture_output=True, env=environment, check=False
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_standard_input_takes_the_place_of_a_file(folder: Path) -> None:
    cart = "services/cart/deploy.yaml"
    done = from_stdin(folder, CART.replace("catalog:8080", "catalogue:1"), "-", "--stdin-filename", cart)
    seen = {(item["rule"], item["path"]) for item in done.report["findings"]}
    assert seen == {("call-target-undefined", cart), ("memory-limit-missing", cart)}
    assert "call-target-undefined" not in found(folder, cart), "nothing of it is kept for the file on disk"
    away = from_stdin(folder, "kind: none\n", "-", "--stdin-filename", "services/catalog/deploy.yaml")
    assert (away.code, away.report["summary"]["files"]) == (0, 1)
    new = from_stdin(folder, CART.replace("cart", "new"), "-", "--stdin-filename", "services/new/deploy.yaml")
    assert {(item["rule"], item["path"]) for item in new.report["findings"]} == {
        ("memory-limit-missing", "services/new/deploy.yaml")
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-",), "add --stdin-filename NAME"),
        ((".", "--stdin-filename", "a.yaml"), "archlint check - --stdin-filename a.yaml"),
        (("-", "."), "add --stdin-filename NAME"),
        (("-", "--stdin-filename", "services"), "is a folder"),
        (("-", "--stdin-filename", "a.yaml", "--fix"), "cannot be fixed"),
    ],
)
def test_standard_input_needs_a_name(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    done = from_stdin(folder, "", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
