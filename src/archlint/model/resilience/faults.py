"""Faults that a mesh or a gateway puts into calls on purpose.

Sources: Istio, HTTPFaultInjection (without a percentage nothing happens); Envoy Gateway, FaultInjection
(without one, every request is meant); Envoy, HTTPFault; Kuma, MeshFaultInjection; Chaos Mesh and LitmusChaos,
experiments as objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.sets import find_objects, fits
from archlint.model.world import World

_TRIAL = regex(
    r"(?:\A|[-_./])(?:dev|devel|development|tests?|testing|qa|int|integration|e2e|stage|staging|sandbox|preview"
    r"|demos?|local|ephemeral|canary|chaos|faults?|fault-injection|resilience|resiliency|experiments?|drills?"
    r"|game-?days?|litmus|load|perf|performance|samples?|examples?|tutorials?|labs?|workshops?|docs?|delays?"
    r"|aborts?|inject(?:ion|ed)?|simulat(?:e|ion|ed)|errors?|[45]\d\d)(?:\Z|[-_./\d])"
)
_REAL = regex(r"(?:\A|[-_./])(?:prod|production|prd|live)(?:\Z|[-_./])")
_NUMBER = regex(r"\d{1,3}(?:\.\d{1,9})?")
_CHAOS = frozenset({"chaos-mesh.org", "litmuschaos.io"})
_SOME = ("headers", "withoutHeaders", "queryParams", "sourceLabels", "sourceNamespace")
"""Conditions of a match by which only some callers are meant, such as a tester."""
_WHOLE = 100
_INJECTING = frozenset({"VirtualService", "BackendTrafficPolicy", "EnvoyFilter", "MeshFaultInjection"})
_FILTER = "envoy.filters.http.fault"
_SIZES = {"HUNDRED": 100, "TEN_THOUSAND": 10_000, "MILLION": 1_000_000}
"""What fractions of Envoy are parts of."""


@dataclass(frozen=True)
class InjectedFault(ObjectFacet):
    """A fault that requests of everybody meet."""

    node: Node
    effect: str
    """Such as ``answers 10 % of the requests with 503``."""
    is_experiment: bool = False

    @classmethod
    def all(cls, world: World) -> Iterable[InjectedFault]:
        """Every fault outside of what is kept for trying things out."""
        for base in world.all(KubernetesObject):
            if base.group in _CHAOS:
                if _is_real(base):
                    yield cls(base, base.get("kind"), base.kind, True)
            elif base.kind in _INJECTING and not _is_trial(base) and not _is_chosen(base, world):
                yield from _of_object(base)


def _words(base: KubernetesObject) -> str:
    return f"{base.source.path}/{base.namespace or ''}/{base.name}".lower()


def _is_trial(base: KubernetesObject) -> bool:
    return _TRIAL.search(_words(base)) is not None


def _is_real(base: KubernetesObject) -> bool:
    """Whether an experiment is kept among what customers use, and not in a place of its own."""
    folder = f"{base.source.path.rpartition('/')[0]}/{base.namespace or ''}".lower()
    return _REAL.search(folder) is not None and _TRIAL.search(folder) is None


def _is_chosen(base: KubernetesObject, world: World) -> bool:
    """Whether only some requests reach what an object is for, as others say of it."""
    spec = base.get("spec")
    if base.kind == "VirtualService":
        is_root = any(spec.get("hosts").elements())
        return not is_root and not any(_is_open(rule, "match") for rule in _delegating(base, world))
    if base.kind == "BackendTrafficPolicy":
        named = [spec.get("targetRef"), *spec.get("targetRefs").elements()]
        targets = [node for node in named if node.is_map]
        return bool(targets) and all(_is_narrow(base, node, world) for node in targets)
    return False


def _is_open(rule: Node, key: str) -> bool:
    return not _is_for_some(rule.get(key))


def _delegating(base: KubernetesObject, world: World) -> Iterator[Node]:
    """The rules of others that hand their requests on to a VirtualService without hosts."""
    for root in find_objects(world, base, "VirtualService"):
        if not _is_trial(root):
            for rule in root.get("spec", "http").elements():
                name = rule.get("delegate", "name").text
                namespace = rule.get("delegate", "namespace").text or root.namespace
                if name == base.name and fits(base, namespace):
                    yield rule


def _is_narrow(base: KubernetesObject, target: Node, world: World) -> bool:
    """Whether a policy is for a route that only some callers take."""
    kind, name, part = (target.get(key).text for key in ("kind", "name", "sectionName"))
    if kind not in ("HTTPRoute", "GRPCRoute") or not name:
        return False
    rules = [
        rule
        for route in find_objects(world, base, kind, name, base.namespace)
        for rule in route.get("spec", "rules").elements()
        if part is None or rule.get("name").text == part
    ]
    return bool(rules) and not any(_is_open(rule, "matches") for rule in rules)


def _of_object(base: KubernetesObject) -> Iterator[InjectedFault]:
    if base.group == "networking.istio.io":
        for rule in base.get("spec", "http").elements():
            if rule.get("fault").is_map and not _is_for_some(rule.get("match")):
                yield from _of_fault(base, rule.get("fault"), 0)
        for patch in base.get("spec", "configPatches").elements():
            is_outbound = patch.get("match", "context").text == "SIDECAR_OUTBOUND"
            if not (is_outbound and base.get("spec", "workloadSelector").is_set):
                yield from _of_filter(base, patch.get("patch", "value"))
    elif base.group == "gateway.envoyproxy.io":
        yield from _of_fault(base, base.get("spec", "faultInjection"), _WHOLE)
    elif base.group == "kuma.io":
        for side in (*base.get("spec", "from").elements(), *base.get("spec", "to").elements()):
            if side.get("targetRef", "kind").text in (None, "Mesh"):
                for fault in side.get("default", "http").elements():
                    yield from _of_fault(base, fault, 0)


def _of_filter(base: KubernetesObject, value: Node) -> Iterator[InjectedFault]:
    """The faults of a filter of Envoy that is meant for everybody."""
    config = value.get("typed_config")
    config = config.get("value") if config.get("value").is_map else config
    is_for_some = any(config.get(key).is_set for key in ("headers", "downstream_nodes"))
    if value.get("name").text == _FILTER and not is_for_some:
        for part in (config.get("delay"), config.get("abort")):
            share = _fraction(part.get("percentage"))
            length = part.get("fixed_delay")
            status = next((part.get(k) for k in ("http_status", "grpc_status") if part.get(k).is_set), None)
            if share and length.text:
                yield InjectedFault(base, part, f"delays {share:g} % of the requests by {length.text}")
            elif share and status is not None:
                yield InjectedFault(base, part, f"answers {share:g} % of the requests with {status.value}")


def _fraction(node: Node) -> float:
    """A fraction of Envoy, in percent."""
    numerator, size = node.get("numerator").integer, node.get("denominator").text or "HUNDRED"
    return numerator * _WHOLE / _SIZES[size] if numerator and numerator > 0 and size in _SIZES else 0


def _is_for_some(match: Node) -> bool:
    """Whether each way to match a route asks for a certain caller."""
    ways = list(match.elements())
    return bool(ways) and all(any(way.get(key).is_set for key in _SOME) for way in ways)


def _of_fault(base: KubernetesObject, fault: Node, unsaid: float) -> Iterator[InjectedFault]:
    delay, abort = fault.get("delay"), fault.get("abort")
    share = _share(delay, unsaid)
    length = delay.get("fixedDelay" if delay.get("fixedDelay").is_set else "value")
    if share and length.text:
        yield InjectedFault(base, delay, f"delays {share:g} % of the requests by {length.text}")
    share = _share(abort, unsaid)
    status = next((abort.get(key) for key in ("httpStatus", "grpcStatus") if abort.get(key).is_set), None)
    if share and status is not None:
        yield InjectedFault(base, abort, f"answers {share:g} % of the requests with {status.value}")


def _share(part: Node, unsaid: float) -> float:
    """The percentage of requests that meet a fault."""
    if not part.is_map:
        return 0
    stated = part.get("percentage")
    nodes = (stated.get("value") if stated.is_map else stated, part.get("percent"))
    said = next((node for node in nodes if node.is_set), None)
    if said is None:
        return 0 if stated.is_set else unsaid
    value = said.value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value <= _WHOLE else 0
