"""Policies that select nothing, workloads that no policy selects, rules that are not in force."""

from __future__ import annotations

import json

import pytest

from tests.net.worlds import custom, deployment, found_by, policy, world_of
from tests.net.worlds import findings_of as all_findings
from tests.support.charts import helm


def _nothing(tmp_path, *objects, **files):
    return found_by("policy-selects-nothing", tmp_path, {"all.json": list(objects), **files})


def _without(tmp_path, *objects):
    found = found_by("workload-without-policy", tmp_path, {"all.json": list(objects)})
    return sorted(finding.object.name for finding in found if finding.object)


def test_a_selector_with_a_slip(tmp_path) -> None:
    slip = policy("cart", "shop", selector={"app": "carts"})
    (finding,) = _nothing(tmp_path, slip, deployment("cart", "shop"))
    assert "'app: carts'" in finding.message
    assert finding.aliases == ("kube-score:networkpolicy-targets-pod", "kube-linter:dangling-networkpolicy")


@pytest.mark.parametrize(
    "others",
    [
        [deployment("cart", "shop")],
        [deployment("cart")],
        [deployment("cart", "shop", hostNetwork=True)],
        [],
        [deployment("other", "bank")],
        [{**deployment("other", "shop"), "kind": "Thing", "apiVersion": "example.com/v1"}],
        [deployment("other", "shop"), custom("Kafka", "kafka.strimzi.io/v1", "cart", "shop")],
    ],
    ids=[
        "found",
        "unknown namespace",
        "host network",
        "no workload",
        "elsewhere",
        "no workload kind",
        "operator",
    ],
)
def test_selectors_that_are_right_or_cannot_be_judged(tmp_path, others) -> None:
    assert _nothing(tmp_path, policy("cart", "shop", selector={"app": "cart"}), *others) == []


@pytest.mark.parametrize(
    "malformed",
    [
        {"key": "app", "operator": "In"},
        {"key": "app", "operator": "NotIn", "values": []},
        {"key": "app", "operator": "Exists", "values": ["x"]},
        {"key": "app", "operator": "Equals", "values": ["x"]},
        {"key": "app", "values": ["x"]},
        {"operator": "In", "values": ["x"]},
        {"key": "a b", "operator": "In", "values": ["x"]},
        {"key": "app", "operator": "In", "values": ["x y"]},
        {"key": "app", "operator": "In", "values": "x"},
        "app",
    ],
    ids=str,
)
@pytest.mark.parametrize("is_peer", [False, True], ids=["subject", "peer"])
def test_what_the_api_server_refuses_selects_nothing_and_is_told_as_that(
    tmp_path, malformed, is_peer
) -> None:
    rules = ("policy-selects-nothing", "policy-peer-selects-nothing")
    for name, label, count in (("whole", "x", 1), ("broken", None, 0)):
        asked = {"key": "app", "operator": "In", "values": [label]} if label else malformed
        selector = {"matchExpressions": [asked]}
        spec = {"ingress": [{"from": [{"podSelector": selector}]}]} if is_peer else {"podSelector": selector}
        objects = [policy("slip", "shop", **spec), deployment("cart", "shop")]
        found = found_by(rules[is_peer], tmp_path / name, {"all.json": objects})
        assert len(found) == count


def test_label_keys_that_no_workload_uses_are_of_others(tmp_path) -> None:
    operator = policy("db", "shop", selector={"cnpg.io/cluster": "db"})
    assert _nothing(tmp_path, operator, deployment("cart", "shop")) == []


@pytest.mark.parametrize(("provider", "told"), [("vault", 0), ("azure", 1), (None, 1)])
def test_pods_of_providers_of_secrets_are_installed_with_the_driver(tmp_path, provider, told) -> None:
    """In whatever namespace, and a class names them."""
    said = custom("SecretProviderClass", "secrets-store.csi.x-k8s.io/v1", "db", "bank")
    said["spec"] = {"provider": provider} if provider else {}
    rule = policy("provider", "shop", selector={"app": "vault-csi-provider"})
    assert len(_nothing(tmp_path, rule, said, deployment("cart", "shop"))) == told


def test_workloads_in_another_folder_count(tmp_path) -> None:
    files = {
        "policies/cart.json": [policy("cart", "shop", selector={"app": "cart"})],
        "policies/slip.json": [policy("slip", "shop", selector={"app": "crt"})],
        "apps/cart.json": [deployment("cart", "shop")],
    }
    (finding,) = found_by("policy-selects-nothing", tmp_path, files)
    assert finding.location.path == "policies/slip.json"


