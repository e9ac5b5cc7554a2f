"""No text of a repository reaches the runner of a workflow as a command, by any way and in any format."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from archlint.reports import FORMATS
from archlint.reports.commands import disarmed, has_command
from tests.fuzz.faults import ANNOTATION, COMMAND
from tests.fuzz.trial import Outcome, Trial, run
from tests.safety.worlds import DEPLOYMENT, OPENAPI, PROTO
from tests.support.process import archlint, commit_all

ANYWHERE = ("##[error]forged", "##vso[task.x]y", "##teamcity[z]", "###[group]g", "##[add-mask]m")
BREAKS = ("\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r\n \t")
EVIL = " ".join(ANYWHERE) + "".join(f"{sign}  ::error title=x::forged" for sign in BREAKS)
QUOTED = json.dumps(EVIL)

PAGE = f"""\
---
code: TEAM001
name: few-replicas
severity: error
match: {{kind: Deployment}}
assert: "object.spec.replicas >= 2"
place: spec.replicas
messages: {{default: "Too few for {{name}}. ##[error]a ##vso[b]c"}}
---
# Too few replicas ##vso[b]c

##[error]forged
::error::forged
   ::warning::forged
{EVIL}

```yaml bad file=##[x].yaml
##[error]forged
  ::error::forged
```
"""
FILES = {
    "archlint.yaml": "rule-folders: [rules]\n",
    "rules/few.md": PAGE,
    "cart.yaml": DEPLOYMENT.replace("name: cart}", f"name: {QUOTED}}}").replace("app: cart", f"{QUOTED}: x"),
    "line.yaml": DEPLOYMENT + "          env: [{name: A, value: 'http://x:80'}] # ##vso[a]b ##[error]c\n",
    "broken.yaml": "apiVersion: v1\n##[error]x: [\n::error::x\n",
    "twice.yaml": f"apiVersion: v1\nkind: ConfigMap\n{QUOTED}: 1\n{QUOTED}: 2\n",
    "known.yaml": "# archlint: ignore[##vso[a]b] ##[error]c\napiVersion: v1\nkind: ConfigMap\n",
    "api.yaml": OPENAPI.replace("/v1/carts", json.dumps(f"/v1/{EVIL}")).replace("listCarts", QUOTED),
    "a.proto": PROTO.replace("Cart", "Cart##vso[a]b"),
    "b.proto": 'syntax = "proto3";\n::error::x\n##[error]y\nimport "##[error].proto";\n',
    "run.md": "```sh\nkubectl get deployment/##vso[a]b\n```\n[x](##[error]y.md)\n",
    "CODEOWNERS": "/deploy ##[error]@x\n::error::y\n",
    "##[error]x.yaml": DEPLOYMENT,
    "::error::x.yaml": DEPLOYMENT,
    "d/##vso[a]/a.yaml": DEPLOYMENT,
    "a\r::error::b.yaml": DEPLOYMENT,
    "a\u2028::error::b.yaml": DEPLOYMENT,
    "a\x85 ::error::b.yaml": DEPLOYMENT,
}
BASE = {"api.yaml": OPENAPI.replace("listCarts", "x"), "a.proto": PROTO}


def said_by(top: Path, *arguments: str, files: dict[str, str] | None = None) -> Outcome:
    """A run over the hostile repository, of which no line may be a command on either stream."""
    done = run(Trial(FILES if files is None else files, BASE, arguments), top)
    out = ANNOTATION.sub("", done.out) if "github" in arguments else done.out
    for said in (out, done.err):
        assert COMMAND.search(said) is None, said[COMMAND.search(said).start() :][:200]
    return done


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "more", [(), ("--show-suppressed", "--verbose", "--color", "always"), ("--statistics",)]
)
def test_reports(tmp_path: Path, name: str, more: tuple[str, ...]) -> None:
    done = said_by(tmp_path, "check", ".", "--select", "ALL", *more, "--format", name)
    assert done.code in (0, 1, 3), done.err
    assert "forged" in done.out or more == ("--statistics",)


@pytest.mark.parametrize("name", FORMATS)
def test_comparisons(tmp_path: Path, name: str) -> None:
    assert said_by(tmp_path, "breaking", "../base", ".", "--format", name).code in (0, 1)


@pytest.mark.parametrize("name", FORMATS)
def test_reports_in_files(tmp_path: Path, name: str) -> None:
    target = tmp_path.parent / f"{tmp_path.name}.{name}"
    said_by(tmp_path, "check", ".", "--output", f"{name}={target}")
    written = target.read_text("utf-8", "surrogateescape")
    assert COMMAND.search(ANNOTATION.sub("", written) if name == "github" else written) is None


@pytest.mark.parametrize(
    "command",
    [
        ("graph", "."),
        *(("graph", ".", "--format", name) for name in ("mermaid", "dot", "svg", "html")),
        ("config", "."),
        ("config", ".", "--format", "json"),
        ("config", ".", "--schema"),
        ("rules",),
        ("rules", "--format", "json"),
        ("rules", "--format", "markdown"),
        ("explain", "TEAM001"),
        ("explain", "TEAM001", "--color", "always"),
        ("explain", "TEAM001", "--format", "markdown"),
        ("init", ".", "--source", "archlint==0.1.0"),
        ("inventory", "."),
        ("inventory", ".", "--format", "json"),
    ],
)
def test_other_commands(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = said_by(tmp_path, *command)
    assert done.code == 0, done.err
    if "json" in command or "--schema" in command or command == ("graph", "."):
        json.loads(done.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "##[error]x"),
        ("check", ".", "--select", EVIL),
        ("check", ".", f"--format={EVIL}"),
        ("check", ".", f"--{EVIL}"),
        (EVIL,),
        ("check", ".", "--today", EVIL),
        ("check", ".", "--base", EVIL),
        ("check", ".", "--config", EVIL),
        ("check", ".", "--output", EVIL),
        ("check", ".", "--output", "json=##[error]x/y"),
        ("explain", EVIL),
        ("rules", EVIL),
        ("breaking", EVIL, "."),
        ("breaking", f"{EVIL}:x", "."),
        ("init", ".", "--source", EVIL),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = said_by(tmp_path, *arguments)
    assert (done.code, done.out) == (2, ""), done.err


@pytest.mark.parametrize(
    "text",
    [
        f"{QUOTED}: 1\n",
        f"select: [{QUOTED}]\n",
        f"rules: {{{QUOTED}: {{}}}}\n",
        f"rules: {{memory-limit-missing: {{{QUOTED}: 1}}}}\n",
        f"profile: {QUOTED}\n",
        f"suppress: [{{rules: [KUBE], paths: [{QUOTED}], reason: {QUOTED}, until: {QUOTED}}}]\n",
        f"rule-folders: [{QUOTED}]\n",
        f"baseline: {QUOTED}\n",
        "##[error]x: [\n::error::y\n",
    ],
)
def test_configurations(tmp_path: Path, text: str) -> None:
    assert said_by(tmp_path, "check", ".", files={"archlint.yaml": text, "cart.yaml": DEPLOYMENT}).code == 2


def test_a_configuration_with_such_values_is_shown(tmp_path: Path) -> None:
    entry = f"{{rules: [KUBE], paths: [{QUOTED}], reason: {QUOTED}}}"
    files = {"archlint.yaml": f"exclude: [{QUOTED}]\nsuppress: [{entry}]\n"}
    shown = json.loads(said_by(tmp_path, "config", ".", "--format", "json", files=files).out)["settings"]
    assert shown["exclude"]["value"] == [EVIL]
    assert shown["suppress"]["value"][0]["reason"] == " ".join(EVIL.split())
    read = yaml.safe_load(said_by(tmp_path, "config", ".", files=files).out)
    assert read["exclude"] == [EVIL]


def test_what_is_decoded_is_what_was_there(tmp_path: Path) -> None:
    name = "##[error]x.yaml"
    for form in ("json", "gitlab", "sarif", "junit"):
        out = said_by(tmp_path, "check", ".", "--format", form, files={name: DEPLOYMENT}).out
        if form == "junit":
            assert {item.get("name") for item in ElementTree.fromstring(out)} >= {name}
        elif form == "json":
            assert {item["path"] for item in json.loads(out)["findings"]} == {name}
        elif form == "gitlab":
            assert {item["location"]["path"] for item in json.loads(out)} == {name}


FURTHER = "".join(f"      x-more-{number}: a\n" for number in range(12))
OPERATIONS = "".join(
    f"  /a{number}:\n    get:\n      summary: 'Reads it.{remark}'\n{FURTHER}"
    "      responses:\n        '200':\n          description: ok\n"
    for number, remark in enumerate(("", "##[error]x", "\u2028  ::error::y", ""))
)


def test_a_diff_leaves_out_what_would_be_a_command(tmp_path: Path) -> None:
    text = f"openapi: 3.0.3\ninfo: {{title: A, version: 1.0.0}}\npaths:\n{OPERATIONS}"
    rules = ("--select", "operation-id-missing")
    done = said_by(tmp_path, "check", ".", "--diff", "--unsafe-fixes", *rules, files={"a.yaml": text})
    assert done.code in (0, 1)
    assert [line for line in done.out.split("\n") if line.startswith("+ ")] == [
        "+      operationId: getA0",
        "+      operationId: getA3",
    ]
    assert "a.yaml: 2 changes are left out of the diff" in done.err


def test_each_hunk_stands_for_itself() -> None:
    from archlint.reports.differences import unified

    old = [f"line {number}" for number in range(60)]
    new = list(old)
    for number in (5, 30, 50):
        new[number] = f"changed {number}\nand one more"
    old[31] = new[31] = "x ##vso[a]b"
    diff = unified("a.yaml", "\n".join(old), "\n".join(new))
    assert diff.left_out == 1
    assert [line.split(" @@")[0] for line in diff.text.split("\n") if line.startswith("@@")] == [
        "@@ -3,7 +3,8",
        "@@ -48,7 +49,8",
    ]
    assert unified("##[x].yaml", "a", "b").text == ""
    assert unified("a", "a", "b\r  ::x").left_out == 1
    assert unified("a", "a", "b ::x").left_out == 0


@given(st.text(st.sampled_from('#[]:ab \n\r\t\x0b\x85\u2028\u00a0\ufeff{}"&;'), max_size=60))
def test_nothing_is_left_of_a_command(text: str) -> None:
    assert not has_command(disarmed(text, "text"))
    assert COMMAND.search(disarmed(text, "text")) is None
    assert has_command(text) == (COMMAND.search(text.replace("\ufeff", " ")) is not None)
    encoded = json.dumps({"a": text, text: ["b"]})
    assert COMMAND.search(disarmed(encoded, "json")) is None
    assert json.loads(disarmed(encoded, "json")) == json.loads(encoded)


@given(st.text(st.sampled_from("#[]:ab \n\t\u00a0&<"), max_size=60))
def test_xml_means_the_same(text: str) -> None:
    element = ElementTree.Element("a", {"b": text})
    element.text = f"\n{text}"
    encoded = ElementTree.tostring(element, "unicode")
    safe = disarmed(encoded, "junit")
    assert COMMAND.search(safe) is None
    read, was = ElementTree.fromstring(safe), ElementTree.fromstring(encoded)
    assert (read.text, read.attrib) == (was.text, was.attrib)


def test_colours_hide_no_command() -> None:
    assert disarmed("\x1b[1;4m::error::x\x1b[0m", "text") == "\x1b[1;4m:\\x3aerror::x\x1b[0m"


def test_the_program_itself(tmp_path: Path) -> None:
    """As a process, with names that only a file system can hold."""
    world = tmp_path / "world"
    world.mkdir()
    for name in (b"##[error]\xff.yaml", b"::error::\xfe.yaml", b"a\n::error::b.yaml"):
        (world / os.fsdecode(name)).write_text(DEPLOYMENT)
    commit_all(world)
    for form in ("text", "json"):
        done = archlint("check", ".", "--verbose", "--format", form, cwd=world)
        assert done.code == 1
        assert COMMAND.search(done.out) is None
        assert COMMAND.search(done.err) is None
    assert COMMAND.search(archlint("check", "::error::x", cwd=world, ARCHLINT_TRACEBACK="1").err) is None


def test_all_output_passes_one_place() -> None:
    """No other module writes to the streams."""
    source = Path(__file__).parents[2] / "src" / "archlint"
    wrote = re.compile(r"(?<![\w.{])print\(|click\.s?echo|sys\.std(out|err)\.write|print_exc|\.show\(\)")
    workers = {
        "adapters/cel_worker.py",
        "adapters/validation_worker.py",
        "adapters/admission/worker.py",
        "adapters/admission/resource_worker.py",
    }
    allowed = {"cli/output.py", "__main__.py", *workers}
    for module in source.rglob("*.py"):
        if module.relative_to(source).as_posix() not in allowed:
            assert wrote.search(module.read_text("utf-8")) is None, module
