"""What the mesh is said to demand a token for, it refuses without one, by Istio's own order of policies."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.model.exposure.mesh_guards import Asked, mesh_guards
from archlint.model.services.grouping import Service
from tests.arch.worlds import world_of

_PATHS = ("/a", "/a/b", "/b")
_SOURCES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    (
        {"requestPrincipals": ["*"]},
        {"notRequestPrincipals": ["*"]},
        {"namespaces": ["shop"]},
        {"notRequestPrincipals": ["*"], "namespaces": ["shop"]},
    )
)
_OPERATIONS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    (
        {"paths": ["/a*"]},
        {"notPaths": ["/a"]},
        {"methods": ["GET"]},
        {"paths": ["*/b"], "methods": ["POST"]},
        {"hosts": ["shop.example.com"]},
        {"paths": ["/a*"], "notHosts": ["shop.example.com"]},
    )
)
_RULES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "from": st.lists(_SOURCES, min_size=1, max_size=2).map(lambda found: [{"source": s} for s in found]),
        "to": st.lists(_OPERATIONS, min_size=1, max_size=2).map(
            lambda found: [{"operation": s} for s in found]
        ),
        "when": st.just([{"key": "source.ip", "values": ["10.0.0.1"]}]),
    },
)
_POLICIES = st.lists(
    st.tuples(st.sampled_from(("ALLOW", "DENY")), st.lists(_RULES, max_size=3)), min_size=1, max_size=3
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(_POLICIES, st.sampled_from(_PATHS), st.sampled_from(("GET", "POST")))
def test_what_demands_a_token_refuses_who_has_none(
    tmp_path: Path, policies: list[tuple[str, list[dict[str, Any]]]], path: str, method: str
) -> None:
    objects = [
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "AuthorizationPolicy",
            "metadata": {"name": f"p{number}", "namespace": "shop"},
            "spec": {"action": action, "rules": rules},
        }
        for number, (action, rules) in enumerate(policies)
    ]
    world = world_of(tmp_path, {"mesh.yaml": [*_service(), *objects]})
    [service] = world.all(Service)
    guard = world.fact(mesh_guards).of(None, service, Asked(method, path))
    if guard is not None:
        assert not any(_is_let_in(policies, path, method, caller) for caller in _CALLERS)


_CALLERS = tuple(product(("shop", "other"), ("shop.example.com", "other.example.com"), (True, False)))
"""The namespaces of callers, the hosts that they ask for, and whether they have the address of conditions."""
_Caller = tuple[str, str, bool]


def _is_let_in(
    policies: list[tuple[str, list[dict[str, Any]]]], path: str, method: str, caller: _Caller
) -> bool:
    """As Istio decides about a request without a token: DENY first, then one ALLOW is enough."""
    denying = [rule for action, rules in policies if action == "DENY" for rule in rules]
    allowing = [rule for action, rules in policies if action == "ALLOW" for rule in rules]
    if any(_is_met(rule, path, method, caller) for rule in denying):
        return False
    has_allow = any(action == "ALLOW" for action, _ in policies)
    return not has_allow or any(_is_met(rule, path, method, caller) for rule in allowing)


def _is_met(rule: dict[str, Any], path: str, method: str, caller: _Caller) -> bool:
    namespace, host, has_address = caller
    if "when" in rule and not has_address:
        return False
    sources = [item["source"] for item in rule.get("from", [])]
    operations = [item["operation"] for item in rule.get("to", [])]
    return (not sources or any(_is_source(item, namespace) for item in sources)) and (
        not operations or any(_is_operation(item, path, method, host) for item in operations)
    )


def _is_source(source: dict[str, Any], namespace: str) -> bool:
    return "requestPrincipals" not in source and namespace in source.get("namespaces", [namespace])


def _is_operation(operation: dict[str, Any], path: str, method: str, host: str) -> bool:
    return (
        any(_fits(item, path) for item in operation.get("paths", [path]))
        and not any(_fits(item, path) for item in operation.get("notPaths", []))
        and method in operation.get("methods", [method])
        and host in operation.get("hosts", [host])
        and host not in operation.get("notHosts", [])
    )


def _fits(pattern: str, value: str) -> bool:
    if pattern.startswith("*"):
        return value.endswith(pattern[1:])
    return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern


def _service() -> list[dict[str, Any]]:
    labels = {"app": "orders"}
    meta = {"name": "orders", "namespace": "shop"}
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": meta,
            "spec": {"selector": labels, "ports": [{"port": 80}]},
        },
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": meta,
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {"containers": [{"name": "orders", "image": "shop/orders:1"}]},
                },
            },
        },
    ]
