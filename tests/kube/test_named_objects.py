"""Every row of the table of names: what it finds, and that what is defined is not missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from archlint.documents.kustomize.paths import split_path
from archlint.model.kubernetes.names.name_table import NameRow, every_row
from archlint.model.kubernetes.names.named_objects import NamedObject
from tests.kube.worlds import findings_of, world_of

POD = {"containers": [{"name": "cart", "image": "shop/cart:1.2.0"}]}
_LISTS = frozenset(
    {
        *(
            "containers",
            "initContainers",
            "env",
            "envFrom",
            "volumes",
            "sources",
            "imagePullSecrets",
            "subjects",
        ),
        *(
            "webhooks",
            "rules",
            "paths",
            "tls",
            "triggers",
            "parentRefs",
            "backendRefs",
            "filters",
            "listeners",
        ),
        *("certificateRefs", "secretStoreRefs", "dependsOn", "substituteFrom", "valuesFrom", "templates"),
        *("resourceClaims", "volumeClaimTemplates", "secrets", "ephemeralContainers", "metrics", "requests"),
        *("podGroupTemplates", "compositePodGroupTemplates", "caCertificateRefs", "targetRefs"),
        *("endpoints", "podMetricsEndpoints", "remoteWrite", "remoteRead", "alertmanagers", "dataFrom"),
    }
)


def written(ways: tuple[str, ...], value: object) -> Any:
    """A value at a way, in the shape that Kubernetes has there."""
    made = value
    for at in range(len(ways) - 1, -1, -1):
        is_list = ways[at] in _LISTS and not (ways[at] == "tls" and "listeners" in ways)
        made = {ways[at]: [made] if is_list else made}
    return made


def merged(one: Any, other: Any) -> Any:
    """Two trees in one; items of lists are merged in pairs."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys((*one, *other))
        return {key: merged(one.get(key), other.get(key)) for key in keys}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(a, b) for a, b in zip(one, other, strict=False)]
    return one if other is None else other


_CORE, _SHOP = "", "shop"
_SOURCE = "source.toolkit.fluxcd.io"
OF_GROUPS: dict[str, tuple[str | None, str | None]] = {
    **dict.fromkeys(("Service", "Secret", "ConfigMap", "ServiceAccount"), (_SHOP, _CORE)),
    **dict.fromkeys(
        ("PersistentVolumeClaim", "Job", "Role", "ResourceClaim", "AnalysisTemplate"), (_SHOP, None)
    ),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet"), (_SHOP, "apps")),
    **dict.fromkeys(("Gateway", "ListenerSet"), (_SHOP, "gateway.networking.k8s.io")),
    **dict.fromkeys(("GitRepository", "OCIRepository", "Bucket", "HelmRepository"), (_SHOP, _SOURCE)),
    "Issuer": (_SHOP, "cert-manager.io"),
    "SecretStore": (_SHOP, "external-secrets.io"),
    "Kustomization": (_SHOP, "kustomize.toolkit.fluxcd.io"),
    "HelmRelease": (_SHOP, "helm.toolkit.fluxcd.io"),
    "Workload": (_SHOP, "scheduling.k8s.io"),
    "Broker": (_SHOP, "eventing.knative.dev"),
    "Cluster": (_SHOP, "postgresql.cnpg.io"),
    "EventSource": (_SHOP, "argoproj.io"),
    "ObjectStore": (_SHOP, "barmancloud.cnpg.io"),
    "Provider": (_SHOP, "notification.toolkit.fluxcd.io"),
    "Trigger": (_SHOP, "triggers.tekton.dev"),
    **dict.fromkeys(("Task", "Pipeline"), (_SHOP, "tekton.dev")),
    "ClusterTask": (None, "tekton.dev"),
    "ClusterPolicy": (None, "kyverno.io"),
    "Function": (None, "pkg.crossplane.io"),
    **dict.fromkeys(("VolumeSnapshotClass", "VolumeGroupSnapshotClass", "CiliumBGPPeerConfig"), (None, None)),
    **dict.fromkeys(
        ("ClusterImageCatalog", "ClusterTriggerBinding", "DeploymentRuntimeConfig"), (None, None)
    ),
    "PersistentVolume": (None, _CORE),
    "GatewayClass": (None, "gateway.networking.k8s.io"),
    "ClusterIssuer": (None, "cert-manager.io"),
    "ClusterSecretStore": (None, "external-secrets.io"),
    **dict.fromkeys(
        ("StorageClass", "PriorityClass", "RuntimeClass", "IngressClass", "CSIDriver"), (None, None)
    ),
    **dict.fromkeys(("ClusterRole", "ResourceClass", "ClusterTriggerAuthentication"), (None, None)),
    **dict.fromkeys(("VolumeAttributesClass", "DeviceClass", "ClusterTrustBundle"), (None, None)),
    **dict.fromkeys(("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"), (None, None)),
    **dict.fromkeys(("PriorityLevelConfiguration", "GMSACredentialSpec"), (None, None)),
}
"""Kinds that are named: the namespace that is meant, and the group if several have such a kind."""
WIDE = ("Namespace", "Node", "CustomResourceDefinition", "APIService")
"""Kinds of no namespace that are named only where any kind may be."""
OF_GROUPS |= dict.fromkeys(WIDE, (None, None))
STATED = Path(__file__).with_name("names.yaml")
_TEXTS = ("Name", "Service", "driver", "project", "serviceAccount")
"""How fields end that hold a name as a text."""