def test_labels_that_a_kustomization_adds_count(tmp_path) -> None:
    files = {
        "base/cart.json": json.dumps(deployment("cart", "shop")),
        "base/kustomization.yaml": "resources: [cart.json]\ncommonLabels: {part: shop}\n",
        "policy.json": json.dumps(policy("all", "shop", selector={"part": "shop"})),
        "part.json": json.dumps(
            deployment("part", "shop") | {"metadata": {"name": "part", "namespace": "shop"}}
        ),
    }
    found = all_findings(world_of(tmp_path, files), "NET")
    assert "policy-selects-nothing" not in {finding.rule for finding in found}


def test_a_workload_without_policy_among_others_with_one(tmp_path) -> None:
    policies = [policy(name, "shop", selector={"app": name}) for name in ("a", "b")]
    workloads = [deployment(name, "shop") for name in ("a", "b", "c")]
    assert _without(tmp_path, *policies, *workloads) == ["c"]


def test_a_single_policy_among_many_is_no_custom(tmp_path) -> None:
    workloads = [deployment(name, "shop") for name in "abcdef"]
    assert _without(tmp_path, policy("a", "shop", selector={"app": "a"}), *workloads) == []


def test_each_namespace_is_judged_by_itself(tmp_path) -> None:
    objects = [policy("a", "shop"), deployment("a", "shop"), deployment("b", "bank")]
    assert _without(tmp_path, *objects) == []


@pytest.mark.parametrize(
    "exempt",
    [
        deployment("c", "shop", hostNetwork=True),
        {**deployment("c", "shop"), "apiVersion": "batch/v1", "kind": "Job"},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c", "namespace": "shop"}, "spec": {}},
    ],
    ids=["host network", "job", "pod"],
)
def test_what_needs_no_policy(tmp_path, exempt) -> None:
    assert (
        _without(tmp_path, policy("a", "shop", selector={"app": "a"}), deployment("a", "shop"), exempt) == []
    )


def test_the_example_of_a_protected_neighbour_is_of_a_policy_of_its_own_namespace(tmp_path) -> None:
    """Where it names none, policies of any namespace may select it as well."""
    own = [policy("a", selector={"app": "a"}), deployment("a"), deployment("b")]
    files = {
        "applied/all.json": policy("a", "shop", selector={"app": "a"}),
        "base/all.json": own,
        "base/kustomization.yaml": "resources: [all.json]\n",
    }
    (finding,) = found_by("workload-without-policy", tmp_path, files)
    assert [place.path for place in finding.related] == ["base/all.json"]


def test_policies_of_other_makers_may_cover_it(tmp_path) -> None:
    calico = custom("GlobalNetworkPolicy", "projectcalico.org/v3", "all", spec={})
    objects = [policy("a", "shop", selector={"app": "a"}), deployment("a", "shop"), deployment("b", "shop")]
    assert _without(tmp_path / "a", *objects) == ["b"]
    assert _without(tmp_path / "b", *objects, calico) == []


@pytest.mark.parametrize(
    ("spec", "omitted"),
    [
        ({"policyTypes": ["Ingress"], "egress": [{}]}, ["egress"]),
        ({"policyTypes": ["Egress"], "ingress": [{}]}, ["ingress"]),
        ({"policyTypes": ["Other"], "ingress": [{}], "egress": [{}]}, []),
        ({"policyTypes": ["Ingress", "Egress, Ingress"], "egress": [{}]}, []),
        ({"policyTypes": ["Ingress"], "egress": []}, []),
        ({"policyTypes": [], "egress": [{}], "ingress": [{}]}, []),
        ({"egress": [{}], "ingress": [{}]}, []),
        ({"policyTypes": ["Ingress", "Egress"], "egress": [{}]}, []),
    ],
)
def test_rules_that_policy_types_leave_out(tmp_path, spec, omitted) -> None:
    found = found_by("policy-types-omit-rules", tmp_path, {"policy.json": policy(**spec)})
    assert [finding.arguments["direction"] for finding in found] == omitted


