"""Routes at listeners of the Gateway API: hosts, and shapes that no schema would let through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.gateway_api.listeners import Listener
from archlint.model.kubernetes.objects import objects_of
from tests.metamorphic.repositories import findings_in
from tests.net.worlds import custom, rules_of
from tests.oas.test_hostile_shapes import QUICK, broken
from tests.support.sampling import usually

API = "gateway.networking.k8s.io/v1"
LABELS = ("a", "b", "c")
NAMES = [f"{one}.{two}.z" for one in LABELS for two in LABELS] + [f"{one}.z" for one in LABELS]
NAMES += [f"{one}.{name}" for one in LABELS for name in NAMES[:3]]
HOSTS = st.sampled_from([*NAMES, "*.z", *(f"*.{name}" for name in NAMES[:12])])


def _is_covered(pattern: str, name: str) -> bool:
    """Whether a host covers a name, as the reference says: a wildcard stands for one label or more."""
    if not pattern.startswith("*."):
        return name == pattern
    wanted, labels = pattern[2:].split("."), name.split(".")
    return len(labels) > len(wanted) and labels[-len(wanted) :] == wanted


def _concrete(pattern: str) -> str:
    return pattern.replace("*", "x")


@settings(max_examples=usually(200, 3000), deadline=None)
@given(HOSTS, st.lists(HOSTS, min_size=1, max_size=3))
def test_a_listener_serves_a_host_that_a_name_has_in_common(own: str, hosts: list[str]) -> None:
    text = json.dumps({"apiVersion": API, "kind": "Gateway", "spec": {"listeners": [{"hostname": own}]}})
    (holder,) = objects_of(load_text("a.json", text, Kind.KUBERNETES).documents[0])
    listener = Listener(holder, holder.get("spec", "listeners", 0))
    names = {*map(_concrete, (own, *hosts))}
    shared = any(_is_covered(own, name) and _is_covered(host, name) for name in names for host in hosts)
    assert listener.serves(hosts) == shared


GATEWAY = {
    "gatewayClassName": "istio",
    "listeners": [
        {"name": "a", "port": 80, "protocol": "HTTP", "hostname": "*.a.z", "tls": {"mode": "Terminate"}},
        {
            "name": "b",
            "port": 80,
            "protocol": "HTTPS",
            "allowedRoutes": {
                "namespaces": {"from": "Selector", "selector": {"matchLabels": {"a": "b"}}},
                "kinds": [{"kind": "TCPRoute"}],
            },
        },
    ],
}
ROUTE = {
    "parentRefs": [{"name": "edge", "namespace": "edge", "sectionName": "c", "port": 81}, {"name": "edge"}],
    "hostnames": ["a.z", "*.b.z"],
    "rules": [{"filters": [{"type": "RequestRedirect"}], "backendRefs": [{"name": "a", "port": 80}]}],
}
OBJECTS: list[dict[str, Any]] = [
    custom("Gateway", API, "edge", "edge", spec=GATEWAY),
    custom("HTTPRoute", API, "shop", "edge", spec=ROUTE),
    custom("Namespace", "v1", "edge"),
]
WHOLE = {"apiVersion": "v1", "kind": "List", "items": OBJECTS}
RULES = [rule for rule in rules_of("MESH") if rule.code >= "MESH140"]


@QUICK
@given(broken(WHOLE))
def test_no_rule_raises(objects: dict[str, Any]) -> None:
    findings_in({"a.json": json.dumps(objects)}, RULES)


def test_the_unchanged_objects_are_judged() -> None:
    """Else the test before would prove nothing."""
    found = findings_in({"a.json": json.dumps(WHOLE)}, RULES)
    assert {finding.rule for finding in found} >= {
        "route-listener-undefined",
        "listener-conflict",
        "listener-kind-unsupported",
        "route-hostname-unserved",
    }


@pytest.mark.parametrize(
    ("command", "is_told"),
    [
        ("kubectl label ns shop exposed=yes", False),
        ("kubectl label --overwrite namespace/shop team=a exposed=yes", False),
        ('kubectl label namespaces "$NS" exposed=yes', False),
        ("kubectl label ns shop istio-injection=enabled", True),
        ("kubectl label ns other exposed=yes", True),
    ],
)
def test_labels_that_a_command_gives_are_there(command: str, is_told: bool) -> None:
    allowed = {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"exposed": "yes"}}}}
    listener = {"name": "a", "port": 80, "protocol": "HTTP", "allowedRoutes": allowed}
    parent = {"name": "edge", "namespace": "edge"}
    objects = [
        custom("Gateway", API, "edge", "edge", spec={"listeners": [listener]}),
        custom("HTTPRoute", API, "shop", "shop", spec={"parentRefs": [parent]}),
        custom("Namespace", "v1", "shop"),
    ]
    objects[2]["metadata"].pop("namespace", None)
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    found = findings_in({"a.json": text, "run.sh": f"#!/bin/sh\n{command}\n"}, RULES)
    assert [item.rule for item in found] == ["route-not-allowed"] * is_told
