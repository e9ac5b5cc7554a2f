"""Names and texts of the repository cannot steer a terminal, forge a line or a command, or break a format."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.safety.worlds import OPENAPI, lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

EVIL = (
    "\\e[31m\\e]0;owned\\a\\u009b2J\\r\\n::error::forged\\u202e\\u2028"
    "</td><script>alert(1)</script>|[x](javascript:x)"
)
MANIFEST = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: "cart{EVIL}", namespace: "shop{EVIL}", labels: {{"app{EVIL}": "x"}}}}
spec:
  template:
    spec:
      containers:
        - name: "main{EVIL}"
          image: "cart:latest{EVIL}"
          resources: {{limits: {{memory: "1{EVIL}"}}}}
          env: [{{name: A, value: "http://nowhere:80/{EVIL}"}}]
"""
NAMES = [
    b"a\x1b[2J\x1b]0;x\x07.yaml",
    b"b\r\n::error::forged.yaml",
    b"c\n\ninvented  9 errors.yaml",
    b"::error::forged.yaml",
    b"::stop-commands::x.yaml",
    b"e\xff\xfe\x80.yaml",
    "f\u202e\u2066\u200b.yaml".encode(),
    b"<img src=x onerror=y>.yaml",
    b"|`x`|[l](y).yaml",
    b"-rf.yaml",
    b"--config=x.yaml",
    b" .yaml",
    b"%0A%0D,x=y.yaml",
    b"]]>.yaml",
    b'"q".yaml',
]
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in which every name and text is hostile."""
    world = tmp_path_factory.mktemp("evil") / "world"
    lay_out(
        world,
        {
            "api.yaml": OPENAPI.replace("/v1/carts", f'"/v1/{EVIL}"').replace("listCarts", f'"{EVIL}"'),
            "twice.yaml": f'apiVersion: v1\nkind: ConfigMap\n"{EVIL}": 1\n"{EVIL}": 2\n',
            "raw.yaml": b"apiVersion: v1\nkind: \x1b[31mConfigMap\n",
            "ignored.yaml": b"# archlint: ignore[\x1b[31mNO] \x1b[2J\napiVersion: v1\nkind: ConfigMap\n",
            "run.md": "```sh\nkubectl get deployment/nowhere\x1b[31m\n```\n",
        },
    )
    for number, name in enumerate(NAMES):
        text = MANIFEST.replace('name: "cart', f'name: "cart{number}')
        (world / os.fsdecode(name)).write_bytes(text.encode())
    commit_all(world)
    return world


def all_output(world: Path, *arguments: str) -> str:
    """Both streams of a run that must succeed."""
    done = archlint(*arguments, cwd=world)
    assert done.code in (0, 1), done.err
    return done.out + done.err


@pytest.mark.parametrize(
    "format_name", ["text", "concise", "json", "sarif", "github", "junit", "gitlab", "markdown"]
)
def test_no_control_character_comes_through(evil: Path, format_name: str) -> None:
    said = all_output(evil, "check", ".", "--select", "ALL", "--format", format_name)
    assert CONTROL.search(said) is None


@pytest.mark.parametrize("format_name", ["text", "concise", "json", "sarif", "junit", "gitlab", "markdown"])
def test_no_line_is_a_command_for_the_runner_of_a_workflow(evil: Path, format_name: str) -> None:
    said = all_output(evil, "check", ".", "--select", "ALL", "--format", format_name)
    assert not [line for line in said.splitlines() if line.strip().startswith("::")]


def test_each_command_for_the_runner_is_an_annotation(evil: Path) -> None:
    for line in all_output(evil, "check", ".", "--select", "ALL", "--format", "github").splitlines():
        assert not line.startswith("::") or re.match(
            r"::(error|warning|notice) (file|title)=[^:]*::", line
        ), line


def test_every_format_can_be_read(evil: Path) -> None:
    """And tells each file by the name that it has, as far as the format can hold it."""
    found = json.loads(archlint("check", ".", "--format", "json", cwd=evil).out)["findings"]
    paths = {
        os.fsencode(item["path"].encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass"))
        for item in found
    }
    assert {name for name in NAMES if b"\xff" not in name} <= paths
    json.loads(archlint("check", ".", "--format", "sarif", cwd=evil).out)
    json.loads(archlint("check", ".", "--format", "gitlab", cwd=evil).out)
    ElementTree.fromstring(archlint("check", ".", "--format", "junit", cwd=evil).out)


def test_markdown_holds_no_markup_of_others(evil: Path) -> None:
    said = all_output(evil, "check", ".", "--select", "ALL", "--format", "markdown")
    outside_of_code = re.sub(r"`[^`\n]*`", "", said)
    assert "<script" not in said
    assert "<img" not in outside_of_code
    assert re.search(r"(?<!\\)\]\((?:javascript|y\))", outside_of_code) is None


@pytest.mark.parametrize("format_name", ["json", "mermaid", "dot", "svg", "html"])
def test_the_graph_is_harmless(evil: Path, format_name: str) -> None:
    said = all_output(evil, "graph", ".", "--format", format_name)
    assert CONTROL.search(said) is None
    own = 3 if format_name == "html" else 0
    assert said.count("<script") == own or format_name == "json"


@pytest.mark.parametrize(
    "text",
    [
        '"pro\\e[31mfile\\n::error::x": 1\n',
        'select: ["x\\e[31m\\n::error::forged"]\n',
        'rules: {"\\e[2J\\n::error::x": {}}\n',
        'profile: "\\e[2J\\r\\n::error::x"\n',
        "x: [\x1b[31m\n",
    ],
)
def test_errors_of_configuration_are_harmless(world: Path, text: str) -> None:
    lay_out(world, {"archlint.yaml": text})
    done = archlint("check", ".", cwd=world)
    assert done.code == 2
    assert CONTROL.search(done.err) is None
    assert not [line for line in done.err.splitlines() if line.startswith("::")]


def test_names_that_look_like_flags_are_files(evil: Path) -> None:
    for arguments in (("--", "-rf.yaml"), ("./--config=x.yaml",), ("--", "--config=x.yaml")):
        done = archlint("check", "--format", "json", *arguments, cwd=evil)
        assert done.code in (0, 1), done.err
        assert {item["path"] for item in done.report["findings"]} == {Path(arguments[-1]).name}


def test_a_base_with_such_names_is_compared(evil: Path) -> None:
    said = all_output(evil, "check", ".", "--base", "HEAD", "--new-only", "--format", "json")
    assert json.loads(said)["findings"] == []
