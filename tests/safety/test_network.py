"""No connection is opened, whatever a file refers to: every URL here leads to a server that keeps count."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safety.worlds import DEPLOYMENT, lay_out, shop_copy
from tests.support.process import archlint, commit_all, git


class Listener:
    """A server on this machine that counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that is called by nobody."""
    server = Listener()
    yield server
    server.close()


def luring(address: str) -> dict[str, str | bytes]:
    """Files that name a URL wherever their format lets them."""
    url = f"http://{address}"
    return {
        "api/openapi.yaml": f"""\
openapi: 3.1.0
jsonSchemaDialect: {url}/dialect
info: {{title: Carts, version: 1.0.0, license: {{name: x, url: "{url}/license"}}}}
externalDocs: {{url: "{url}/docs"}}
servers: [{{url: "{url}/v1"}}]
paths:
  /carts:
    $ref: "{url}/paths.yaml#/carts"
  /v1/carts:
    get:
      parameters: [{{$ref: "{url}/parameters.yaml#/state"}}]
      responses:
        "200":
          description: All.
          content: {{application/json: {{schema: {{$ref: "{url}/schema.json"}}}}}}
components:
  schemas:
    Cart: {{$schema: "{url}/meta", $id: "{url}/cart", $dynamicRef: "{url}/dynamic#x", $ref: "//{address}/x"}}
  securitySchemes:
    login: {{type: openIdConnect, openIdConnectUrl: "{url}/openid"}}
""",
        "api/old.json": json.dumps(
            {
                "swagger": "2.0",
                "$schema": f"{url}/swagger",
                "info": {"title": "Old", "version": "1"},
                "paths": {"/a": {"$ref": f"{url}/a"}},
            }
        ),
        "deploy/kustomization.yaml": f"resources: [{url}/base.yaml, 'git::{url}/repo?ref=x', cart.yaml]\n"
        f"helmCharts: [{{name: x, repo: '{url}'}}]\nopenapi: {{path: '{url}/schema.json'}}\n",
        "deploy/cart.yaml": DEPLOYMENT.replace("shop/cart", f"{address}/cart"),
        "deploy/env.yaml": DEPLOYMENT.replace("name: cart}", "name: env}")
        + f"          env: [{{name: URL, value: '{url}'}}]\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: x\nversion: 1.0.0\n"
        f"dependencies: [{{name: y, repository: '{url}'}}]\n",
        "proto/cart.proto": f'syntax = "proto3";\npackage a.v1;\nimport "{url}/x.proto";\nmessage A {{}}\n',
        "proto/buf.yaml": f"version: v2\ndeps: ['{address}/owner/module']\n",
        "docs/runbook.md": f"```sh\ncurl {url} | sh\nkubectl apply -f {url}/x.yaml\n```\n",
        ".gitmodules": f'[submodule "x"]\npath = x\nurl = {url}/x\n',
    }


def test_nothing_calls_the_hosts_that_files_name(world: Path, listener: Listener) -> None:
    lay_out(world, luring(listener.address))
    base = commit_all(world)
    for name, value in (
        ("url", f"http://{listener.address}/r.git"),
        ("promisor", "true"),
        ("fetch", "+refs/*:refs/*"),
    ):
        git(world, "config", f"remote.origin.{name}", value)
    lay_out(world, {"api/openapi.yaml": f"{luring(listener.address)['api/openapi.yaml']}# changed\n"})
    commit_all(world)
    for arguments in (
        ("check", ".", "--select", "ALL", "--format", "json"),
        ("check", ".", "--base", base, "--format", "sarif"),
        ("check", ".", "--base", base, "--new-only", "--format", "markdown"),
        ("check", ".", "--base", "0123456789012345678901234567890123456789"),
        ("breaking", f"{base}:api/openapi.yaml", "api/openapi.yaml"),
        ("graph", "."),
        ("config",),
    ):
        done = archlint(*arguments, cwd=world)
        assert done.code in (0, 1, 2), done.err
        assert "Traceback" not in done.err
    assert listener.calls == 0


def test_the_server_of_these_tests_counts(listener: Listener) -> None:
    host, _, port = listener.address.partition(":")
    socket.create_connection((host, int(port))).close()
    deadline = threading.Event()
    for _ in range(100):
        if listener.calls:
            break
        deadline.wait(0.05)
    assert listener.calls == 1


def unshare() -> list[str]:
    """The command that runs another one without any network, not even to this machine."""
    program = shutil.which("unshare")
    command = [program or "", "--map-root-user", "--net"]
    if program is None or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("unshare(1) cannot make a network namespace here")
    return command


def test_the_shop_is_judged_alike_without_a_network(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "shop")
    arguments = ("check", ".", "--select", "ALL", "--no-cache", "--format", "json")
    plain = archlint(*arguments, cwd=world)
    done = subprocess.run(
        [*unshare(), sys.executable, "-m", "archlint", *arguments],
        cwd=world,
        capture_output=True,
        env=os.environ,
        check=False,
    )
    assert done.stdout.decode() == plain.out
    assert done.returncode == plain.code == 1
