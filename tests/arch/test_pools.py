"""The sum of all pools is held against the server that they are for, and no other."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.services.pools import ExceededServer
from tests.net.worlds import world_of

_SERVER = dedent("""\
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: db}}
    spec:
      template:
        metadata: {{labels: {{app: db}}}}
        spec:
          containers: [{{name: db, image: "{image}", args: [{argument}]}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {{name: db}}
    spec: {{selector: {{app: db}}, ports: [{{port: 5432}}]}}
    """)
_CLIENT = dedent("""\
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {{name: {name}}}
    spec:
      replicas: {replicas}
      template:
        spec:
          containers:
            - name: main
              image: shop/{name}:1.0.0
              env:
                - {{name: DATABASE_URL, value: "postgres://{name}@{host}:5432/{name}"}}
                - {{name: DB_POOL_SIZE, value: "{size}"}}
    """)


def _exceeded(folder: Path, text: str) -> list[ExceededServer]:
    return list(ExceededServer.all(world_of(folder, {"shop.yaml": text})))


def _server(limit: int) -> str:
    return _SERVER.format(image="postgres:17", argument=f"-c, max_connections={limit}")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 40)), min_size=1, max_size=4), st.integers(20, 400)
)
def test_it_is_told_if_and_only_if_the_sum_is_larger(
    tmp_path_factory: pytest.TempPathFactory, clients: list[tuple[int, int]], limit: int
) -> None:
    text = _server(limit) + "".join(
        _CLIENT.format(name=f"client{index}", replicas=replicas, size=size, host="db")
        for index, (replicas, size) in enumerate(clients)
    )
    total = sum(replicas * size for replicas, size in clients)
    found = _exceeded(tmp_path_factory.mktemp("pools"), text)
    assert [sum(pool.total for pool in item.pools) for item in found] == ([total] if total > limit else [])


def test_pools_of_another_server_do_not_count(tmp_path: Path) -> None:
    other = _CLIENT.format(name="stock", replicas=9, size=40, host="elsewhere.example.com")
    assert _exceeded(tmp_path, _server(50) + other) == []


def test_a_limit_that_is_not_known_is_never_exceeded(tmp_path: Path) -> None:
    server = _SERVER.format(image="registry.example.com/own/postgres:17", argument="-c, shared_buffers=1GB")
    assert _exceeded(tmp_path, server + _CLIENT.format(name="a", replicas=9, size=99, host="db")) == []


def test_definitions_for_several_environments_are_not_added_up(tmp_path: Path) -> None:
    one = _server(100) + _CLIENT.format(name="orders", replicas=2, size=40, host="db")
    world = world_of(tmp_path, {"staging/shop.yaml": one, "production/shop.yaml": one})
    assert list(ExceededServer.all(world)) == []
