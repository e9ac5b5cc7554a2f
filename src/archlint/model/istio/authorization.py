"""What a rule of an authorization policy says of a request, and what all policies of a pod decide.

A request is refused that a DENY policy matches; where there are ALLOW policies, one that none of them matches
is refused as well. CUSTOM policies come first and may refuse more, so they never make a refusal wrong; AUDIT
refuses nothing. Whatever is not known of a request is unknown, and what is unknown refuses nothing.

Sources: Istio's reference of AuthorizationPolicy; "Security", Implicit enablement and "Dependency on mutual
TLS"; "Authorization Policy Conditions"; "Security Best Practices" (rules about HTTP on ports for TCP: ALLOW
rules are left out, of DENY rules these parts); "Dry Run" (``istio.io/dry-run``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.applied_objects import Applied
from archlint.model.istio.objects import of_kind
from archlint.model.istio.requests import MeshRequest, fits
from archlint.model.istio.truth import Truth, every, negated, some
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.world import World

HTTP_KEYS = frozenset({"hosts", "methods", "paths", "requestPrincipals"})
"""What is known of HTTP requests alone."""
HTTP_CONDITIONS = "request."
_CONDITIONS = {
    "source.principal": "principals",
    "source.namespace": "namespaces",
    "destination.port": "ports",
}
"""The fields that say the same as a condition."""
_OFF = frozenset({"false", "0", "f"})
_DRY_RUN = "istio.io/dry-run"
"""The annotation of policies that are tried out: what they would do is only told."""


@dataclass(frozen=True)
class AuthorizationPolicy(ObjectFacet):
    """One AuthorizationPolicy."""

    @classmethod
    def all(cls, world: World) -> Iterable[AuthorizationPolicy]:
        """Every authorization policy in the world."""
        return [cls(item) for item in of_kind(world, "AuthorizationPolicy")]


def named_sources(world: World, *keys: str) -> Iterator[tuple[KubernetesObject, str, Node]]:
    """What rules of policies name as sources of calls under some keys: the policy, the key and the entry."""
    for item in of_kind(world, "AuthorizationPolicy"):
        for rule in item.get("spec", "rules").elements():
            for entry in rule.get("from").elements():
                for key in keys:
                    for node in entry.get("source", key).elements():
                        yield item, key, node


class Action(StrEnum):
    """What a policy does with requests that its rules match."""

    ALLOW = "ALLOW"
    DENY = "DENY"


_OTHERS = frozenset({"AUDIT", "CUSTOM"})
"""Actions that neither allow nor deny by the rules of the policy alone."""


@dataclass(frozen=True)
class Policy(Applied):
    """An AuthorizationPolicy that is about a pod, surely or perhaps."""

    @property
    def action(self) -> Action | None:
        """What it does; ``None`` if it neither allows nor denies, or is only tried out."""
        if self.base.annotations.get(_DRY_RUN, "false").lower() in _OFF:
            return Action.ALLOW if self._said is None else Action(self._said) if self._is_plain else None
        return None

    @property
    def is_unclear(self) -> bool:
        """Whether it may allow or deny, which another program fills in."""
        return self._said is not None and self._said not in _OTHERS and not self._is_plain

    @property
    def _said(self) -> str | None:
        return self.base.get("spec", "action").text

    @property
    def _is_plain(self) -> bool:
        return self._said in list(Action)

    @property
    def rules(self) -> Iterable[Node]:
        """Its rules; one without any matches nothing."""
        return self.base.get("spec", "rules").elements()

    @property
    def size(self) -> int:
        """How much there is to look at: its rules, and itself."""
        rules = self.base.get("spec", "rules").value
        return 1 + (len(rules) if isinstance(rules, list) else 0)


@dataclass(frozen=True)
class RuleAnswer:
    """What one rule says of a request, part by part."""

    policy: Policy
    rule: Node
    source: Truth
    operation: Truth
    condition: Truth

    @property
    def whole(self) -> Truth:
        """Whether it matches."""
        return every((self.source, self.operation, self.condition))


@dataclass(frozen=True)
class Refusal:
    """Why a request is surely refused."""

    denying: RuleAnswer | None
    """The rule that denies it; ``None`` if none allows it."""
    allowing: tuple[RuleAnswer, ...] = ()
    """The rules of policies that surely are about the pod, none of which allows it."""
    empty: Policy | None = None
    """The first policy that allows, and surely is about the pod."""


def refusal(policies: Sequence[Policy], request: MeshRequest) -> Refusal | None:
    """Why the policies of a pod refuse a request; ``None`` if they let it in, or may."""
    for policy in policies:
        if policy.action is Action.DENY and policy.is_sure:
            for found in _answers(policy, request):
                if found.whole:
                    return Refusal(found)
    if any(policy.is_unclear for policy in policies):
        return None
    allowing = [policy for policy in policies if policy.action is Action.ALLOW]
    sure = [policy for policy in allowing if policy.is_sure]
    if not sure:
        return None
    answers = [found for policy in allowing for found in _answers(policy, request)]
    if any(found.whole is not False for found in answers):
        return None
    return Refusal(None, tuple(found for found in answers if found.policy.is_sure), sure[0])


def _answers(policy: Policy, request: MeshRequest) -> Iterator[RuleAnswer]:
    """What the rules of a policy say of a request."""
    asked = _Asked(request, policy)
    for rule in policy.rules:
        sources = [item.get("source") for item in rule.get("from").elements()]
        operations = [item.get("operation") for item in rule.get("to").elements()]
        yield RuleAnswer(
            policy,
            rule,
            some(map(asked.holds, sources)) if sources else True,
            some(map(asked.holds, operations)) if operations else True,
            every(map(asked.meets, rule.get("when").elements())),
        )


def plain_field(key: str) -> str:
    """A field of ``source`` or ``operation`` without the ``not`` that may stand before it."""
    is_negated = key.startswith("not") and key[3:4].isupper()
    return key[3:4].lower() + key[4:] if is_negated else key


class _Asked:
    """One request, as the rules of one policy look at it."""

    def __init__(self, request: MeshRequest, policy: Policy) -> None:
        self._request = request
        self._denies = policy.action is Action.DENY
        caller, home = request.caller, policy.base.namespace
        self._tests: dict[str, Callable[[str], Truth]] = {
            "principals": caller.has_principal,
            "namespaces": caller.is_in,
            "serviceAccounts": lambda pattern: caller.runs_as(pattern, home),
            "ports": request.arrives_at,
            "methods": self._has_method,
        }

    def holds(self, stated: Node) -> Truth:
        """Whether all fields of a source or operation hold; one without any is refused by the API server."""
        fields = list(stated.items())
        return every(self._field(key, node) for key, node in fields) if fields else None

    def _field(self, key: str, node: Node) -> Truth:
        values = [item.text for item in node.elements()]
        plain = plain_field(key)
        if not values or None in values:
            return None
        if plain in HTTP_KEYS and not self._request.is_http:
            return None if self._request.is_http is None else self._denies
        found = some(self._value(plain, value or "") for value in values)
        return found if plain == key else negated(found)

    def _value(self, key: str, value: str) -> Truth:
        test = self._tests.get(key)
        if test is not None:
            return test(value)
        return True if value == "*" and key in ("hosts", "paths") else None

    def _has_method(self, pattern: str) -> Truth:
        method = self._request.method
        if pattern == "*":
            return True
        return None if method is None else fits(pattern, method)

    def meets(self, condition: Node) -> Truth:
        """Whether an entry of ``when`` holds."""
        key = condition.get("key").text or ""
        if key.startswith(HTTP_CONDITIONS) and not self._request.is_http:
            return None if self._request.is_http is None else self._denies
        plain = _CONDITIONS.get(key)
        if plain is None:
            return None
        wanted, unwanted = condition.get("values"), condition.get("notValues")
        answers: list[Truth] = []
        if wanted.exists:
            answers.append(self._field(plain, wanted))
        if unwanted.exists:
            answers.append(negated(self._field(plain, unwanted)))
        return every(answers) if answers else None
