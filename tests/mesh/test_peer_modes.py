"""The mode of mutual TLS of a port: held against the order in which the reference puts objects."""

from __future__ import annotations

import json
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.istio.membership import Plane, membership
from archlint.model.istio.peer_modes import Demand, Level, PeerMode, outcomes
from archlint.model.kubernetes import Workload
from tests.net.worlds import deployment, found_by, world_of
from tests.support.sampling import usually

_MODES = st.sampled_from([*PeerMode, None])
_DEMANDS = st.builds(
    Demand, st.sampled_from(Level), _MODES, st.dictionaries(st.sampled_from([80, 81]), _MODES), st.booleans()
)


def _oldest(there: list[Demand], level: Level) -> Demand | None:
    return next((demand for demand in there if demand.level is level), None)


def _mode(there: list[Demand], port: int) -> PeerMode:
    """What Istio makes of objects that are there, the oldest first."""
    mode = PeerMode.PERMISSIVE
    for level in (Level.MESH, Level.NAMESPACE, Level.PODS):
        oldest = _oldest(there, level)
        if oldest is not None:
            mode = oldest.mode or mode
            if level is Level.PODS:
                mode = oldest.ports.get(port) or mode
    return mode


@settings(max_examples=usually(60, 3000), deadline=None)
@given(st.lists(_DEMANDS, max_size=4), st.sampled_from([80, 81, 82]))
def test_each_mode_that_a_port_may_have_is_found_and_no_other(demands: list[Demand], port: int) -> None:
    """Objects that are perhaps about a pod may be there or not, and any may be the oldest."""
    choices = product(*((True,) if demand.is_sure else (True, False) for demand in demands))
    expected = {
        _mode(list(order), port)
        for chosen in choices
        for order in permutations(
            demand for demand, is_there in zip(demands, chosen, strict=True) if is_there
        )
    }
    assert {found.mode for found in outcomes(demands, port)} == expected


def _space(**labels: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}


_OTHER = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "other", "labels": {"istio-injection": "enabled"}},
}


@pytest.mark.parametrize(
    ("labels", "pod", "plane"),
    [
        ({"istio-injection": "enabled"}, {}, Plane.SIDECAR),
        ({"istio.io/rev": "stable"}, {}, Plane.SIDECAR),
        ({"istio-injection": "enabled"}, {"sidecar.istio.io/inject": "false"}, Plane.NONE),
        ({"istio-injection": "disabled"}, {"sidecar.istio.io/inject": "true"}, Plane.NONE),
        ({"istio-injection": "disabled", "istio.io/rev": "stable"}, {}, Plane.NONE),
        ({}, {"sidecar.istio.io/inject": "true"}, Plane.SIDECAR),
        ({}, {"istio.io/rev": "stable"}, None),
        ({}, {}, Plane.NONE),
        ({"istio.io/dataplane-mode": "ambient"}, {}, Plane.AMBIENT),
        ({"istio.io/dataplane-mode": "ambient"}, {"istio.io/dataplane-mode": "none"}, Plane.NONE),
        ({"istio.io/dataplane-mode": "ambient"}, {"sidecar.istio.io/inject": "false"}, Plane.AMBIENT),
        ({"istio.io/dataplane-mode": "ambient", "istio.io/rev": "stable"}, {}, None),
    ],
)
def test_what_takes_the_calls_of_a_pod(tmp_path, labels, pod, plane) -> None:
    workload = deployment("cart", "shop")
    workload["spec"]["template"]["metadata"]["labels"].update(pod)
    assert _plane(tmp_path, _space(**labels), _OTHER, workload) is plane


def test_nothing_is_known_of_namespaces_that_no_file_defines_or_labels(tmp_path) -> None:
    workload = deployment("cart", "shop")
    assert _plane(tmp_path / "a", _OTHER, workload) is None
    assert _plane(tmp_path / "b", _space(), workload) is None
    both = (_space(**{"istio-injection": "enabled"}), _space(**{"istio-injection": "disabled"}))
    assert _plane(tmp_path / "c", *both, workload) is None
    workload["spec"]["template"]["spec"]["hostNetwork"] = True
    assert _plane(tmp_path / "d", both[0], workload) is Plane.NONE


def _plane(folder, *objects) -> Plane | None:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    world = world_of(folder, {"all.json": text})
    (workload,) = world.all(Workload)
    return world.fact(membership).of(workload)


def test_the_mode_of_the_pods_behind_a_host_counts(tmp_path) -> None:
    """Exceptions for other pods of the namespace, and for other ports, say nothing of a host."""
    rule = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "DestinationRule",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"host": "cart", "trafficPolicy": {"tls": {"mode": "DISABLE"}}},
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"selector": {"app": "cart"}, "ports": [{"port": 80, "targetPort": 8080}]},
    }
    other = _peer("other", "PERMISSIVE", {"app": "other"})
    shared = (rule, service, deployment("cart", "shop"), _peer("all", "STRICT", None), other)

    def found(name: str, *more) -> list[str]:
        said = found_by("mtls-not-strict", tmp_path / name, {"all.json": [*shared, *more]})
        return [each.message_id for each in said if each.message_id == "callers"]

    assert found("a") == ["callers"]
    assert found("b", _peer("cart", "STRICT", {"app": "cart"}, {"8080": {"mode": "PERMISSIVE"}})) == []
    assert found("c", _peer("cart", "STRICT", {"app": "cart"}, {"80": {"mode": "PERMISSIVE"}})) == ["callers"]
    assert found("d", _peer("second", "DISABLE", None)) == []


def _peer(name, mode, labels, ports=None):
    spec = {"mtls": {"mode": mode}}
    if labels:
        spec["selector"] = {"matchLabels": labels}
    if ports:
        spec["portLevelMtls"] = ports
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "PeerAuthentication",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }
