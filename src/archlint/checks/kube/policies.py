"""The organisation's own policies: what they say about its manifests, and whether they are whole."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.documents.kubernetes.definitions import definitions
from archlint.finding import Place, Severity, Span, Token
from archlint.finding.records import dataclass
from archlint.model.kubernetes.policies.admission_policies import AdmissionPolicy, PolicyBinding
from archlint.model.kubernetes.policies.policy_parameters import candidates_for, objects_of_kind
from archlint.model.kubernetes.policies.policy_verdicts import PolicyProblem, PolicyVerdict
from archlint.model.kubernetes.schemas.conformance import conformance
from archlint.model.world import World

_SHOWN = 200
"""Characters of a policy's message."""
_EFFECTS_OF_KYVERNO = {
    Severity.ERROR: "Kyverno refuses",
    Severity.WARNING: "Kyverno warns of",
    Severity.INFO: "Kyverno's report notes",
}
_EFFECTS = {
    Severity.ERROR: "The API server refuses",
    Severity.WARNING: "The API server warns of",
    Severity.INFO: "The audit log notes",
}
_WORDS = {
    "variables": "variable",
    "conditions": "match condition",
    "validations": "validation",
    "messages": "message expression",
    "mutations": "mutation",
}


@join(PolicyVerdict)
def admission_policy_violated(
    verdict: PolicyVerdict, world: World, options: Options
) -> Iterator[Observation]:
    """An object that a policy of the repository does not let in, or warns of."""
    if world.fact(conformance(definitions().newest)).is_undecodable(verdict.base):
        return  # the API server reads it before it asks policies
    policy, binding = verdict.policy, verdict.binding
    related = [(verdict.expression.node.value_place(), f"asked for by {policy.kind} '{policy.name}'")]
    if binding is not None:
        related.append((binding.base.get("spec", "policyName").place(), f"in force by '{binding.name}'"))
    yield observe(
        verdict.at.place(),
        "failed" if verdict.failure else "default",
        severity=verdict.severity,
        related=related,
        identity=(policy.kind, policy.name, verdict.expression.text, *map(str, verdict.at.route)),
        policy=policy.name,
        effect=(_EFFECTS_OF_KYVERNO if policy.flavour == "kyverno" else _EFFECTS)[verdict.severity],
        kind=verdict.kind,
        name=verdict.name,
        text=short(verdict.message.rstrip(".")),
        expression=short(" ".join(verdict.expression.text.split())),
        failure=short(verdict.failure),
    )


def short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


@join(PolicyProblem)
def admission_policy_broken(problem: PolicyProblem, world: World, options: Options) -> Iterator[Observation]:
    """An expression of a policy that is none."""
    yield observe(
        inside(problem.expression.node, problem.offset),
        identity=(problem.section, problem.expression.text),
        what=_WORDS[problem.section],
        kind=problem.policy.kind,
        policy=problem.policy.name,
        problem=short(problem.message),
    )


def inside(node: Node, offset: int) -> Place:
    """Where in a text something stands: exact in a plain, quoted or literal text that is written as it is."""
    whole = node.value_place()
    written, text = node.document.source_text(node.route), node.text or ""
    span = whole.span()
    if not written.startswith("|"):
        shift = 0 if written == text else 1 if written[1:-1] == text else None
        if shift is None or "\n" in written:
            return whole
        column = span.column + shift + offset
        return Place(whole.source, whole.route, Token.VALUE, Span(span.line, column, span.line, column + 1))
    before = text[:offset]
    line = span.line + 1 + before.count("\n")
    lines = node.document.text.split("\n")
    first = lines[span.line] if span.line < len(lines) else ""
    indent = len(first) - len(first.lstrip(" "))
    column = indent + offset - (before.rfind("\n") + 1) + 1
    return Place(whole.source, whole.route, Token.VALUE, Span(line, column, line, column + 1))


@dataclass(frozen=True, slots=True)
class _Bound:
    """The names of the policies of one kind that a repository has, and of those that its bindings name."""

    policies: frozenset[str]
    named: frozenset[str]


def _bound(world: World) -> dict[str, _Bound]:
    policies, bindings = world.all(AdmissionPolicy), world.all(PolicyBinding)
    return {
        kind: _Bound(
            frozenset(item.name for item in policies if item.kind == kind),
            frozenset(item.policy_name for item in bindings if item.policy_kind == kind and item.policy_name),
        )
        for kind in {item.kind for item in policies}
    }


@join(PolicyBinding)
def policy_binding_without_policy(
    binding: PolicyBinding, world: World, options: Options
) -> Iterator[Observation]:
    """A binding to a policy that is not there, in a repository that has those of most of its bindings."""
    bound = world.fact(_bound).get(binding.policy_kind)
    if bound is None or not binding.policy_name:
        return
    names = bound.policies
    if binding.policy_name not in names and len(bound.named & names) > len(bound.named - names):
        yield observe(
            binding.base.get("spec", "policyName").value_place(),
            kind=binding.kind,
            name=binding.name,
            policy=binding.policy_name,
            known=", ".join(sorted(names)[:3]),
        )


@join(AdmissionPolicy)
def policy_without_binding(policy: AdmissionPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A policy that nothing binds, in a repository that binds most of its policies."""
    bound = world.fact(_bound).get(policy.kind)
    if bound is None or policy.name in bound.named:
        return
    if len(bound.policies & bound.named) > len(bound.policies - bound.named):
        yield observe(policy.base.get("metadata", "name").value_place(), kind=policy.kind, policy=policy.name)


@join(PolicyBinding)
def policy_parameters_missing(
    binding: PolicyBinding, world: World, options: Options
) -> Iterator[Observation]:
    """A binding whose parameters nothing defines, in a repository that defines others of their kind."""
    for policy in world.all(AdmissionPolicy):
        if (policy.kind, policy.name) != (binding.policy_kind, binding.policy_name):
            continue
        name = binding.parameters.get("name")
        if policy.param_kind is None or not name.text or not objects_of_kind(policy, world):
            return
        if not candidates_for(policy, binding, world):
            allows = binding.parameters.get("parameterNotFoundAction").text == "Allow"
            yield observe(
                name.value_place(),
                related=[(policy.base.get("spec", "paramKind").place(), "of this kind")],
                binding=binding.name,
                kind=policy.param_kind[1],
                name=name.text,
                policy=policy.name,
                outcome="lets everything in" if allows else "refuses everything that it is about",
            )
        return
