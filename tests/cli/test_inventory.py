"""``archlint inventory``: every file by kind, which rules look at it, and what is not read and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.judging.cases import deployment
from tests.support.charts import helm
from tests.support.inside import archlint
from tests.support.process import commit_all, git

FILES = {
    "deploy/cart.yaml": deployment() + "---\napiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\n",
    "deploy/broken.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [\n",
    "deploy/stack.yaml": "{{ if .x }}\na: [\n{{ end }}\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: cart\nversion: 1.0.0\n",
    "chart/templates/cart.yaml": '{{ required "say which" .Values.cart }}\n',
    "compose.yaml": "services: {cart: {image: 'cart:1'}}\n",
    "events.yaml": "asyncapi: 3.0.0\ninfo: {title: Cart, version: '1'}\nx-old: {schemaFormat: a/raml}\n",
    "api.yaml": "openapi: 3.0.3\ninfo: {title: Cart, version: '1'}\npaths: {}\n",
    "vendor/copy.yaml": "a: 1\n",
    "main.go": "package main\n",
    "Makefile": "all:\n",
}
TEXT = """\
4 of 10 files read.

chart  1 file
  chart/Chart.yaml  rules: LINT 2

compose  1 file
  compose.yaml  rules: LINT 2

kubernetes  1 file
  deploy/cart.yaml
    apps/v1 Deployment cart  rules: KUBE 1, LINT 2
    example.org/v1 Widget w  rules: LINT 2

openapi  1 file
  api.yaml  rules: LINT 2
    openapi 3.0.3 Cart

Not read:
  1 chart template. Templates of a Helm chart are not rendered.
    chart/templates/cart.yaml: its own values do not suffice (say which); name a file of values under 'helm'
  1 template. It looks like a template that another program fills in first.
    deploy/stack.yaml
  1 format of event payloads. No rule judges payloads of this format inside of an AsyncAPI document.
    events.yaml: a/raml
  1 resource without rules. No rule looks at resources of this kind.
    deploy/cart.yaml, document 2: example.org/v1 Widget
  1 unreadable file. It has errors, or may not be read.
    deploy/broken.yaml
  1 excluded file. It is excluded; name it to read it.
    vendor/copy.yaml

Of no kind that archlint reads: 2 files (1 .go, 1 Makefile).
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    commit_all(root)
    return root


ONLY = ("--profile", "minimal", "--ignore", "ALL", "--select", "LINT001,LINT005,KUBE101")


