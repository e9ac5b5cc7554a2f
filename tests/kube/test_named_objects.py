"""Every row of the table of names: what it finds, and that what is defined is not missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from archlint.model.kubernetes.named_objects import NamedObject, _by_kind, _of_pods
from tests.kube.worlds import findings_of, world_of

POD = {"containers": [{"name": "cart", "image": "shop/cart:1.2.0"}]}
ROWS = [
    *((None, "", ways, targets) for ways, targets in _of_pods()),
    *(
        (kind, group, ways, targets)
        for kind, groups in _by_kind().items()
        for group, rows in groups.items()
        for ways, targets in rows
    ),
]
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
        *("resourceClaims", "volumeClaimTemplates", "secrets"),
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


def holder(number: int, kind: str | None, group: str, ways: tuple[str, ...], target: str) -> dict[str, Any]:
    """An object that names another one at a way."""
    name = f"wanted-{number}"
    is_map = ways[-1] in ("subjects", "service", "claimRef", "metadata") or ways[-1].endswith(
        ("Ref", "Refs", "From")
    )
    is_map = is_map or ways[-1] in ("dataSource", "dependsOn")
    value: object = {"kind": target, "name": name} if is_map else name
    if ways[-1] == "name" and ways[-2] in ("roleRef", "scaleTargetRef"):
        ways, value = ways[:-1], {"kind": target, "name": name}
    base = {"apiVersion": f"{group}/v1" if group else "v1", "metadata": {"name": f"asker-{number}"}}
    if kind is None:
        return {**base, "kind": "Pod", "spec": merged(POD, written(ways, value))}
    return merged({**base, "kind": kind}, written(ways, value))


def test_every_row_finds_the_name_and_the_kind_that_is_meant(tmp_path: Path) -> None:
    cases = [
        (number, *row[:3], target)
        for number, (row, target) in enumerate((row, target) for row in ROWS for target in row[3])
    ]
    objects = [holder(*case) for case in cases]
    world = world_of(tmp_path, {"all.yaml": yaml.safe_dump_all(objects)})
    found = {named.target_name: named for named in world.all(NamedObject)}
    for number, kind, group, ways, target in cases:
        named = found.get(f"wanted-{number}")
        assert named is not None, (kind, group, ways)
        assert named.target == target or named.node.route[-1] == ways[-1], (kind, ways, target, named.target)
    assert len(cases) > 100


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
