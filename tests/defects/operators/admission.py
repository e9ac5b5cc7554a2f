"""Policies of admission and definitions of custom resources, beside the workloads of a repository."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import misspelt, workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

PATH = "guard/all.yaml"
_VERSION = "apiVersion: admissionregistration.k8s.io/v1\n"


def _policy(name: str, expression: str, mark: str = " #OTHER", parameters: str = "") -> str:
    return (
        f"{_VERSION}kind: ValidatingAdmissionPolicy\nmetadata:\n  name: {name}{mark}\nspec:{mark}\n"
        f"{parameters}"
        "  matchConstraints:\n    resourceRules:\n      - apiGroups: [apps]\n        apiVersions: [v1]\n"
        "        operations: [CREATE, UPDATE]\n        resources: [deployments]\n"
        f"  validations:{mark}\n    - expression: {expression}{mark}\n      message: it is asked for\n---\n"
    )


def _binding(name: str, policy: str, mark: str = "", more: str = "") -> str:
    return (
        f"{_VERSION}kind: ValidatingAdmissionPolicyBinding\nmetadata:\n  name: {name}\nspec:\n"
        f"  policyName: {policy}{mark}\n  validationActions: [Deny]\n{more}---\n"
    )


def _bound(name: str) -> str:
    """Two policies that are in force."""
    return "".join(
        _policy(f"{name}-{word}", "'true'", "") + _binding(f"{name}-{word}", f"{name}-{word}")
        for word in ("images", "networks")
    )


def _deployment(name: str, more: str) -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment #HERE\nmetadata:\n  name: {name}\nspec: #HERE\n{more}"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n"
        f"    metadata: {{labels: {{app: {name}}}}}\n"
        f"    spec: #HERE\n      containers: #HERE\n        - name: app #HERE\n"
        f"          image: shop/{name}:1.0.0 #HERE\n"
    )


@seeds("admission-policy-violated")
def asked_in_vain(files: Files) -> Iterator[Defect]:
    """A deployment with more replicas than a policy allows, or an image that it does not."""
    for item in workloads(files):
        name = f"{item.name}-copy"
        for expression, more in (
            ("object.spec.replicas <= 3", "  replicas: 5 #HERE\n"),
            ("object.spec.template.spec.containers.all(c, c.image.startsWith('own/'))", "  replicas: 2\n"),
        ):
            made = _policy("bounds", expression) + _binding("bounds", "bounds") + _deployment(name, more)
            yield marked(files, f"{name} {expression}", {PATH: made})


@seeds("admission-policy-broken")
def expression_broken(files: Files) -> Iterator[Defect]:
    """An expression that lost a bracket, or names what is not there."""
    for item in workloads(files):
        for wrong in ("size(object.spec.replicas", "objekt.spec.replicas <= 3"):
            made = _policy(f"{item.name}-bounds", wrong, " #HERE") + _binding("bounds", f"{item.name}-bounds")
            yield marked(files, f"{item.name} {wrong}", {PATH: made})


@seeds("policy-binding-without-policy")
def binding_misspelt(files: Files) -> Iterator[Defect]:
    """A binding of a policy under another name."""
    for item in workloads(files):
        for wrong in misspelt(f"{item.name}-images"):
            made = _bound(item.name) + _binding("third", wrong, " #HERE")
            yield marked(files, f"{item.name} {wrong}", {PATH: made})


@seeds("policy-without-binding")
def binding_taken(files: Files) -> Iterator[Defect]:
    """A policy that nothing binds, beside some that are bound."""
    for item in workloads(files):
        for word in ("ports", "hosts"):
            made = _bound(item.name) + _policy(f"{item.name}-{word}", "'true'", " #HERE")
            yield marked(files, f"{item.name} {word}", {PATH: made})


@seeds("policy-parameters-missing")
def parameters_misspelt(files: Files) -> Iterator[Defect]:
    """A binding with parameters under another name than they are defined with."""
    for item in workloads(files):
        limits = f"{item.name}-limits"
        for wrong in misspelt(limits):
            kind = "  paramKind: {apiVersion: v1, kind: ConfigMap} #OTHER\n"
            policy = _policy("bounds", "object.spec.replicas <= int(params.data.most)", "", kind)
            more = (
                f"  paramRef:\n    name: {wrong} #HERE\n    namespace: guard\n"
                "    parameterNotFoundAction: Deny\n"
            )
            found = (
                f"apiVersion: v1\nkind: ConfigMap #OTHER\n"
                f"metadata: {{name: {limits}, namespace: guard}} #OTHER\n"
                'data: {most: "5"}\n'
            )
            made = policy + _binding("bounds", "bounds", more=more) + found
            yield marked(files, f"{item.name} {wrong}", {PATH: made})


def _definition(rule: str, properties: str, mark: str) -> str:
    return (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n"
        "  name: queues.shop.example.com\nspec:\n  group: shop.example.com\n"
        "  names: {kind: Queue, plural: queues, singular: queue, listKind: QueueList}\n  scope: Namespaced\n"
        "  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n"
        "        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n"
        f"              type: object\n              x-kubernetes-validations:{mark}\n"
        f"                - rule: {rule}{mark}\n                  message: at most five{mark}\n"
        f"              properties:\n{properties}---\n"
    )


_SIZE = "                size: {type: integer}\n"


@seeds("custom-rule-violated")
def resource_refused(files: Files) -> Iterator[Defect]:
    """A custom resource that a rule of its definition refuses."""
    for item in workloads(files):
        for size in (6, 90):
            made = _definition("self.size <= 5", _SIZE, " #OTHER") + (
                f"apiVersion: shop.example.com/v1\nkind: Queue\nmetadata: {{name: {item.name}}}\n"
                f"spec: #HERE\n  size: {size} #HERE\n"
            )
            yield marked(files, f"{item.name} {size}", {PATH: made})


@seeds("custom-rule-broken")
def rule_broken(files: Files) -> Iterator[Defect]:
    """A rule that names a field that there is not, or compares what cannot be compared."""
    for item in workloads(files):
        for wrong in ("self.length <= 5", "self.size <= 'five'"):
            made = _definition(wrong, _SIZE, " #HERE").replace(
                "queues", f"queues{item.name.replace('-', '')}"
            )
            yield marked(files, f"{item.name} {wrong}", {PATH: made})


@seeds("definition-schema-broken")
def schema_broken(files: Files) -> Iterator[Defect]:
    """A field without a type, or of a type that there is not."""
    for item in workloads(files):
        for wrong in ("{description: how many}", "{type: int}"):
            properties = f"                size: {wrong} #HERE\n"
            made = _definition("self.name != ''", properties + "                name: {type: string}\n", "")
            made = made.replace("queues", f"queues{item.name.replace('-', '')}")
            yield marked(files, f"{item.name} {wrong}", {PATH: made})


@seeds("pod-spec-path-wrong")
def keys_misspelt(files: Files) -> Iterator[Defect]:
    """A configuration that says other keys than those that lead to the pods of a kind."""
    for item in workloads(files):
        for path in ("spec.pod.spec", "spec.template"):
            kind = item.name.title().replace("-", "")
            worker = (
                f"apiVersion: shop.example/v1\nkind: {kind}\nmetadata: {{name: {item.name}}}\nspec: #OTHER\n"
                "  template: #OTHER\n    spec: #OTHER\n"
                "      containers: [{name: a, image: shop/a:1}] #OTHER\n"
            )
            said = f"pod-spec-paths:\n  shop.example/{kind}: {path} #HERE\n"
            yield marked(files, f"{item.name} {path}", {PATH: worker, "archlint.yaml": said})
