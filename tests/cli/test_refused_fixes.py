"""A fix is refused that would leave a file that nobody can read, and the file is named with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.test_plugins import PAGE, install
from tests.support.process import archlint

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
TWICE = "data: {b: 1}\ndata: {b: 2}\n"
WRITTEN_ALIKE = "\ufeff# ä\r\n" + HEAD.replace("\n", "\r\n")
CHECKS = """\
from archlint.checks import check, observe
from archlint.finding import Edit, Fix
from archlint.model.kubernetes import KubernetesObject


@check(KubernetesObject)
def no_latest(item, options):
    text = item.node.get("metadata", "name")
    if text.text == "x":
        at = text.value_place().span()
        edit = Edit(item.source.path, at.line, at.column, at.end_line, at.end_column, NEW)
        yield observe(text.place(), name="x", fix=Fix(True, (edit,)))
"""
READ_NO_MORE = "it could not be read any more"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """What a plugin writes in the place of a name."""
    new: str = request.param
    install(tmp_path / "site", checks=CHECKS.replace("NEW", repr(new)), page=PAGE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    return new


@pytest.mark.parametrize(
    ("plugin", "path", "text", "reason"),
    [
        ("y", "a.yaml", HEAD, None),
        ("y", "a.yaml", HEAD + TWICE, None),
        ("y", "a.yaml", WRITTEN_ALIKE, None),
        ("[", "a.yaml", HEAD, READ_NO_MORE),
        ("y, name: z", "a.yaml", HEAD, READ_NO_MORE),
        ("y, name: z", "a.yaml", HEAD + TWICE, READ_NO_MORE),
        ("\ud800", "a.yaml", HEAD, READ_NO_MORE),
        ('"y", "name": "z"', "a.json", HEAD, READ_NO_MORE),
        ('"y"', "a.json", HEAD, None),
    ],
    indirect=["plugin"],
)
def test_what_a_fix_leaves_can_be_read(
    tmp_path: Path, plugin: str, path: str, text: str, reason: str | None
) -> None:
    if path.endswith(".json"):
        text = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}\n'
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / path).write_bytes(text.encode())
    (shop / "b.yaml").write_text(HEAD.replace("x}", "other}"))
    done = archlint("check", ".", "--fix", "--no-cache", "--select", "ACME001", "--format", "json", cwd=shop)
    old = '"x"' if path.endswith(".json") else "x"
    expected = text if reason else text.replace(f"{old}}}", f"{plugin}}}")
    assert (shop / path).read_bytes().decode() == expected
    told = [notice["message"] for notice in done.report["notices"] if notice.get("path") == path]
    assert told == ([f"the file is not fixed: {reason}"] if reason else [])
    assert f"{0 if reason else 1} finding{'s' if reason else ''} fixed" in done.err
    left = [item["path"] for item in done.report["findings"] if item["code"] == "ACME001"]
    assert left == ([path] if reason else [])


@pytest.mark.parametrize("plugin", ["Y"], indirect=True)
def test_a_file_in_another_encoding_is_left_alone(tmp_path: Path, plugin: str) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "a.yaml").write_bytes(HEAD.encode("utf-16"))
    done = archlint("check", ".", "--fix", "--no-cache", "--select", "ACME001", "--format", "json", cwd=shop)
    assert (shop / "a.yaml").read_bytes() == HEAD.encode("utf-16")
    assert [notice["message"] for notice in done.report["notices"]] == [
        "the file is not fixed: it is not UTF-8"
    ]


JOINED = """\
from archlint.checks import join, observe
from archlint.finding import Edit, Fix
from archlint.model.kubernetes import KubernetesObject

FIRST = {"x": "[", "first": "second"}


@join(KubernetesObject)
def no_latest(item, world, options):
    names = {each.name for each in world.all(KubernetesObject)}
    new = FIRST.get(item.name) if "first" in names else {"x": "y"}.get(item.name)
    if new:
        text = item.node.get("metadata", "name")
        at = text.value_place().span()
        edit = Edit(item.source.path, at.line, at.column, at.end_line, at.end_column, new)
        yield observe(text.place(), name=item.name, fix=Fix(True, (edit,)))
"""


def test_a_file_that_is_said_not_to_be_fixed_is_not_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is fixed in another file gives it a fix that would do, in the next round."""
    install(tmp_path / "site", checks=JOINED, page=PAGE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "a.yaml").write_text(HEAD)
    (shop / "b.yaml").write_text(HEAD.replace("x}", "first}"))
    done = archlint("check", ".", "--fix", "--no-cache", "--select", "ACME001", "--format", "json", cwd=shop)
    assert (shop / "b.yaml").read_text() == HEAD.replace("x}", "second}")
    assert [notice["path"] for notice in done.report["notices"]] == ["a.yaml"]
    assert (shop / "a.yaml").read_text() == HEAD
    assert "1 finding fixed" in done.err
