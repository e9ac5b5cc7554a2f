"""What a manifest means beside the others: sets, patches, charts, templates, commands, operators."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archlint.finding import Profile
from archlint.model.kubernetes.commands import helm_releases, made_by_commands
from archlint.model.services.absence import absence
from tests.kube.worlds import findings_of, rules_found, world_of
from tests.support.rules import own_rules

Object = dict[str, Any]


def workload(name: str, kind: str = "Deployment", **spec: Any) -> Object:
    """A workload that no rule about its own content finds anything wrong with."""
    container = {
        "name": name,
        "image": f"shop/{name}:1.0.0",
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {
            "requests": {"cpu": "100m", "memory": "128Mi"},
            "limits": {"cpu": "1", "memory": "256Mi"},
        },
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
        "securityContext": {
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **spec.pop("container", {}),
    }
    pod = {"containers": [container], "automountServiceAccountToken": False, **spec.pop("pod", {})}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, **spec.pop("metadata", {})},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": pod},
            **spec,
        },
    }


def thing(kind: str, name: str, api_version: str = "v1", namespace: str | None = None, **rest: Any) -> Object:
    """An object with a name."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def service(name: str, selector: dict[str, str], target: object = "http", **rest: Any) -> Object:
    """A Service with one port."""
    return thing(
        "Service", name, spec={"selector": selector, "ports": [{"port": 80, "targetPort": target}]}, **rest
    )


def text(*objects: Object) -> str:
    """The objects as a stream of documents."""
    return "\n---\n".join(json.dumps(item, indent=1) for item in objects)


def found(folder: Path, files: dict[str, str]) -> list[str]:
    """Rules that are not optional and find something."""
    return [name for name in rules_found(folder, files) if name in _usual()]


@cache
def _usual() -> frozenset[str]:
    return frozenset(rule.name for rule in own_rules() if rule.profile is not Profile.OPTIONAL)


def test_nothing_is_wrong_with_the_workload(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": text(workload("cart"), service("cart", {"app": "cart"}))}) == []


def test_kustomize_patches_are_no_whole_objects(tmp_path: Path) -> None:
    patch = workload("cart", container={"resources": {}, "securityContext": {}})
    files = {
        "base/cart.yaml": text(workload("cart")),
        "base/kustomization.yaml": "resources: [cart.yaml]",
        "over/kustomization.yaml": "resources: [../base]\npatches: [{path: more.yaml}]",
        "over/more.yaml": text(patch),
    }
    assert found(tmp_path, files) == []


def test_a_template_without_images_patches_the_one_with_images(tmp_path: Path) -> None:
    fragment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cart"},
        "spec": {"template": {"spec": {"containers": [{"name": "cart", "env": []}]}}},
    }
    assert found(tmp_path, {"a.yaml": text(workload("cart")), "b/more.yaml": text(fragment)}) == []


def test_account_of_another_set_counts_as_defined(tmp_path: Path) -> None:
    cart = workload("cart", pod={"serviceAccountName": "cart"})
    files = {
        "one/a.yaml": text(cart, thing("ServiceAccount", "web")),
        "two/a.yaml": text(workload("cart"), thing("ServiceAccount", "cart")),
    }
    assert found(tmp_path, files) == []


def test_accounts_are_not_missing_where_none_are_defined(tmp_path: Path) -> None:
    cart = workload("cart", pod={"serviceAccountName": "cart"})
    files = {
        "one/a.yaml": text(cart),
        "two/a.yaml": text(workload("cart"), thing("ServiceAccount", "web")),
    }
    assert found(tmp_path, files) == []


def test_account_from_a_chart_or_a_command_counts_as_defined(tmp_path: Path) -> None:
    objects = (workload("cart", pod={"serviceAccountName": "robot"}), thing("ServiceAccount", "web"))
    chart = {
        "a.yaml": text(*objects),
        "chart/Chart.yaml": "name: robots\nversion: 1.0.0\n",
        "chart/templates/sa.yaml": "{{ if .Values.on }}\nkind: ServiceAccount\nname: robot\n{{ end }}",
    }
    documented = {"a.yaml": text(*objects), "README.md": "Run `kubectl create sa robot` first."}
    templated = {"a.yaml": text(*objects), "sa.jsonnet": "{kind: 'ServiceAccount', name: 'robot'}"}
    assert found(tmp_path / "1", {"a.yaml": text(*objects)}) == ["service-account-undefined"]
    assert found(tmp_path / "2", chart) == []
    assert found(tmp_path / "3", documented) == []
    assert found(tmp_path / "4", templated) == []


def test_generated_config_counts_as_defined(tmp_path: Path) -> None:
    cart = workload("cart", container={"envFrom": [{"configMapRef": {"name": "made"}}]})
    files = {
        "a.yaml": text(cart, thing("ConfigMap", "other", data={"a": "b"})),
        "kustomization.yaml": "resources: [a.yaml]\nconfigMapGenerator: [{name: made}]",
    }
    assert found(tmp_path, files) == []