def test_whole_text(folder: Path) -> None:
    helm()  # without it the reason is another one
    done = archlint("inventory", *ONLY, cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert done.out == TEXT


def test_every_file_is_there_or_unread(folder: Path) -> None:
    read = archlint("inventory", "--format", "json", cwd=folder).report
    told = {item["path"] for item in (*read["files"], *read["unread"])}
    assert told == FILES.keys()
    assert read["summary"] == {"files": 10, "read": 4, "unread": 6}
    files = {item["path"]: item for item in read["files"]}
    documents = files["deploy/cart.yaml"]["documents"]
    assert [(item["document"], item["kind"], item["name"]) for item in documents] == [
        (0, "apps/v1 Deployment", "cart"),
        (1, "example.org/v1 Widget", "w"),
    ]
    assert "KUBE101" in documents[0]["rules"]
    assert "KUBE101" not in documents[1]["rules"]


def test_check_tells_the_same(folder: Path) -> None:
    inventory = archlint("inventory", "--format", "json", cwd=folder).report
    report = archlint("check", "--format", "json", cwd=folder).report
    assert [{k: v for k, v in item.items() if k != "why"} for item in inventory["unread"]] == report["unread"]
    assert {name: report["summary"][name] for name in inventory["summary"]} == inventory["summary"]
    line = archlint("check", cwd=folder).out.splitlines()[-1]
    assert line == (
        "4 of 10 files read; not read: 1 chart template, 1 template, 1 format of event payloads,"
        " 1 resource without rules, 1 unreadable file, 1 excluded file, 2 files of other kinds;"
        " see `archlint inventory`"
    )


def test_what_was_read_and_what_was_not_adds_up(tmp_path: Path) -> None:
    for name in ("a.py", "b.txt", "c.go"):
        (tmp_path / name).write_text("x\n")
    (tmp_path / "compose.yaml").write_text("services: {a: {image: b}}\n")
    (tmp_path / "cart.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    widget = "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\n"
    (tmp_path / "widgets.yaml").write_text("---\n".join([widget, widget.replace("w}", "v}")]))
    line = archlint("check", cwd=tmp_path).out.splitlines()[-1]
    assert line == (
        "2 of 6 files read; not read: 2 resources without rules in 1 file, 3 files of other kinds;"
        " see `archlint inventory`"
    )


def test_all_clear_is_said_only_where_all_was_read(folder: Path) -> None:
    assert archlint("check", "api.yaml", "--select", "LINT", cwd=folder).out.startswith("All clear: 1 file")
    for path, code in (("chart", 0), ("compose.yaml", 0), ("chart/templates", 0), ("vendor", 0)):
        done = archlint("check", path, cwd=folder)
        assert done.code == code
        assert ("All clear" in done.out) == (path in ("vendor", "compose.yaml"))
    nothing = archlint("check", "chart/templates", cwd=folder).out
    assert nothing.startswith("Nothing to check: no file was read.")


def test_a_folder_with_nothing_to_read_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    done = archlint("check", cwd=tmp_path / "repo")
    assert (done.code, done.out) == (0, "Nothing to check: no files were found.\n")
    (tmp_path / "repo/main.go").write_text("package main\n")
    done = archlint("check", cwd=tmp_path / "repo")
    assert (done.code, done.out.splitlines()[0]) == (0, "Nothing to check: no file was read.")


def test_what_a_sparse_checkout_leaves_out_is_told(folder: Path) -> None:
    git(folder, "sparse-checkout", "set", "--no-cone", "/deploy/", "/api.yaml")
    read = json.loads(archlint("inventory", "--format", "json", cwd=folder).out)
    absent = {item["path"] for item in read["unread"] if item["reason"] == "absent"}
    assert absent == {path for path in FILES if not path.startswith(("deploy/", "api.yaml"))}


def test_a_path_that_is_not_there(folder: Path) -> None:
    done = archlint("inventory", "nowhere", cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert "does not exist" in done.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_names_give_no_commands_to_a_runner(form: str, folder: Path) -> None:
    names = ["deploy/##[group]a.yaml", "deploy/::add-mask::b.yaml", "chart/templates/##vso[x]c.yaml"]
    for name in names:
        (folder / name).write_text("kind: Widget\napiVersion: example.org/v1\nmetadata: {name: '##[x]y'}\n")
    out = archlint("inventory", "--format", form, cwd=folder).out
    assert "##[" not in out
    assert "##vso[" not in out
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    if form == "json":
        assert set(names) <= {item["path"] for item in json.loads(out)["files"]}


CALLED = {
    "events.yaml": ("asyncapi: 3.0.0\ninfo: {title: Cart, version: '1'}\n", "asyncapi 3.0.0", "Cart"),
    "old.yaml": ("swagger: '2.0'\ninfo: {title: Old, version: '1'}\npaths: {}\n", "swagger 2.0", "Old"),
    "new.yaml": ("openapi: 3.1.0\ninfo: {version: '1'}\npaths: {}\n", "openapi 3.1.0", ""),
    "catalog-info.yaml": (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: cart, namespace: shop}\n",
        "backstage.io/v1alpha1 Component",
        "shop/cart",
    ),
    "list.yaml": (
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n"
        "- {apiVersion: v1, kind: Secret, metadata: {name: b, namespace: shop}}\n"
        "- {apiVersion: v1, kind: Service, metadata: {name: c}}\n",
        "v1 Service, v1 Secret",
        "a, shop/b, c",
    ),
}


def test_each_document_is_called_what_it_says_that_it_is(tmp_path: Path) -> None:
    for path, (text, _, _) in CALLED.items():
        (tmp_path / path).write_text(text, "utf-8")
    found = json.loads(archlint("inventory", "--format", "json", ".", cwd=tmp_path).out)
    told = {
        item["path"]: [(each["document"], each["kind"], each.get("name", "")) for each in item["documents"]]
        for item in found["files"]
    }
    assert told == {path: [(0, kind, name)] for path, (_, kind, name) in CALLED.items()}


def test_source_that_is_looked_through_is_counted_by_language(tmp_path: Path) -> None:
    go = {"web/go.mod": "module web\n", "web/a.go": "package web\n", "web/b.go": "package web\n"}
    others = {"web/a.py": "a = 1\n", "web/a_test.go": "package web\n", "docs/a.py": "a = 1\n"}
    for path, text in (go | others).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    told = archlint("inventory", cwd=tmp_path).out
    assert "Source, looked through for addresses and messages: 3 files (2 go, 1 python).\n" in told
    assert "Of no kind that archlint reads: 3 files (1 .go, 1 .mod, 1 .py)." in told
    found = archlint("inventory", "--format", "json", cwd=tmp_path).report
    assert found["sources"] == {"go": 2, "python": 1}
    assert "looked through" not in archlint("inventory", "docs", cwd=tmp_path).out
