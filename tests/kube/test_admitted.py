"""What policies see of an object: what the API server fills in before it asks them."""

from __future__ import annotations

from typing import Any

import yaml

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.kubernetes import objects_of
from archlint.model.kubernetes.policies.admitted import admitted


def filled(kind: str, version: str, spec: dict[str, Any]) -> dict[str, Any]:
    """The spec of an object as it is admitted."""
    whole = {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec}
    [document] = load_text("a.yaml", yaml.safe_dump(whole), Kind.KUBERNETES).documents
    [item] = objects_of(document)
    return admitted(item)["spec"]


def test_ports_of_a_service() -> None:
    spec = filled(
        "Service", "v1", {"ports": [{"port": 80}, {"port": 53, "protocol": "UDP", "targetPort": "dns"}]}
    )
    assert spec["ports"] == [
        {"port": 80, "protocol": "TCP", "targetPort": 80},
        {"port": 53, "protocol": "UDP", "targetPort": "dns"},
    ]
    assert (spec["type"], spec["sessionAffinity"]) == ("ClusterIP", "None")


def test_each_container_of_a_pod() -> None:
    def container(**more: Any) -> dict[str, Any]:
        return {"name": "a", "image": "shop/a", "ports": [{"containerPort": 80}], **more}

    limits = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}
    asked = container(resources=limits, livenessProbe={"httpGet": {"port": 80}})
    parts = ("containers", "initContainers", "ephemeralContainers")
    pod = {key: [asked] for key in parts}
    template = filled("Deployment", "apps/v1", {"template": {"spec": pod}})["template"]["spec"]
    for spec, requests in (
        (filled("Pod", "v1", pod), {"cpu": "500m", "memory": "1Gi"}),
        (template, {"cpu": "500m"}),
    ):
        assert (spec["restartPolicy"], spec["dnsPolicy"]) == ("Always", "ClusterFirst")
        for part in parts:
            [made] = spec[part]
            assert made["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
            assert made["imagePullPolicy"] == "Always"
            assert made["terminationMessagePolicy"] == "File"
            assert made["livenessProbe"]["httpGet"] == {"port": 80, "scheme": "HTTP", "path": "/"}
            assert made["livenessProbe"]["periodSeconds"] == 10
            assert made["resources"]["requests"] == requests


def test_what_is_set_stays() -> None:
    spec = filled("Deployment", "apps/v1", {"replicas": 0, "strategy": {"type": "Recreate"}})
    assert (spec["replicas"], spec["strategy"]) == (0, {"type": "Recreate"})
    rolling = filled("Deployment", "apps/v1", {"strategy": {"rollingUpdate": {"maxSurge": 1}}})["strategy"]
    assert rolling == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}
    assert filled("Deployment", "example.com/v1", {}) == {}
