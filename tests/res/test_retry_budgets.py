"""Retries fit into their timeout or are told, and no shape of a route makes a rule fail."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.net.worlds import findings_of, world_of


def told(*objects: dict[str, Any]) -> list[str]:
    """The rules that speak of some objects of one file."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    with tempfile.TemporaryDirectory() as folder:
        return [item.rule for item in findings_of(world_of(Path(folder), {"routes.json": text}), "RES")]


def route(kind: str, group: str, spec: object, notes: object = None) -> dict[str, Any]:
    """An object with a spec."""
    metadata = {"name": "orders", "namespace": "shop", "annotations": notes}
    return {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "spec": spec}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(1, 5000), st.integers(1, 20000))
def test_retries_are_told_exactly_where_they_take_longer_than_the_whole(
    attempts: int, each: int, whole: int
) -> None:
    retries = {"attempts": attempts, "perTryTimeout": f"{each}ms"}
    rule = {"route": [], "timeout": f"{whole}ms", "retries": retries}
    found = told(route("VirtualService", "networking.istio.io", {"hosts": ["orders"], "http": [rule]}))
    assert ("retries-outlast-timeout" in found) == (attempts * each > whole)


_VALUES = st.sampled_from([None, 0, -1, True, "", "9s", "x" * 99, [], [None], {}, {"value": "a"}, 1e300])
_KEYS = (
    *(
        "http",
        "rules",
        "routes",
        "retries",
        "retry",
        "timeout",
        "timeouts",
        "fault",
        "match",
        "delay",
        "abort",
    ),
    *("percentage", "trafficPolicy", "outlierDetection", "subsets", "loadBalancer", "localityLbSetting"),
    *("template", "spec", "containers", "livenessProbe", "startupProbe", "failureThreshold", "lifecycle"),
    *("preStop", "exec", "sleep", "progressDeadlineSeconds", "terminationGracePeriodSeconds", "patch"),
    *("name", "typed_config", "retryPolicy", "maxAttempts", "retryableStatusCodes", "hedgingPolicy"),
    *("failover", "portLevelSettings", "rateLimit", "configPatches", "token_bucket", "perTryTimeout", "host"),
)
_KINDS = (
    ("VirtualService", "networking.istio.io"),
    ("DestinationRule", "networking.istio.io"),
    ("EnvoyFilter", "networking.istio.io"),
    ("HTTPRoute", "gateway.networking.k8s.io"),
    ("HTTPProxy", "projectcontour.io"),
    ("BackendTrafficPolicy", "gateway.envoyproxy.io"),
    ("Middleware", "traefik.io"),
    ("Ingress", "networking.k8s.io"),
    ("Deployment", "apps"),
    ("MeshFaultInjection", "kuma.io"),
)
_TREES = st.recursive(
    _VALUES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(_KINDS), _TREES, _VALUES)
def test_no_shape_makes_a_rule_fail(kind: tuple[str, str], spec: object, notes: object) -> None:
    told(route(*kind, spec, notes))


@settings(max_examples=25, deadline=None)
@given(_TREES, _TREES)
def test_no_shape_of_a_service_config_makes_a_rule_fail(part: object, throttling: object) -> None:
    config = json.dumps({"methodConfig": [part, {"name": [part, {}]}], "retryThrottling": throttling})
    told({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a.json": config}})