def is_text(last: str) -> bool:
    return last.endswith(_TEXTS) or last == "name" or "/" in last or "-name" in last


def holder(number: int, group: str, kind: str, row: NameRow, target: str) -> dict[str, Any]:
    """An object that names another one at a way."""
    name, ways = f"wanted-{number}", row.ways
    value: object = name if is_text(ways[-1]) else {"kind": target, "name": name}
    if ways[-1] == "name" and ways[-2] in ("roleRef", "scaleTargetRef"):
        ways, value = ways[:-1], {"kind": target, "name": name}
    base = {"apiVersion": f"{group}/v1" if group else "v1", "metadata": {"name": f"asker-{number}"}}
    if kind == "PodSpec":
        return {**base, "kind": "Pod", "spec": merged(POD, written(ways, value))}
    made: dict[str, Any] = merged({**base, "kind": kind}, written(ways, value))
    return made


def test_every_row_finds_the_name_and_the_kind_that_is_meant(tmp_path: Path) -> None:
    rows = [(*row, target) for row in every_row() for target in row[2].kinds or ("ConfigMap",)]
    objects = [holder(number, *row) for number, row in enumerate(rows)]
    world = world_of(tmp_path, {"all.yaml": yaml.safe_dump_all(objects)})
    found = {named.target_name: named for named in world.all(NamedObject)}
    for number, (group, kind, row, target) in enumerate(rows):
        named = found.get(f"wanted-{number}")
        assert named is not None, (kind, group, row.ways)
        assert named.target == target or named.node.route[-1] == row.ways[-1], (
            kind,
            row,
            target,
            named.target,
        )
    assert len(rows) > 250


def test_the_table_is_what_the_references_of_the_apis_say() -> None:
    stated = {
        ("" if group == "core" else group, kind, tuple(split_path(way))): ()
        if said == "any"
        else tuple(said.split())
        for group, kinds in yaml.safe_load(STATED.read_text("utf-8")).items()
        for kind, ways in kinds.items()
        for way, said in ways.items()
    }
    table = {(group, kind, row.ways): row.kinds for group, kind, row in every_row()}
    assert table == stated


def test_where_what_is_named_lies(tmp_path: Path) -> None:
    """In the namespace of what names it, or in none; of kinds that groups share that of one is meant."""
    rows = [(*row, target) for row in every_row() for target in row[2].kinds or WIDE]
    objects = [holder(number, *row) for number, row in enumerate(rows)]
    for item in objects:
        item["metadata"]["namespace"] = "shop"
    found = world_of(tmp_path, {"all.yaml": yaml.safe_dump_all(objects)}).all(NamedObject)
    told = {(item.target, item.in_namespace, item.target_group) for item in found if item.target in OF_GROUPS}
    assert told == {(kind, *of) for kind, of in OF_GROUPS.items()}


