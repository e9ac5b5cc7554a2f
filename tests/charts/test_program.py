"""Charts rendered by a program that somebody names: what the library gives, and nothing of who runs it."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from archlint.adapters.helm_program import HelmProblem, HelmProgram, found
from archlint.documents.charts.rendering import ChartTerms, Failure, Release, Rendering
from archlint.documents.kustomize.built import BuiltDocument
from archlint.finding import Token
from archlint.model.kubernetes.building.rendered import Renderings
from archlint.model.kubernetes.building.renderings import renderings
from tests.charts.examples import CHART_IN_CHART
from tests.charts.test_hostile import chart
from tests.charts.test_places import HELPERS, TEMPLATE, VALUES
from tests.charts.worlds import CHART, world_of
from tests.support.inside import archlint
from tests.support.programs import helm

SHOP = Release("shop", (), "store", "live")
CART = {
    "cart/Chart.yaml": CHART + "dependencies:\n- {name: gone, version: 1.x.x}\nkubeVersion: '>=1.25.0-0'\n",
    "cart/values.yaml": VALUES,
    "cart/templates/_helpers.tpl": HELPERS,
    "cart/templates/cart.yaml": TEMPLATE,
    "cart/templates/bad.yaml": "a: [\n",
    "cart/templates/worse.yaml": "a: 1\nb: {{ .Values.level.b.c }}\n",
}


@pytest.mark.parametrize(("files", "releases"), [(CHART_IN_CHART, (SHOP,)), (CART, ())])
def test_program_and_library_give_the_same(
    tmp_path: Path, files: dict[str, str], releases: tuple[Release, ...]
) -> None:
    path = found(helm())
    world = world_of(tmp_path, files, *releases, version="1.31")
    ours = _told(world.fact(renderings))
    again = world_of(tmp_path, files, *releases, version="1.31")
    program = HelmProgram(path)
    again.charts = ChartTerms(program, "1.31", releases)
    theirs = _told(again.fact(renderings))
    assert ours == theirs
    assert len(ours[0]) >= 1


def _told(made: Renderings) -> tuple[list[tuple[str, str, list[str]]], ...]:
    objects = [(item.path, json.dumps(item.data, sort_keys=True), _places(item)) for item in made.documents]
    faults = [(item.place.source.path, str(item.place.span().line), [item.message]) for item in made.faults]
    return sorted(objects), sorted(faults), sorted((item.path, item.reason, []) for item in made.unread)


def _places(document: BuiltDocument) -> list[str]:
    found: list[str] = []
    waiting = [document.root]
    while waiting:
        node = waiting.pop()
        place = document.place(node.route, Token.ANCHOR)
        found.append(f"{node.route} {place.source.path}:{place.span().line}:{place.span().column}")
        waiting += [item for _, item in node.items()] + list(node.elements())
    return sorted(found)


def test_a_template_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    template = "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"
    monkeypatch.setattr("archlint.adapters.helm.SECONDS", 0.5)
    program = HelmProgram(found(helm()))
    files = {name.removeprefix("cart/"): text.encode() for name, text in chart(bad=template).items()}
    made = program.render(files, Rendering("a", "b"))
    assert isinstance(made, Failure) and made.kind == "limit"
    assert re.search("memory|seconds", made.message)


FAKE = """\
import json, os, sys
if sys.argv[1] == "version":
    sys.exit(print("v9.9"))
print("---\\n# Source: cart/templates/a.yaml\\n" + json.dumps({
    "kind": "Seen", "apiVersion": "v1", "metadata": {"name": "x"},
    "env": dict(os.environ), "args": sys.argv[1:], "here": sorted(os.listdir("."))}))
"""


def _fake(folder: Path) -> str:
    program = folder / "helm"
    program.write_text(f"#!{sys.executable} -IS\n{FAKE}", "utf-8")
    program.chmod(0o755)
    return str(program)


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_it_sees_nothing_of_who_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HELM_PLUGINS", "HELM_CONFIG_HOME", "HELM_NAMESPACE", "KUBECONFIG", "HTTPS_PROXY", "TOKEN"):
        monkeypatch.setenv(name, "/secret")
    program = HelmProgram(found(_fake(tmp_path)))
    made = program.render({"Chart.yaml": CHART.encode()}, Rendering("a", "b", ("x: 1",)))
    assert isinstance(made, dict)
    seen = json.loads(made["templates/a.yaml"])
    assert "/secret" not in seen["env"].values()
    assert seen["env"]["HOME"] != os.environ.get("HOME")
    assert seen["args"][:4] == ["template", "a", "chart.tgz", "--namespace=b"]
    assert seen["here"] == ["chart.tgz", "err", "out", "values-0.yaml", "values-1.yaml"]
    assert program.version == "program v9.9"


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_flag_and_environment_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = _fake(tmp_path)
    folder = tmp_path / "shop"
    for path, text in chart().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    (folder / "helm").write_text("#!/bin/sh\nexit 1\n")
    (folder / "helm").chmod(0o755)
    (folder / "archlint.yaml").write_text(f"helm: [{{chart: cart, program: {named}}}]\n")
    assert archlint("check", cwd=folder).code == 2
    (folder / "archlint.yaml").unlink()

    def told(*flags: str) -> tuple[int, int]:
        done = archlint("check", "--ignore=ALL", "--select=KUBE741", "--format=json", *flags, cwd=folder)
        return done.code, json.loads(done.out)["summary"]["warning"] if done.code < 2 else 0

    assert told(f"--helm={named}") == told(f"--helm={named}", "cart") == (0, 0)
    gone = archlint("check", "--helm=nowhere/helm", cwd=folder)
    assert gone.code == 2 and "name it with --helm=PATH" in gone.err
    monkeypatch.setenv("PATH", f".{os.pathsep}{tmp_path}")
    assert archlint("check", "--helm", "cart", cwd=folder).code == 0
    monkeypatch.setenv("ARCHLINT_HELM", "nowhere/helm")
    assert archlint("inventory", cwd=folder).code == 2
    monkeypatch.setenv("ARCHLINT_HELM", "")
    assert archlint("inventory", cwd=folder).code == 0


def test_a_name_is_looked_up_where_the_repository_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(HelmProblem, match="no program 'helm'"):
        found("helm")
