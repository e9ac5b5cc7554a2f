"""A policy in a plain file and pods in a build, or the other way round, may be for different clusters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.net.worlds import custom, deployment, findings_of, policy, world_of


def _service(name: str, **spec: Any) -> dict[str, Any]:
    made = custom("Service", "v1", name, "shop", spec={"selector": {"app": name}, **spec})
    made["spec"].setdefault("ports", [{"port": 80}])
    return made


def _calling(name: str, host: str) -> dict[str, Any]:
    made = deployment(name, "shop")
    made["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "URL", "value": f"http://{host}"}]
    return made


def _scraped() -> dict[str, Any]:
    made = deployment("web", "shop")
    made["spec"]["template"]["metadata"]["annotations"] = {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "80",
    }
    return made


def _prometheus() -> dict[str, Any]:
    made = deployment("prometheus", "shop")
    made["spec"]["template"]["spec"]["containers"][0]["image"] = "prom/prometheus:v3"
    return made


_WEB = deployment("web", "shop")
_BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
_INGRESS = custom("Ingress", "networking.k8s.io/v1", "shop", "shop", spec={"defaultBackend": _BACKEND})
_FROM_CART = [{"from": [{"podSelector": {"matchLabels": {"app": "cart"}}}]}]
_ONLY_CART = policy("web", "shop", selector={"app": "web"}, ingress=_FROM_CART)
_CART = deployment("cart", "shop")
_OTHER_PORT = policy("web", "shop", selector={"app": "web"}, ingress=[{"ports": [{"port": 81}]}])
_NAMED = policy("web", "shop", selector={"app": "web"}, ingress=[{"ports": [{"port": "http"}]}])
CASES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "call-cut-off": (_ONLY_CART, [_WEB, _CART, _service("web"), _calling("shop", "web")]),
    "entrance-cut-off": (_ONLY_CART, [_WEB, _CART, _service("web"), _INGRESS]),
    "external-service-cut-off": (_ONLY_CART, [_WEB, _CART, _service("web", type="NodePort")]),
    "service-port-cut-off": (_OTHER_PORT, [_WEB, _service("web")]),
    "scrape-cut-off": (_ONLY_CART, [_scraped(), _CART, _prometheus()]),
    "policy-port-undefined": (_NAMED, [_WEB]),
    "workload-without-policy": (_ONLY_CART, [_WEB, _CART]),
    "policy-selects-nothing": (policy("slip", "shop", selector={"app": "wep"}), [_WEB]),
}


def _laid(place: str, objects: list[dict[str, Any]]) -> dict[str, str]:
    files = {f"{place}/{number}.json": json.dumps(item) for number, item in enumerate(objects)}
    if place.startswith("built"):
        listed = [f"{number}.json" for number in range(len(objects))]
        files[f"{place}/kustomization.yaml"] = json.dumps({"resources": listed})
    return files


@pytest.mark.parametrize("pods", ["plain", "built"])
@pytest.mark.parametrize("policies", ["plain-policies", "built-policies", "beside"])
@pytest.mark.parametrize("rule", list(CASES))
def test_both_are_plain_or_both_are_built(tmp_path, rule: str, pods: str, policies: str) -> None:
    one, rest = CASES[rule]
    if policies == "beside":
        files = _laid(pods, [one, *rest])
    else:
        files = _laid(policies, [one]) | _laid(pods, rest)
    told = [finding for finding in findings_of(world_of(tmp_path, files), "NET") if finding.rule == rule]
    assert bool(told) == (policies == "beside" or policies.startswith(pods))


@pytest.mark.parametrize("rule", ["call-cut-off", "entrance-cut-off", "scrape-cut-off"])
@pytest.mark.parametrize("pods", ["plain", "built"])
def test_who_comes_in_is_applied_alike_too(tmp_path, rule: str, pods: str) -> None:
    """The caller, the Ingress or the Prometheus, which come last in each case."""
    one, rest = CASES[rule]
    for other in ("plain-others", "built-others"):
        files = _laid(pods, [one, *rest[:-1]]) | _laid(other, rest[-1:])
        told = [item for item in findings_of(world_of(tmp_path / other, files), "NET") if item.rule == rule]
        assert bool(told) == other.startswith(pods)


@pytest.mark.parametrize("rule", ["call-cut-off", "entrance-cut-off", "service-port-cut-off"])
@pytest.mark.parametrize("is_refused", [False, True])
def test_nothing_is_cut_where_a_kustomization_is_not_built(tmp_path, rule: str, is_refused: bool) -> None:
    """Its labels are for pods and for selectors, so neither is known."""
    one, rest = CASES[rule]
    files = _laid("built", [one, *rest])
    kustomization = json.loads(files["built/kustomization.yaml"])
    kustomization["commonLabels"] = {"part": "shop"}
    if is_refused:
        patch = custom("Deployment", "apps/v1", "missing", spec={"replicas": 1})
        kustomization["patches"] = [{"patch": json.dumps(patch)}]
    files["built/kustomization.yaml"] = json.dumps(kustomization)
    told = [item for item in findings_of(world_of(tmp_path, files), "NET") if item.rule == rule]
    assert bool(told) is not is_refused
