"""Admission policies in CEL and what binds them: those of Kubernetes, and those of Kyverno in the same shape.

Source: the Kubernetes API reference, admissionregistration.k8s.io (v1, v1beta1, v1alpha1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.world import World

GROUP = "admissionregistration.k8s.io"
_KINDS = ("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")
ACTIONS = {"Deny": Severity.ERROR, "Warn": Severity.WARNING, "Audit": Severity.INFO}
"""What a broken policy is told as, by the action of its binding, the gravest first."""


@dataclass(frozen=True, slots=True)
class PolicyExpression:
    """An expression of a policy, or a validation with its message."""

    node: Node
    """The text of the expression."""
    name: str = ""
    message: str = ""
    message_expression: Node | None = None

    @property
    def text(self) -> str:
        """The expression as it is evaluated; booleans of YAML are expressions, too."""
        value = self.node.value
        return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class AdmissionPolicy(ObjectFacet):
    """A policy that judges or changes objects as they are admitted."""

    flavour: str
    """``kubernetes``, or ``kyverno`` for policies with the functions of Kyverno."""
    match: Node
    """``matchConstraints``: which requests it is about."""
    conditions: tuple[PolicyExpression, ...] = ()
    variables: tuple[PolicyExpression, ...] = ()
    validations: tuple[PolicyExpression, ...] = ()
    mutations: tuple[PolicyExpression, ...] = ()
    fails: bool = True
    """Whether an expression that cannot be evaluated refuses the request."""
    param_kind: tuple[str, str] | None = None
    """Group and kind of its parameters."""
    severity: Severity | None = None
    """What its violations are, if it says so itself; else its bindings do."""
    controllers: frozenset[str] = frozenset()
    """The resources to whose pod templates it is applied as if they were pods."""
    parameters: Node | None = None
    """Which parameters it has, if it says so itself."""
    rule: str = ""
    """The rule of the policy that it is, if that has several."""
    has_kinds: bool = False
    """Whether ``match`` is a rule of Kyverno, which chooses by kinds."""

    @classmethod
    def all(cls, world: World) -> Iterable[AdmissionPolicy]:
        """Those of Kubernetes, in the order of the text."""
        for base in world.all(KubernetesObject):
            if base.group == GROUP and base.kind in _KINDS:
                yield policy_of(base)

    def expressions(self) -> Iterator[tuple[str, int, PolicyExpression]]:
        """Each expression with its section and its position there, as ``adapters.admission`` calls them."""
        for section in ("variables", "conditions", "validations", "mutations"):
            found: tuple[PolicyExpression, ...] = getattr(self, section)
            for index, item in enumerate(found):
                yield section, index, item
        for index, item in enumerate(self.validations):
            if item.message_expression is not None:
                yield "messages", index, PolicyExpression(item.message_expression)


@dataclass(frozen=True)
class PolicyBinding(ObjectFacet):
    """What puts a policy into force, for some objects and with some parameters."""

    @classmethod
    def all(cls, world: World) -> Iterable[PolicyBinding]:
        """Every binding, in the order of the text."""
        wanted = {f"{kind}Binding" for kind in _KINDS}
        for base in world.all(KubernetesObject):
            if base.group == GROUP and base.kind in wanted:
                yield cls(base)

    @property
    def policy_kind(self) -> str:
        """The kind of policy that it binds."""
        return self.kind.removesuffix("Binding")

    @property
    def policy_name(self) -> str:
        """The name of the policy that it binds."""
        return self.base.get("spec", "policyName").text or ""

    @property
    def match(self) -> Node:
        """Which of the policy's requests it is about."""
        return self.base.get("spec", "matchResources")

    @property
    def parameters(self) -> Node:
        """``paramRef``."""
        return self.base.get("spec", "paramRef")

    @property
    def severity(self) -> Severity | None:
        """What a broken policy is told as, by the gravest action; ``None`` if it has none."""
        wanted = {item.text for item in self.base.get("spec", "validationActions").elements()}
        return next((severity for action, severity in ACTIONS.items() if action in wanted), None)


def policy_of(base: KubernetesObject) -> AdmissionPolicy:
    """A policy of Kubernetes."""
    spec = base.get("spec")
    kind = spec.get("paramKind")
    group = (kind.get("apiVersion").text or "").rpartition("/")[0]
    return AdmissionPolicy(
        base,
        flavour="kubernetes",
        match=spec.get("matchConstraints"),
        conditions=named(spec.get("matchConditions")),
        variables=named(spec.get("variables")),
        validations=validations(spec.get("validations")),
        mutations=mutations(spec.get("mutations")),
        fails=spec.get("failurePolicy").text != "Ignore",
        param_kind=(group, kind.get("kind").text or "") if kind.is_map else None,
    )


def named(items: Node) -> tuple[PolicyExpression, ...]:
    """Conditions or variables: an expression each with a name."""
    return tuple(
        PolicyExpression(item.get("expression"), item.get("name").text or "")
        for item in items.elements()
        if _is_expression(item.get("expression"))
    )


def validations(items: Node) -> tuple[PolicyExpression, ...]:
    """What has to hold, with the messages for where it does not."""
    return tuple(
        PolicyExpression(
            item.get("expression"),
            message=item.get("message").text or "",
            message_expression=_text_or_none(item.get("messageExpression")),
        )
        for item in items.elements()
        if _is_expression(item.get("expression"))
    )


def mutations(items: Node) -> tuple[PolicyExpression, ...]:
    """What is changed: apply configurations and JSON patches."""
    return tuple(
        PolicyExpression(expression)
        for item in items.elements()
        for key in ("applyConfiguration", "jsonPatch")
        if _is_expression(expression := item.get(key, "expression"))
    )


def _is_expression(node: Node) -> bool:
    return node.text is not None or isinstance(node.value, bool)


def _text_or_none(node: Node) -> Node | None:
    return node if node.text else None
