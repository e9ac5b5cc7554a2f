"""What was kept under another configuration is not told: a warm run says what a cold one does."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from tests.support.inside import archlint

POD = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers: [{name: a, image: 'registry.example.com/a:latest', resources: {limits: {cpu: 8, memory: 1Gi}}}]
  initContainers: [{name: b, image: 'registry.example.com/b:1'}]
"""
WORKER = """apiVersion: shop.example/v1
kind: Worker
metadata: {name: w}
spec: {pod: {containers: [{name: a, image: 'a:latest'}]}}
"""
CONTRACT = """openapi: 3.0.3
info: {title: Carts, version: "1"}
paths: {"/a/{a}/b/{b}/c/{c}/d": {get: {responses: {"200": {description: All of them.}}}}}
"""
CONFIGURATIONS = {
    "none": "",
    "an option": "rules: {memory-limit-missing: {init-containers: true}}\n",
    "another option": "rules: {cpu-out-of-range: {max: '4'}}\nselect: [cpu-out-of-range]\n",
    "a rule more": "select: [path-too-deep]\nrules: {path-too-deep: {max: 2}}\n",
    "an option of a rule that looks at files": "select: [path-too-deep]\nrules: {path-too-deep: {max: 1}}\n",
    "a severity": "rules: {image-tag-missing: {severity: info}}\n",
    "a rule less": "ignore: [image-tag-missing]\n",
    "a kind with pods": "pod-spec-paths: {shop.example/Worker: spec.pod}\n",
}


def told(folder: Path, text: str, *flags: str) -> list[dict[str, object]]:
    (folder / "archlint.yaml").write_text(text, "utf-8")
    found: list[dict[str, object]] = archlint("check", ".", "--format", "json", *flags, cwd=folder).report[
        "findings"
    ]
    return found


def test_a_warm_run_under_another_configuration_says_what_a_cold_one_does(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD, "utf-8")
    (tmp_path / "w.yaml").write_text(WORKER, "utf-8")
    (tmp_path / "c.yaml").write_text(CONTRACT, "utf-8")
    cold = {name: told(tmp_path, text, "--no-cache") for name, text in CONFIGURATIONS.items()}
    assert all(cold[one] != cold[other] for one, other in permutations(cold, 2))
    for name in (*CONFIGURATIONS, *reversed(CONFIGURATIONS)):
        assert told(tmp_path, CONFIGURATIONS[name]) == cold[name], name