def test_keys_of_another_set_count_only_where_the_own_one_has_no_labels(tmp_path) -> None:
    slip = policy("slip", "shop", selector={"app": "crt"})
    labelled, other = deployment("cart", "shop"), deployment("cart", "shop")
    labelled["spec"]["template"]["metadata"]["labels"] = {"tier": "web"}
    for name, own, count in (("labels", [labelled], 0), ("none", [], 1)):
        files = {"one/slip.json": [slip, *own], "one/again.json": [custom("A", "b.c/v1", "x", "shop")]}
        files |= {"two/cart.json": [other], "two/again.json": [custom("A", "b.c/v1", "x", "shop")]}
        assert len(found_by("policy-selects-nothing", tmp_path / name, files)) == count


def _overlays(*names: str, **policies) -> dict[str, str]:
    """Overlays that define the workloads ``a`` and ``b`` each, with policies of their own."""
    files = {}
    for name in names:
        own = [deployment("a", "shop"), deployment("b", "shop"), *policies.get(name, [])]
        files |= {f"{name}/{number}.json": json.dumps(item) for number, item in enumerate(own)}
        listed = [f"{number}.json" for number in range(len(own))]
        files[f"{name}/kustomization.yaml"] = json.dumps({"resources": listed})
    return files


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([policy("a", "shop", selector={"app": "a"}), policy("b", "shop", selector={"app": "b"})], []),
        ([policy("a", "shop", selector={"app": "a"})], ["test/0.json"]),
    ],
    ids=["both in both", "one in one alone"],
)
def test_a_policy_of_one_overlay_protects_nothing_in_another(tmp_path, others, told) -> None:
    both = [policy(name, "shop", selector={"app": name}) for name in "ab"]
    files = _overlays("live", "test", live=both, test=others)
    found = all_findings(world_of(tmp_path, files), "NET")
    gaps = [finding for finding in found if finding.rule == "workload-without-policy"]
    assert [finding.location.path.replace("1.json", "0.json") for finding in gaps] == told
    unprotected = [finding for finding in found if finding.rule == "pods-not-isolated"]
    assert {finding.message_id for finding in unprotected} == ({"egress", "default"} if told else {"egress"})


@pytest.mark.parametrize("protected", [(), ("a",), ("a", "c"), ("a", "b", "c")])
def test_sets_of_values_of_one_chart_are_no_neighbours(tmp_path, protected) -> None:
    """Each is a release of its own, though one folder holds all of them."""
    helm()
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: collector\nversion: 1.0.0\n",
        "chart/templates/pods.yaml": _ONE_OF_MANY,
        "chart/values.yaml": "name: main\nhas_policy: false\n",
    }
    for name in "abc":
        text = f"name: {name}\nhas_policy: {str(name in protected).lower()}\n"
        files[f"chart/ci/{name}-values.yaml"] = text
    found = all_findings(world_of(tmp_path, files), "NET")
    assert [item for item in found if item.rule == "workload-without-policy"] == []


_ONE_OF_MANY = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Values.name }}}
spec:
  selector: {matchLabels: {app: {{ .Values.name }}}}
  template:
    metadata: {labels: {app: {{ .Values.name }}}}
    spec: {containers: [{name: main, image: "shop/main:1"}]}
{{ if .Values.has_policy }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: {{ .Values.name }}}
spec: {podSelector: {matchLabels: {app: {{ .Values.name }}}}}
{{ end }}
"""


def test_what_belongs_to_all_overlays_may_be_in_one_cluster_alone(tmp_path) -> None:
    both = [policy(name, "shop", selector={"app": name}) for name in "abc"]
    files = _overlays("live", "test", live=both, test=both[:2])
    files["apps/c.json"] = json.dumps(deployment("c", "shop"))
    found = all_findings(world_of(tmp_path, files), "NET")
    named = [item.object.name for item in found if item.rule == "workload-without-policy" and item.object]
    assert named == []


def test_pods_that_only_egress_policies_select_accept_everybody(tmp_path) -> None:
    calls = policy("calls", "shop", policyTypes=["Egress"])
    workloads = [deployment(name, "shop") for name in "abc"]
    callers = [policy(name, "shop", selector={"app": name}) for name in "ab"]
    found = found_by("workload-without-policy", tmp_path / "a", {"all.json": [calls, *callers, *workloads]})
    assert [(item.object.name, item.message_id) for item in found if item.object] == [("c", "ingress")]
    assert found_by("workload-without-policy", tmp_path / "b", {"all.json": [calls, *workloads]}) == []
