"""Manifests judged by the policies of their repository, from the YAML to the findings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from archlint.adapters.admission import child, judging
from archlint.adapters.admission.child import ask
from archlint.adapters.admission.judging import Judgement, judgement
from archlint.engine import policies
from archlint.engine.policies import not_evaluated
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import SchemaUse
from archlint.model.kubernetes.policies.admission_matching import AdmissionSubject, Meant, matches
from tests.support.inside import archlint
from tests.support.limits import within

GROUP = "admissionregistration.k8s.io/v1"
RULE = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}


def policy(*expressions: str, name: str = "p", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": GROUP,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [RULE]},
            "validations": [{"expression": expression} for expression in expressions],
            **spec,
        },
    }


def binding(name: str = "p", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": GROUP,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": f"for-{name}"},
        "spec": {"policyName": name, "validationActions": ["Deny"], **spec},
    }


def deployment(name: str = "cart", namespace: str | None = "shop", **spec: Any) -> dict[str, Any]:
    pod = {
        "containers": [{"name": "cart", "image": "shop/cart:1.2.0"}, {"name": "log", "image": "log:latest"}]
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        "spec": {"selector": {}, "template": {"metadata": {"labels": {"app": name}}, "spec": pod}, **spec},
    }


def namespace(name: str, **labels: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def judged(folder: Path, *objects: dict[str, Any]) -> Judgement:
    """What policies say of objects, each in a file of its own; JSON is YAML."""
    for number, item in enumerate(objects):
        (folder / f"{number:03}.yaml").write_text(json.dumps(item), "utf-8")
    paths = sorted(path.name for path in folder.iterdir())
    return judgement(read_world(WorkingTree(folder), paths))


def said(found: Judgement) -> list[tuple[str, str, str]]:
    """Where something is said, what, and how grave it is."""
    return [
        (
            "/".join(map(str, verdict.at.route)),
            verdict.message or verdict.failure,
            verdict.severity.name.lower(),
        )
        for verdict in found.verdicts
    ]


def test_a_finding_stands_at_the_key_that_is_read(tmp_path: Path) -> None:
    checks = {
        "object.spec.replicas <= 5": "spec/replicas",
        "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))": (
            "spec/template/spec/containers/1/image"
        ),
        "has(object.metadata.labels) && object.metadata.labels['team'] != ''": "metadata/labels",
        "!has(object.spec.paused) || object.metadata.name.startsWith('x')": "metadata/name",
        "variables.containers.exists(c, c.name == 'proxy')": "spec/template/spec/containers",
        "variables.every.all(c, c.?securityContext.?runAsNonRoot.orValue(false))": (
            "spec/template/spec/containers/0/securityContext/runAsNonRoot"
        ),
        "object.spec.replicas == 7 ? object.metadata.name == 'x' : true": "metadata/name",
        "request.operation != 'CREATE'": "",
        "object.spec.template.spec.containers.all(i, c, i > 5)": "spec/template/spec/containers",
        "object.spec.template.spec.nodeName == 'x'": "spec/template/spec/nodeName",
        "object.spec.template.spec.containers.all(c, c.command.size() > 0)": (
            "spec/template/spec/containers/0/command"
        ),
    }
    variables = [
        {"name": "containers", "expression": "object.spec.template.spec.containers"},
        {
            "name": "every",
            "expression": "variables.containers + object.spec.template.spec.?initContainers.orValue([])",
        },
    ]
    found = judged(
        tmp_path, policy(*checks, variables=variables), binding(), deployment(replicas=7, paused=True)
    )
    routes = {verdict.expression.text: verdict.at.route for verdict in found.verdicts}
    assert {text: "/".join(map(str, route)) for text, route in routes.items()} == checks
    assert not found.unread


def test_messages_and_actions(tmp_path: Path) -> None:
    items = policy("object.spec.replicas > 1", "object.spec.replicas > 2", "object.spec.replicas > 3", "true")
    first, second, third, _ = items["spec"]["validations"]
    first |= {"message": "said", "messageExpression": "'has ' + string(object.spec.replicas)"}
    second |= {"message": "said", "messageExpression": "object.spec.nothing"}
    del third
    severities = (["Audit", "Deny"], "error"), (["Warn", "Audit"], "warning"), (["Audit"], "info")
    for number, (actions, severity) in enumerate(severities):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = judged(folder, items, binding(validationActions=actions), deployment())
        assert said(found) == [
            ("spec/replicas", "has 1", severity),
            ("spec/replicas", "said", severity),
            ("spec/replicas", "failed expression: object.spec.replicas > 3", severity),
        ]


def test_an_expression_that_fails_refuses_unless_that_is_ignored(tmp_path: Path) -> None:
    for choice, expected in (("Fail", [("metadata/labels", "no such key: labels", "error")]), ("Ignore", [])):
        folder = tmp_path / choice
        folder.mkdir()
        items = policy("object.metadata.labels.size() > 0", failurePolicy=choice)
        assert said(judged(folder, items, binding(), deployment())) == expected


def test_what_the_server_may_set_is_not_missing(tmp_path: Path) -> None:
    custom = {"apiVersion": "shop.example/v1", "kind": "Cart", "metadata": {"name": "c", "namespace": "shop"}}
    rule = {**RULE, "apiGroups": ["*"], "resources": ["*"]}
    constraints = {"resourceRules": [rule]}
    items = policy("object.spec.size > 1", "object.metadata.uid != ''", matchConstraints=constraints)
    found = judged(tmp_path, items, binding(), custom)
    assert not said(found)
    assert [(item.path, item.reason) for item in found.unread] == [("000.yaml", judging.UNREAD)]
    assert "the server may set 'spec'" in found.unread[0].detail


def test_parameters(tmp_path: Path) -> None:
    items = policy(
        "object.spec.replicas <= int(params.data.most)", paramKind={"apiVersion": "v1", "kind": "ConfigMap"}
    )
    here = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "most", "namespace": "shop"}}
    limits = [
        {**here, "data": {"most": "5"}},
        {**here, "metadata": {"name": "most", "namespace": "other"}, "data": {"most": "1"}},
        {
            **here,
            "metadata": {"name": "more", "namespace": "shop", "labels": {"limit": "yes"}},
            "data": {"most": "2"},
        },
    ]
    cases: list[tuple[dict[str, Any], int, int]] = [
        ({"name": "most", "parameterNotFoundAction": "Deny"}, 0, 0),
        ({"name": "most", "namespace": "other", "parameterNotFoundAction": "Deny"}, 1, 0),
        ({"selector": {"matchLabels": {"limit": "yes"}}, "parameterNotFoundAction": "Deny"}, 1, 0),
        ({"selector": {}, "parameterNotFoundAction": "Deny"}, 1, 0),
        ({"name": "none", "parameterNotFoundAction": "Deny"}, 0, 1),
        ({"name": "none", "parameterNotFoundAction": "Allow"}, 0, 0),
    ]
    for number, (reference, verdicts, unread) in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = judged(folder, items, binding(paramRef=reference), deployment(replicas=4), *limits)
        assert (len(found.verdicts), len(found.unread)) == (verdicts, unread), reference


def test_parameters_are_of_the_group_that_the_policy_names(tmp_path: Path) -> None:
    """Another kind of the same name is none of them, as is one of another group."""
    kind = {"apiVersion": "rules.example.com/v1", "kind": "Limit"}
    items = policy("object.spec.replicas <= params.most", paramKind=kind)
    limit = {**kind, "metadata": {"name": "most", "namespace": "shop"}}
    others = [
        {**limit, "apiVersion": "other.example.com/v1", "most": 1},
        {**limit, "apiVersion": "v1", "most": 1},
        {**limit, "kind": "Bound", "most": 1},
    ]
    reference = {"name": "most", "parameterNotFoundAction": "Deny"}
    for most, verdicts in ((5, 0), (2, 1)):
        folder = tmp_path / str(most)
        folder.mkdir()
        given = [{**limit, "apiVersion": "rules.example.com/v2", "most": most}, *others]
        found = judged(folder, items, binding(paramRef=reference), deployment(replicas=4), *given)
        assert (len(found.verdicts), len(found.unread)) == (verdicts, 0)


def test_conditions_are_false_before_they_are_unknown(tmp_path: Path) -> None:
    unknown = {"name": "who", "expression": "request.userInfo.username == 'x'"}
    other = {"name": "kind", "expression": "object.kind == 'StatefulSet'"}
    for conditions, unread in (([unknown, other], 0), ([unknown], 1), ([other], 0)):
        folder = tmp_path / str(conditions.index(other) + unread if other in conditions else 9)
        folder.mkdir()
        found = judged(folder, policy("false", matchConditions=conditions), binding(), deployment())
        assert (said(found), len(found.unread)) == ([], unread)


def test_a_policy_of_several_definitions_is_broken_if_all_are(tmp_path: Path) -> None:
    for one, other in product(("2", "9"), repeat=2):
        folder = tmp_path / f"{one}{other}"
        for stage, most in (("dev", one), ("prod", other)):
            (folder / stage).mkdir(parents=True)
            texts = (policy(f"object.spec.replicas < {most}"), binding())
            for number, item in enumerate(texts):
                (folder / stage / f"{number}.yaml").write_text(json.dumps(item), "utf-8")
        (folder / "app").mkdir()
        (folder / "app/cart.yaml").write_text(json.dumps(deployment(replicas=4)), "utf-8")
        paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml"))
        found = judgement(read_world(WorkingTree(folder), paths))
        assert bool(found.verdicts) == (one == other == "2")


def test_mutating_policies_come_first(tmp_path: Path) -> None:
    changing = {
        "apiVersion": "admissionregistration.k8s.io/v1beta1",
        "kind": "MutatingAdmissionPolicy",
        "metadata": {"name": "sidecar"},
        "spec": {
            "matchConstraints": {"resourceRules": [RULE]},
            "mutations": [
                {
                    "patchType": "ApplyConfiguration",
                    "applyConfiguration": {
                        "expression": "Object{spec: Object.spec{replicas: 3, template: Object.spec.template{"
                        "spec: Object.spec.template.spec{containers: ["
                        "Object.spec.template.spec.containers.item{name: 'log', image: 'log:1.0'}]}}}}"
                    },
                },
                {
                    "patchType": "JSONPatch",
                    "jsonPatch": {
                        "expression": "[JSONPatch{op: 'add', path: '/metadata/labels', value: {'team': 'a'}}]"
                    },
                },
            ],
        },
    }
    bound = {"apiVersion": changing["apiVersion"], "kind": "MutatingAdmissionPolicyBinding"}
    bound |= {"metadata": {"name": "sidecar"}, "spec": {"policyName": "sidecar"}}
    items = policy(
        "object.spec.replicas == 3",
        "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))",
        "object.spec.template.spec.containers.size() == 2",
        "object.spec.template.spec.containers.all(c, c.image.startsWith('log'))",
    )
    items["spec"]["matchConstraints"]["objectSelector"] = {"matchLabels": {"team": "a"}}
    found = judged(tmp_path, items, binding(), changing, bound, deployment())
    assert [route for route, _, _ in said(found)] == ["spec/template/spec/containers/0/image"]


def test_without_the_library_nothing_passes_for_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "find_spec", lambda name: None)
    found = judged(tmp_path, policy("false"), binding(), deployment())
    assert not found.verdicts
    assert "pip install" in found.unread[0].detail


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, ""),
        ({"a": 1}, "1 rule in CEL"),
        ({"a": 1, "b": 2}, "3 rules in CEL"),
        ({"a": 2}, "2 rules in CEL"),
    ],
)
def test_rules_of_custom_resources_that_nothing_evaluates_are_counted(
    monkeypatch: pytest.MonkeyPatch, counts: dict[str, int], said: str
) -> None:
    use = SchemaUse("1.37", rules=counts)
    assert not list(not_evaluated(use))  # the library is there
    monkeypatch.setattr(policies, "find_spec", lambda name: None)
    told = [notice.message for notice in not_evaluated(use)]
    assert [text.startswith(said) for text in told] == [True] * bool(said)
    assert all((" was not evaluated" in text) is said.startswith("1 ") for text in told)
    assert not list(not_evaluated(None))


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        (GROUP, "ValidatingAdmissionPolicy"),
        ("policies.kyverno.io/v1", "ValidatingPolicy"),
        ("kyverno.io/v1", "ClusterPolicy"),
    ],
)
def test_a_repository_with_policies_of_any_kind_is_judged(tmp_path: Path, version: str, kind: str) -> None:
    made = policy("object.spec.replicas > 1")
    made |= {"apiVersion": version, "kind": kind}
    if kind == "ClusterPolicy":
        cel = {"expressions": made["spec"]["validations"]}
        match = {"any": [{"resources": {"kinds": ["Deployment"]}}]}
        made["spec"] = {"rules": [{"name": "a", "match": match, "validate": {"cel": cel}}]}
    for name, item in (("a", made), ("b", binding()), ("c", deployment(replicas=1))):
        (tmp_path / f"{name}.json").write_text(json.dumps(item), "utf-8")
    flags = (
        "--ignore",
        "ALL",
        "--select",
        "admission-policy-violated",
        "--format",
        "json",
        "--fail-on",
        "never",
    )
    found = archlint("check", ".", *flags, cwd=tmp_path).report["findings"]
    assert [item["path"] for item in found] == ["c.json"]


HOSTILE = {
    "endless": "["
    + ",".join("0123456789")
    + "]"
    + "".join(f".all(a{n}, [0,1,2,3,4,5,6,7,8,9]" for n in range(9))
    + ".all(z, z < 100)"
    + ")" * 9,
    "memory": "['x'" + "]" + ".map(t, t + t)" * 30 + " == []",
    "long": " + ".join(["1"] * 4_900) + " > 0",
    "huge": " + ".join(["1"] * 15_000) + " > 0",
    "deep": "(" * 5000 + "true" + ")" * 5000,
    "backtracking": "'" + "a" * 200 + "!'.find('(a+)+$') == ''",
    "pattern": "'" + "a" * 2000 + "!'.matches('(a+)+$')",
    "no expression": "\u0000",
}


def test_hostile_expressions_are_told_and_the_rest_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.7)
    pairs = [item for name in HOSTILE for item in (policy(HOSTILE[name], name=name), binding(name))]
    items = [*pairs, policy("object.spec.replicas == 2", name="z"), binding("z"), deployment()]
    found = within(60, lambda: judged(tmp_path, *items))
    assert ("spec/replicas", "failed expression: object.spec.replicas == 2", "error") in said(found)
    told = {item.policy.name for item in (*found.verdicts, *found.problems)}
    unread = " ".join(item.detail for item in found.unread)
    assert {name for name in HOSTILE if name not in told and f"'{name}'" not in unread} == set()


def test_a_violation_is_told_once_for_all_bindings(tmp_path: Path) -> None:
    second = binding(validationActions=["Audit"])
    second["metadata"] = {"name": "another"}
    found = judged(tmp_path, policy("false"), second, binding(), deployment())
    assert [severity for _, _, severity in said(found)] == ["error"]


def test_too_many_cases_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_CASES", 2)
    found = judged(tmp_path, policy("false"), binding(), *(deployment(f"d{n}") for n in range(4)))
    assert len(found.verdicts) == 2
    assert "too many objects" in found.unread[0].detail


def test_one_child_answers_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.3)
    said_of = {"strict": True, "variables": [], "conditions": [], "messages": [None], "mutations": []}
    policies = [
        {**said_of, "validations": [text]}
        for text in ("object.a == 1", HOSTILE["backtracking"], "object.a == 2")
    ]
    questions = [{"policy": n % 3, "object": 0, "given": {}, "version": "v1"} for n in range(9)]
    problems, answers = ask([{"a": 1}], policies, questions, time.monotonic() + 60)
    assert problems == [[], [], []]
    assert [answer["state"] for answer in answers] == ["meant", "unknown", "meant"] * 3


LABELS = ({}, {"stage": "prod"}, {"stage": "test"})
SELECTORS = (
    {},
    {"matchLabels": {"stage": "prod"}},
    {"matchExpressions": [{"key": "stage", "operator": "NotIn", "values": ["prod"]}]},
    {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["shop"]}]},
    {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "Exists"}]},
    {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "DoesNotExist"}]},
    {"matchLabels": {"kubernetes.io/metadata.name": "lab"}},
)
SUBJECTS = [
    AdmissionSubject("apps", "v1", "deployments", labels, "cart", name, True, known)
    for labels, name, known in product(
        LABELS, ("shop", "lab", None), ((), ({},), ({"stage": "prod"},), ({"stage": "prod"}, {}))
    )
    if name or not known
]


def expected(constraints: dict[str, Any], subject: AdmissionSubject) -> Meant:
    """What the documentation says, word by word: all worlds that the repository leaves open have to agree."""
    answers = {
        any(_rule(rule, subject) for rule in constraints["resourceRules"])
        and _selector(constraints["objectSelector"], dict(subject.labels))
        and _selector(constraints["namespaceSelector"], {**labels, "kubernetes.io/metadata.name": name})
        and not any(_rule(rule, subject) for rule in constraints["excludeResourceRules"])
        for name in ([subject.namespace] if subject.namespace else ["shop", "lab"])
        for labels in (subject.namespaces or LABELS)
    }
    return answers.pop() if len(answers) == 1 else None


def _rule(rule: dict[str, Any], subject: AdmissionSubject) -> bool:
    return (
        bool({"CREATE", "*"} & set(rule["operations"]))
        and bool({subject.group, "*"} & set(rule["apiGroups"]))
        and bool({subject.resource, "*", "*/*"} & set(rule["resources"]))
        and rule.get("scope", "*") in ("*", "Namespaced")
        and subject.name in rule.get("resourceNames", [subject.name])
    )


def _selector(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(
        (part["key"] in labels) == (part["operator"] == "Exists")
        if "Exist" in part["operator"]
        else (labels.get(part["key"]) in part["values"]) == (part["operator"] == "In")
        for part in selector.get("matchExpressions", [])
    )


def _constraints() -> Iterator[dict[str, Any]]:
    rules = [
        RULE,
        {**RULE, "apiGroups": ["*"], "resources": ["*"], "operations": ["*"]},
        {**RULE, "resources": ["deployments/status"]},
        {**RULE, "operations": ["UPDATE", "DELETE"]},
        {**RULE, "scope": "Cluster"},
        {**RULE, "resourceNames": ["other"]},
        {**RULE, "apiGroups": [""]},
    ]
    for rule, excluded, selector, of_namespace in product(rules, ([], rules[:1]), SELECTORS[:3], SELECTORS):
        yield {
            "resourceRules": [rule],
            "excludeResourceRules": excluded,
            "objectSelector": selector,
            "namespaceSelector": of_namespace,
        }


def test_matching_is_what_every_possible_cluster_says(tmp_path: Path) -> None:
    every = list(_constraints())
    (tmp_path / "a.yaml").write_text(json.dumps({"apiVersion": "v1", "kind": "X", "items": every}), "utf-8")
    (document,) = read_world(WorkingTree(tmp_path), ["a.yaml"]).documents()
    for node, constraints in zip(document.root.get("items").elements(), every, strict=True):
        for subject in SUBJECTS:
            meant, right = matches(node, subject), expected(constraints, subject)
            is_hard = subject.namespace is None and "Exist" in str(constraints["namespaceSelector"])
            assert meant == right or (is_hard and meant is None), (constraints, subject)


def test_what_cannot_be_read_is_refused_before_policies_are_asked(tmp_path: Path) -> None:
    """And a pattern that is none is told at the policy, not at each object."""
    policy = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
  validations:
    - {expression: object.spec.replicas <= 5}
    - {expression: "object.metadata.name.matches('[')"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: replicas}
spec: {policyName: replicas, validationActions: [Deny]}
"""
    deployment = """\
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s}
spec:
  replicas: %s
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: "a:1"}]}}
"""
    objects = (("one", "'many'"), ("two", "7"), ("three", "8"))
    (tmp_path / "all.yaml").write_text(policy + "".join(deployment % each for each in objects))
    done = archlint(
        "check", ".", "--select", "KUBE780,KUBE781,KUBE811", "--format", "json", "--no-cache", cwd=tmp_path
    )
    told = [(item["code"], item["line"]) for item in json.loads(done.out)["findings"]]
    about = ("KUBE780", "KUBE781", "KUBE811")
    assert sorted(each for each in told if each[0] in about) == [
        ("KUBE780", 28), ("KUBE780", 36), ("KUBE781", 9), ("KUBE811", 20),
    ]  # fmt: skip