def test_empty_config_is_filled_while_it_runs(tmp_path: Path) -> None:
    env = [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "state", "key": "a"}}}]
    assert (
        found(
            tmp_path, {"a.yaml": text(workload("cart", container={"env": env}), thing("ConfigMap", "state"))}
        )
        == []
    )


def test_limit_range_counts_in_its_namespace_only(tmp_path: Path) -> None:
    bare = {"resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1"}}}
    here = workload("here", container=bare, metadata={"namespace": "shop"})
    there = workload("there", container=bare, metadata={"namespace": "else"})
    limits = [{"type": "Container", "default": {"memory": "256Mi"}}]
    limit_range = thing("LimitRange", "defaults", namespace="shop", spec={"limits": limits})
    world = world_of(tmp_path, {"a.yaml": text(here, there, limit_range)})
    missing = [item for item in findings_of(world) if item.rule == "memory-limit-missing"]
    assert [item.arguments["container"] for item in missing] == ["there"]


def test_limit_of_zero_is_none(tmp_path: Path) -> None:
    zero = {"resources": {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": 0}}}
    names = found(tmp_path, {"a.yaml": text(workload("cart", container=zero))})
    assert "memory-limit-missing" in names


def test_service_that_an_operator_serves(tmp_path: Path) -> None:
    kafka = thing("Kafka", "events", "kafka.example.com/v1")
    files = {
        "a.yaml": text(
            workload("cart"),
            kafka,
            service("kafka", {"cluster": "events"}),
            service("broker", {"kafka.example.com/name": "broker"}),
            service("pod-0", {"statefulset.kubernetes.io/pod-name": "cart-0"}),
        )
    }
    assert found(tmp_path, files) == []


def test_service_without_workloads_beside_it(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": text(service("cart", {"app": "cart"}))}) == []


def test_port_numbers_that_a_container_speaks_of(tmp_path: Path) -> None:
    speaking = workload("cart", container={"args": ["--metrics=:9100"]})
    silent = workload("web")
    files = {
        "a.yaml": text(
            speaking, silent, service("cart", {"app": "cart"}, 9100), service("web", {"app": "web"}, 9100)
        )
    }
    world = world_of(tmp_path, files)
    dead = [item for item in findings_of(world) if item.rule == "target-port-undefined"]
    assert [item.arguments["service"] for item in dead] == ["web"]


def test_port_that_a_patch_adds(tmp_path: Path) -> None:
    patch = (
        "- {op: add, path: /spec/template/spec/containers/0/ports/-, value: {containerPort: 1, name: https}}"
    )
    files = {
        "cart.yaml": text(workload("cart"), service("cart", {"app": "cart"}, "https")),
        "kustomization.yaml": "resources: [cart.yaml]\npatches:\n"
        f"- target: {{kind: Deployment}}\n  patch: |-\n    {patch}\n",
    }
    assert found(tmp_path, files) == []


def test_autoscaler_of_another_overlay_fixes_nothing(tmp_path: Path) -> None:
    scaler = thing(
        "HorizontalPodAutoscaler",
        "cart",
        "autoscaling/v2",
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"},
            "maxReplicas": 3,
        },
    )
    assert "autoscaler-and-replicas" in found(tmp_path / "1", {"a.yaml": text(workload("cart"), scaler)})


def test_namespaces_that_something_else_makes(tmp_path: Path) -> None:
    defined = [thing("Namespace", name) for name in ("a", "b", "c")]
    users = [thing("Secret", "s", namespace=name) for name in ("a", "b", "c", "shipping")]
    objects = text(*defined, *users)
    documented = {"a.yaml": objects, "install.sh": "helm install x ./x -n shipping --create-namespace\n"}
    overlay = {"a.yaml": objects, "kustomization.yaml": "namespace: d\nresources: [a.yaml]"}
    assert found(tmp_path / "1", {"a.yaml": objects}) == ["namespace-undefined"]
    assert found(tmp_path / "2", documented) == []
    assert "namespace-undefined" not in found(tmp_path / "3", overlay)


def test_image_that_a_tool_builds(tmp_path: Path) -> None:
    cart = text(workload("cart", container={"image": "cart"}))
    skaffold = thing("Config", "shop", "skaffold/v4beta1", build={"artifacts": [{"image": "cart"}]})
    assert found(tmp_path / "1", {"a.yaml": cart}) == ["image-tag-missing"]
    assert found(tmp_path / "2", {"a.yaml": cart, "skaffold.yaml": text(skaffold)}) == []
    assert found(tmp_path / "3", {"a.yaml": cart, "Tiltfile": "docker_build('cart', '.')"}) == []


def test_same_object_in_two_overlays_is_no_duplicate(tmp_path: Path) -> None:
    config = thing("ConfigMap", "settings", data={"a": "b"})
    other = thing("ConfigMap", "settings", data={"a": "c"})
    assert found(tmp_path / "1", {"dev/a.yaml": text(config), "prod/a.yaml": text(other)}) == []
    both = {
        "a.yaml": text(config),
        "b.yaml": text(other),
        "kustomization.yaml": "resources: [a.yaml, b.yaml]",
    }
    assert found(tmp_path / "2", both) == ["object-duplicate"]


def test_windows_pods_have_no_root(tmp_path: Path) -> None:
    windows = workload("cart", pod={"os": {"name": "windows"}}, container={"securityContext": {}})
    assert found(tmp_path, {"a.yaml": text(windows)}) == []


def test_aliases_are_those_that_the_other_tool_would_give(tmp_path: Path) -> None:
    image = workload("cart", container={"image": "registry.example.com:5000/shop/cart"})
    world = world_of(tmp_path, {"a.yaml": text(image)})
    [finding] = [item for item in findings_of(world) if item.rule == "image-tag-missing"]
    assert finding.aliases == ("kube-linter:latest-tag",)  # the others take the port for a tag


def test_a_part_of_an_object_among_patches_is_not_judged_as_a_whole(tmp_path: Path) -> None:
    """Also if it adds a container with an image, and no kustomization names it."""
    sidecar = {"name": "proxy", "image": "shop/proxy:latest"}
    part = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}}
    part["spec"] = {"template": {"spec": {"containers": [sidecar]}}}
    whole = json.loads(json.dumps(part))
    whole["spec"]["selector"] = {"matchLabels": {"app": "cart"}}

    assert found(tmp_path / "1", {"base/proxy_patch.yaml": text(part)}) == []
    assert "image-tag-missing" in found(tmp_path / "2", {"base/proxy_patch.yaml": text(whole)})
    assert "image-tag-missing" in found(tmp_path / "3", {"base/proxy.yaml": text(part)})


