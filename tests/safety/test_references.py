"""References out of the repository, to nothing, in circles: what lies outside never shows, and runs end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.safety.worlds import DEPLOYMENT, PROTO, lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

SECRET = "topsecretvalue"
TARGETS = [
    "../secret.yaml",
    "../secret.yaml#/type",
    "{outside}/secret.yaml",
    "file://{outside}/secret.yaml",
    "file:../secret.yaml",
    "%2e%2e/secret.yaml",
    "..%2fsecret.yaml",
    "..\\secret.yaml",
    "a/../../secret.yaml",
    "link.yaml",
    "folder/secret.yaml",
    "./link.yaml#/properties/x",
    "/etc/passwd",
    "/dev/zero",
    "pipe.yaml",
    "folder",
    ".",
    "",
    ".git/config",
    ".GIT/config",
    "huge.yaml",
    "\\0",
]


@pytest.fixture
def outside(world: Path) -> Path:
    """A repository beside a secret, with links to it; returns the folder of the secret."""
    folder = world.parent
    lay_out(folder, {"secret.yaml": f"type: {SECRET}\nproperties: {{x: {{enum: [{SECRET}]}}}}\n"})
    lay_out(folder, {"secret.proto": f'syntax = "proto3";\npackage {SECRET};\nmessage {SECRET} {{}}\n'})
    lay_out(world, {"cart.yaml": DEPLOYMENT})
    commit_all(world)
    (world / "link.yaml").symlink_to(folder / "secret.yaml")
    (world / "link.proto").symlink_to(folder / "secret.proto")
    (world / "folder").symlink_to(folder)
    os.mkfifo(world / "pipe.yaml")
    with (world / "huge.yaml").open("wb") as file:
        file.truncate(80 * 2**20)
    return folder


def document(reference: str) -> str:
    """An OpenAPI document that uses a reference wherever one may stand."""
    quoted = '{"$ref": "' + reference + '"}'
    return f"""\
openapi: 3.0.3
info: {{title: Carts, version: 1.0.0}}
paths:
  /v1/items: {quoted}
  /v1/carts:
    get:
      parameters: [{quoted}]
      requestBody: {quoted}
      responses:
        "200": {quoted}
        "201": {{description: ok, content: {{application/json: {{schema: {quoted}}}}}}}
components:
  schemas: {{A: {quoted}, B: {{allOf: [{quoted}]}}}}
  examples: {{E: {{externalValue: "{reference}"}}}}
"""


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_from_outside_shows(world: Path, outside: Path, target: str) -> None:
    lay_out(world, {"api.yaml": document(target.format(outside=outside))})
    lay_out(world, {"old.yaml": document("#/components/schemas/B")})
    for arguments in (
        ("check", ".", "--select", "ALL", "--format", "json"),
        ("check", "api.yaml", "--select", "ALL"),
        ("breaking", "old.yaml", "api.yaml"),
        ("breaking", "api.yaml", "old.yaml", "--format", "markdown"),
    ):
        done = archlint(*arguments, cwd=world, timeout=30)
        assert done.code in (0, 1), (arguments, done.err)
        assert SECRET not in done.out + done.err
        assert "root:x:0" not in done.out + done.err


def test_other_formats_lead_nowhere_either(world: Path, outside: Path) -> None:
    lay_out(
        world,
        {
            "k/kustomization.yaml": "resources: [../../secret.yaml, ../folder, ../link.yaml, cart.yaml]\n"
            "patches: [{path: ../../secret.yaml, target: {kind: Deployment}}]\n"
            "configMapGenerator: [{name: x, files: [../../secret.yaml]}]\ncomponents: [../..]\nbases: [/]\n",
            "k/cart.yaml": DEPLOYMENT,
            "p/buf.yaml": "version: v2\nmodules: [{path: ../..}, {path: /}, {path: ../folder}]\n",
            "p/buf.work.yaml": "version: v1\ndirectories: [../.., /, ../folder]\n",
            "p/cart.proto": PROTO
            + 'import "../../secret.proto";\nimport "secret.proto";\nimport "/etc/passwd";\n'
            'import "../link.proto";\nimport "folder/secret.proto";\n',
            "chart/Chart.yaml": "apiVersion: v2\nname: x\nversion: 1.0.0\n"
            "dependencies: [{name: y, repository: 'file://../..'}]\n",
            "chart/templates/x.yaml": '{{ .Files.Get "../../secret.yaml" }}\n',
            "docs/runbook.md": "[x](../../secret.yaml)\n```sh\n"
            "kubectl get deployment/cart -f ../../secret.yaml\n```\n",
            "CODEOWNERS": "/../ @team\n* @team\n",
        },
    )
    for arguments in (("check", ".", "--select", "ALL"), ("check", "k", "p", "folder/world"), ("graph", ".")):
        done = archlint(*arguments, cwd=world, timeout=30)
        assert done.code in (0, 1, 2), (arguments, done.err)
        assert "Traceback" not in done.err
        assert SECRET not in done.out + done.err


PAIR = "[{{$ref: '#/components/schemas/S{0}'}}, {{$ref: '#/components/schemas/S{0}'}}]"
DOUBLING = ", ".join(f"S{n}: {{allOf: {PAIR.format(n + 1)}}}" for n in range(60)) + ", S60: {type: object}"
CIRCLES = {
    "itself": {"api.yaml": document("#/components/schemas/A")},
    "two": {"api.yaml": document("other.yaml"), "other.yaml": '$ref: "api.yaml#/components/schemas/A"\n'},
    "whole": {"api.yaml": document("api.yaml")},
    "through itself": {"api.yaml": document("#/components/schemas/A/properties/x/properties/x")},
    "up": {"api.yaml": document("#/components")},
    "recursive": {
        "api.yaml": document("#/components/schemas/Node").replace(
            "  schemas: {", "  schemas: {Node: {properties: {next: {$ref: '#/components/schemas/Node'}}}, "
        )
    },
    "long chain": {
        "api.yaml": document("#/components/schemas/S0") + "  x-more: 1\n",
        **{f"s{n}.yaml": f"$ref: s{n + 1}.yaml\n" for n in range(300)},
        "long.yaml": document("s0.yaml"),
    },
    "doubling": {
        "api.yaml": document("#/components/schemas/S0").replace("schemas: {", f"schemas: {{{DOUBLING}, ")
    },
}


@pytest.mark.parametrize("name", CIRCLES)
def test_circles_and_long_ways_end(world: Path, name: str) -> None:
    lay_out(world, {**CIRCLES[name], "before/api.yaml": document("#/components/examples/E")})
    for arguments in (
        ("check", ".", "--select", "ALL", "--format", "json"),
        ("breaking", "before/api.yaml", "api.yaml", "--format", "json"),
        ("breaking", "api.yaml", "before/api.yaml", "--format", "json"),
    ):
        done = archlint(*arguments, cwd=world, timeout=30)
        assert done.code in (0, 1), (arguments, done.err)
        assert done.report["notices"] == []
