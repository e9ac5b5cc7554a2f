"""What rules of roles give, against a plain reading of how the API server decides."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from archlint.documents import Node, load_text
from archlint.files import Kind
from archlint.model.kubernetes.rbac import POWERS, Power, gives, gives_everything
from tests.kube.worlds import findings_of, world_of

VERBS = ["get", "list", "watch", "create", "update", "patch", "delete"]


def rule(groups: list[str], resources: list[str], verbs: list[str], **rest: object) -> Node:
    """A rule of a role."""
    data = {"apiGroups": groups, "resources": resources, "verbs": verbs, **rest}
    return load_text("a.json", json.dumps(data), Kind.KUBERNETES).documents[0].root


def allows(rule: Node, group: str, resource: str, verb: str) -> bool:
    """As the authorizer: each part matches by name or by a star, a part of a resource by ``*/part`` too."""
    groups, resources, verbs = (
        [item.text for item in rule.get(key).elements()] for key in ("apiGroups", "resources", "verbs")
    )
    parts = {"*", resource, *([f"*/{resource.split('/')[1]}"] if "/" in resource else [])}
    is_named = bool({"*", group} & set(groups)) and bool({"*", verb} & set(verbs))
    return is_named and bool(parts & set(resources))


@pytest.mark.parametrize("power", POWERS, ids=lambda power: power.name)
def test_a_power_is_given_if_one_request_of_it_is_allowed(power: Power) -> None:
    groups = ["", "*", "apps", power.groups[0]]
    resources = ["*", "pods", "*/exec", "configmaps", *power.resources]
    verbs = ["*", "get", "deletecollection", *power.verbs]
    for group, resource, verb in product(groups, resources, verbs):
        one = rule([group], ["leases", resource], [verb])
        asked = product(power.groups, power.resources, power.verbs)
        assert gives(one, power) == any(allows(one, *request) for request in asked)
        assert not gives(rule([group], [resource], [verb], resourceNames=["cart"]), power)


def test_everything_is_everything() -> None:
    assert gives_everything(rule(["*"], ["*"], ["*"]))
    for verbs in (VERBS, VERBS[::-1], [*VERBS, "use"]):
        assert gives_everything(rule(["*"], ["*"], verbs))
    for number in range(len(VERBS)):
        assert not gives_everything(rule(["*"], ["*"], VERBS[:number] + VERBS[number + 1 :]))
    assert not gives_everything(rule([""], ["*"], ["*"]))
    assert not gives_everything(rule(["*"], ["pods"], ["*"]))


@pytest.mark.parametrize("kind", ["RoleBinding", "ClusterRoleBinding"])
@pytest.mark.parametrize("role", ["Role", "ClusterRole"])
@pytest.mark.parametrize("name", ["cart", "system:cart"])
def test_bindings_of_the_cluster_itself_are_left_alone(
    tmp_path: Path, kind: str, role: str, name: str
) -> None:
    group = "rbac.authorization.k8s.io"
    space = {"namespace": "shop"}
    items = [
        {
            "apiVersion": f"{group}/v1",
            "kind": role,
            "metadata": {"name": "all"} | (space if role == "Role" else {}),
            "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
        },
        {
            "apiVersion": f"{group}/v1",
            "kind": kind,
            "metadata": {"name": name} | (space if kind == "RoleBinding" else {}),
            "roleRef": {"apiGroup": group, "kind": role, "name": "all"},
            "subjects": [{"kind": "ServiceAccount", "name": "cart", "namespace": "shop"}],
        },
    ]
    files = {f"{number}.json": json.dumps(item) for number, item in enumerate(items)}
    names = [item.rule for item in findings_of(world_of(tmp_path, files))]
    assert ("cluster-admin-bound" in names) is (name == "cart")