def test_what_documentation_installs_with_helm_is_defined(tmp_path: Path) -> None:
    """A release makes Services of its name."""
    readme = "Run `helm install orders-db oci://charts.example/postgresql --set x=y` first.\n"

    world = world_of(tmp_path, {"a.yaml": text(workload("orders")), "README.md": readme})
    assert world.fact(helm_releases) == {"orders-db"}
    assert not world.fact(absence).is_certain("Service", "orders-db-postgresql", None)
    assert not world.fact(absence).is_certain("Service", "orders-db", None)
    assert world.fact(absence).is_certain("Service", "orders-dbs", None)


HELM_COMMANDS = (
    "helm install RELEASE oci://charts.example/postgresql",
    "helm upgrade --install RELEASE charts/db --namespace shop --wait=false",
    "helm --kubeconfig kube.yaml upgrade -i -n shop --timeout 10m RELEASE 'charts/db'",
    "helm --debug upgrade --install --values x.yaml --wait \\\n      RELEASE charts/db",
    'helm install "RELEASE" charts/db -f x.yaml',
    "helm $HELM_COMMAND --timeout 10m0s RELEASE ./charts/db --set a=b",
    'helm "${VERB}" -n shop RELEASE "$CHART" --version "$VERSION"',
    "$(HELM) upgrade --install RELEASE charts/db",
    '"${HELM}" --debug install RELEASE charts/db',
    "helm3 upgrade --install RELEASE charts/db",
)
HELM_FILES = (
    ("install.sh", "set -e\n{}\n"),
    ("roles/db/tasks/main.yml", "- name: Install\n  ansible.builtin.command: >-\n    {}\n"),
    (".github/workflows/deploy.yml", "jobs:\n  deploy:\n    steps:\n      - run: |\n          {}\n"),
    (".gitlab-ci.yml", "deploy:\n  script:\n    - |\n      {}\n"),
    ("Jenkinsfile", "node {{\n  sh '''\n    {}\n  '''\n}}\n"),
)


@pytest.mark.parametrize("command", HELM_COMMANDS)
@pytest.mark.parametrize(("path", "frame"), HELM_FILES, ids=[path for path, _ in HELM_FILES])
def test_what_a_command_installs_with_helm_is_defined(
    path: str, frame: str, command: str, tmp_path: Path
) -> None:
    """Whatever flags it has, and wherever it stands."""
    files = {"a.yaml": text(workload("orders")), path: frame.format(command.replace("RELEASE", "orders-db"))}
    assert world_of(tmp_path, files).fact(helm_releases) == {"orders-db"}


def test_a_sentence_about_helm_is_no_release(tmp_path: Path) -> None:
    prose = "Use helm to install it. We helm install the chart `db`, or helm install\n"
    assert world_of(tmp_path, {"README.md": prose}).fact(helm_releases) == frozenset()


@pytest.mark.parametrize("before", ["", "-n shop ", "--namespace=${SPACE} ", "--dry-run=client -n shop "])
@pytest.mark.parametrize("behind", ["", "--namespace shop ", "-o=yaml --save-config "])
@pytest.mark.parametrize(("words", "kind"), [("configmap", "ConfigMap"), ("secret generic", "Secret")])
def test_commands_make_objects_with_flags_anywhere(
    tmp_path: Path, before: str, behind: str, words: str, kind: str
) -> None:
    line = f"kubectl create {before}{words} {behind}settings --from-file=a.json\n"
    world = world_of(tmp_path, {"README.md": f"# Install\n\n    {line}"})
    assert made_by_commands(world) == {(kind, "settings")}