def test_an_optional_name_may_mean_nothing_and_a_namespace_is_that_of_the_name(tmp_path: Path) -> None:
    text = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: cart, namespace: shop}
spec:
  chartRef: {kind: OCIRepository, name: cart, namespace: flux-system}
  valuesFrom: [{kind: ConfigMap, name: more, optional: true}, {kind: Secret, name: most}]
"""
    named = world_of(tmp_path, {"a.yaml": text}).all(NamedObject)
    assert [(item.target, item.in_namespace, item.is_optional) for item in named] == [
        ("OCIRepository", "flux-system", False),
        ("ConfigMap", "shop", True),
        ("Secret", "shop", False),
    ]


def test_a_name_is_missing_only_beside_others_of_its_kind(tmp_path: Path) -> None:
    claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: %s}\n"
    pod = yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "cart"},
            "spec": {**POD, "volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "data"}}]},
        }
    )
    for number, (claims, count) in enumerate([((), 0), (("other",), 1), (("other", "data"), 0)]):
        text = "---\n".join([pod, *(claim % name for name in claims)])
        found = findings_of(world_of(tmp_path / str(number), {"all.yaml": text}))
        assert [item.rule for item in found].count("reference-undefined") == count


def test_a_name_of_another_namespace_is_told_as_such(tmp_path: Path) -> None:
    claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: %s, namespace: %s}\n"
    spec = {**POD, "volumes": [{"name": "a", "persistentVolumeClaim": {"claimName": "data"}}]}
    pod = yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart", "namespace": "shop"}, "spec": spec}
    )
    for number, (other, said) in enumerate([("data", "elsewhere"), ("dato", "near"), ("video", "default")]):
        text = "---\n".join([pod, claim % ("spare", "shop"), claim % (other, "edge")])
        found = findings_of(world_of(tmp_path / str(number), {"all.yaml": text}))
        told = [item for item in found if item.rule == "reference-undefined"]
        assert [item.message_id for item in told] == [said]
        assert ("namespace 'edge'" in told[0].message) is (said == "elsewhere")


def test_a_kind_of_another_group_is_not_meant(tmp_path: Path) -> None:
    """Two groups have a kind Gateway: that of one says nothing of where those of the other are defined."""
    text = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec: {parentRefs: [{name: public}], rules: []}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: letters, namespace: shop}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop, namespace: shop}
spec:
  secretName: shop
  dnsNames: [shop.example.com]
  issuerRef: {group: certs.example.com, kind: Issuer, name: own}
"""
    found = findings_of(world_of(tmp_path, {"all.yaml": text}))
    assert not [item.message for item in found if item.rule == "reference-undefined"]


def test_what_is_no_name_of_kubernetes_is_no_reference(tmp_path: Path) -> None:
    """What Traefik has from elsewhere, paths, and what a bundle brings from a registry."""
    text = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: shop, namespace: shop}
spec:
  routes:
    - match: Host(`shop.example.com`)
      kind: Rule
      services: [{kind: TraefikService, name: api@internal}, {name: cart, port: 80}]
      middlewares: [{name: shop-auth@kubernetescrd}, {name: compress, namespace: edge}]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: build, namespace: shop}
spec:
  tasks:
    - {name: fetch, taskRef: {name: git-clone, bundle: "registry.example.com/tasks:1"}}
    - {name: test, taskRef: {resolver: hub, params: [{name: name, value: go-test}]}}
    - {name: push, taskRef: {name: push}}
"""
    named = world_of(tmp_path, {"a.yaml": text}).all(NamedObject)
    assert [(item.target, item.target_name, item.in_namespace) for item in named] == [
        ("Service", "cart", "shop"),
        ("Middleware", "compress", "edge"),
        ("Task", "push", "shop"),
    ]
