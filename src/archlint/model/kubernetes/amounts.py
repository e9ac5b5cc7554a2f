"""Amounts of resources in manifests: what containers ask for, how large volumes are, what is left to use.

Source: the Kubernetes API reference. ``memory``, ``storage``, ``ephemeral-storage`` and ``hugepages-*`` count
bytes, in a ResourceQuota also behind ``requests.``, ``limits.`` and a storage class.

Kubernetes quantities (``500m``, ``1.5Gi``, ``1e3``) as exact numbers.

Source: the grammar in ``k8s.io/apimachinery/pkg/api/resource``: a signed decimal number, then nothing, one of
the decimal suffixes n u m k M G T P E, one of the binary suffixes Ki Mi Gi Ti Pi Ei, or a decimal exponent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_BYTES = frozenset({"memory", "storage", "ephemeral-storage", "sizeLimit"})
_RANGE_PARTS = ("default", "defaultRequest", "max", "min")


@dataclass(frozen=True)
class Amount:
    """One quantity of a resource."""

    node: Node
    resource: str
    """Its name, such as ``memory``."""
    where: str
    """What it is an amount of, such as ``container 'cart'``."""
    object: ObjectRef

    @classmethod
    def all(cls, world: World) -> Iterable[Amount]:
        """Every amount in every manifest, in the order of the text for each object."""
        for workload in world.all(Workload):
            yield from _of_pods(workload)
        for base in world.all(KubernetesObject):
            for where, node in _of_object(base):
                yield from _entries(node, where, base.object)
            yield from _targets(base)

    @property
    def source(self) -> Document:
        """The document that holds it."""
        return self.node.document

    @property
    def counts_bytes(self) -> bool:
        """Whether it is an amount of memory or storage."""
        name = self.resource.rpartition("/")[2] if "storageclass" in self.resource else self.resource
        name = name.removeprefix("requests.").removeprefix("limits.")
        return name in _BYTES or name.startswith("hugepages-")


def _entries(node: Node, where: str, about: ObjectRef) -> Iterator[Amount]:
    for resource, amount in node.items():
        if amount.is_set:
            yield Amount(amount, resource, where, about)


def _of_pods(workload: Workload) -> Iterator[Amount]:
    about, pod = workload.object, workload.pod_spec
    parts = [(container.node, f"container '{container.name}'") for container in workload.containers]
    for holder, where in (*parts, (pod, "the pod")):
        for section in ("requests", "limits"):
            yield from _entries(holder.get("resources", section), where, about)
    for volume in pod.get("volumes").elements():
        where = f"volume '{volume.get('name').text or '?'}'"
        limit = volume.get("emptyDir", "sizeLimit")
        if limit.is_set:
            yield Amount(limit, "sizeLimit", where, about)
        claim = volume.get("ephemeral", "volumeClaimTemplate", "spec", "resources", "requests")
        yield from _entries(claim, where, about)


def _of_object(base: KubernetesObject) -> Iterator[tuple[str, Node]]:
    """What stands outside of pods, each with the words for it."""
    itself = f"{base.kind} '{base.name}'"
    spec = base.get("spec")
    if base.group == "" and base.kind == "PersistentVolumeClaim":
        yield from ((itself, spec.get("resources", section)) for section in ("requests", "limits"))
    elif base.group == "" and base.kind == "PersistentVolume":
        yield itself, spec.get("capacity")
    elif base.group == "" and base.kind == "ResourceQuota":
        yield itself, spec.get("hard")
    elif base.group == "" and base.kind == "LimitRange":
        for item in spec.get("limits").elements():
            yield from ((itself, item.get(part)) for part in _RANGE_PARTS)
    elif base.group == "apps" and base.kind == "StatefulSet":
        for claim in spec.get("volumeClaimTemplates").elements():
            name = claim.get("metadata", "name").text or "?"
            yield f"claim '{name}'", claim.get("spec", "resources", "requests")


def _targets(base: KubernetesObject) -> Iterator[Amount]:
    """The amounts of a resource that a HorizontalPodAutoscaler aims at; other metrics have other units."""
    if (base.group, base.kind) != ("autoscaling", "HorizontalPodAutoscaler"):
        return
    itself = f"{base.kind} '{base.name}'"
    for metric in base.get("spec", "metrics").elements():
        for source in ("resource", "containerResource"):
            target = metric.get(source, "target", "averageValue")
            if target.is_set:
                yield Amount(target, metric.get(source, "name").text or "?", itself, base.object)


_QUANTITY = regex(
    r"([+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?\Z"
)
_LONGEST = 64  # more characters mean no quantity, and exact arithmetic on them would cost time
_FACTORS = {
    **{suffix: Fraction(10) ** power for suffix, power in zip("num", (-9, -6, -3), strict=True)},
    **{suffix: Fraction(1000) ** power for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": Fraction(1024) ** power for power, suffix in enumerate("KMGTPE", 1)},
}


def parse_quantity(value: object) -> Fraction | None:
    """The exact number that a quantity means, in its base unit (cores, bytes); ``None`` if it is no quantity.

    Takes text and plain numbers, since manifests may write ``cpu: 2`` and ``cpu: 0.5`` without quotes.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return _parse(value if isinstance(value, str) else _digits(value))


def _digits(number: int | float) -> str:
    """The text of a number; one too long to be a quantity becomes a text that is none."""
    if isinstance(number, int) and number.bit_length() > 4 * _LONGEST:
        return ""
    return repr(number)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Fraction | None:
    found = _QUANTITY.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    number = Fraction(Decimal(found[1]))
    if found[2]:
        return number * _FACTORS[found[2]]
    return number * Fraction(10) ** int(found[3]) if found[3] else number
