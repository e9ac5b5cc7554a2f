"""What the API server calls the resource of an object, as rules of policies and roles name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.policies.admission_matching import resource_of
from tests.arch.worlds import custom, world_of

DEFINITIONS = [
    custom(
        "CustomResourceDefinition",
        "apiextensions.k8s.io/v1",
        f"{plural}.{group}",
        spec={"group": group, "scope": scope, "names": {"kind": kind, "plural": plural}},
    )
    for group, kind, plural, scope in (
        ("example.com", "Ox", "oxen", "Namespaced"),
        ("example.org", "Ox", "herd", "Cluster"),
        ("example.com", "Ship", "fleet", "Cluster"),
    )
]


@pytest.mark.parametrize(
    ("version", "kind", "namespace", "resource"),
    [
        ("example.com/v1", "Ox", None, ("oxen", True)),
        ("example.org/v1", "Ox", None, ("herd", False)),
        ("example.com/v1", "Ship", "shop", ("fleet", False)),
        ("example.net/v1", "Ox", None, ("oxes", None)),
        ("example.net/v1", "Ox", "shop", ("oxes", True)),
        ("example.net/v1", "Berry", None, ("berries", None)),
        ("example.net/v1", "Day", None, ("days", None)),
        ("example.net/v1", "Church", None, ("churches", None)),
        ("v1", "Namespace", None, ("namespaces", False)),
        ("v1", "PersistentVolume", None, ("persistentvolumes", False)),
        ("v1", "Pod", None, ("pods", True)),
        ("v1", "Endpoints", None, ("endpoints", True)),
        ("apps/v1", "Deployment", None, ("deployments", True)),
        ("networking.k8s.io/v1", "Ingress", None, ("ingresses", True)),
        ("networking.k8s.io/v1", "IngressClass", None, ("ingressclasses", False)),
        ("networking.k8s.io/v1", "NetworkPolicy", None, ("networkpolicies", True)),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", None, ("clusterroles", False)),
        ("rbac.authorization.k8s.io/v1", "Role", None, ("roles", True)),
    ],
)
def test_the_name_of_the_resource_and_whether_it_has_a_namespace(
    tmp_path: Path, version: str, kind: str, namespace: str | None, resource: tuple[str, bool | None]
) -> None:
    world = world_of(tmp_path, {"a.yaml": [custom(kind, version, "a", namespace), *DEFINITIONS]})
    item = next(each for each in world.all(KubernetesObject) if each.kind == kind)
    assert resource_of(item, world) == resource
