"""Addresses that hold in one place only: of the pod itself, of another environment, a number.

A variable says by its name which Service it means: ``CATALOG_ADDR`` that of ``catalog``. Where it holds
another address, or ``localhost``, what stands there was right on a laptop, or on the day it was written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import fits
from archlint.model.services.grouping import ServiceGroups, service_groups
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import cluster_names, ports_of, service_names
from archlint.model.services.variable_names import words_of
from archlint.model.system.names import plain, stem
from archlint.model.world import World

_FEWEST_LETTERS = 3
"""Letters of a name that is looked for in names of variables."""
_MOST_WORDS = 8
_MESHES = ("istio", "linkerd", "kuma")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORT = regex(r"(?<![\w.])[0-9]{2,5}(?![\w.])")
_BROWSER = frozenset(
    {
        *("REACT", "VITE", "VUE", "GATSBY", "EXPO", "BROWSER", "FRONTEND", "PUBLIC", "TEST"),
        *("SWAGGER", "DOCS", "CALLBACK", "REDIRECT"),
    }
)
"""Words in names of variables whose address somebody else than the container connects to."""
_OWN_PAGES = frozenset({"METRICS", "ADMIN", "HEALTH", "HEALTHZ", "DEBUG", "PPROF", "STATUS"})
_LISTENING = frozenset({"ADDR", "ADDRESS", "BIND", "LISTEN"})
"""How names of variables end that may hold what a program listens on: ``METRICS_ADDR=127.0.0.1:9090``."""
_LONGEST_TEXT = 20_000


class HardCoding(StrEnum):
    """In which place alone an address holds."""

    POD = "pod"
    """``localhost``, where nothing in the pod offers the service that is meant."""
    ENVIRONMENT = "environment"
    """A Service of another namespace, while the caller's own one has it too."""
    NUMBER = "number"
    """An IP address in place of the name of a Service."""


@dataclass(frozen=True, eq=False)
class HardCodedAddress:
    """A variable with an address that holds in one place only."""

    kind: HardCoding
    reference: Reference
    meant: KubernetesObject
    """The Service that should be called."""
    port: int | None
    """The port under which it is."""
    is_own_port: bool = False
    """Whether the pod itself listens on the port, so that it calls itself."""

    @classmethod
    def all(cls, world: World) -> Iterable[HardCodedAddress]:
        """Every such address, in the order of the text."""
        yield from _Finder(world).found()

    @property
    def right(self) -> str:
        """What to write instead."""
        address, home = self.reference.address, self.reference.workload.namespace
        is_beside = self.meant.namespace in (None, home) or home is None
        host = self.meant.name if is_beside else f"{self.meant.name}.{self.meant.namespace}.svc"
        scheme = f"{address.scheme}://" if address.scheme else ""
        return f"{scheme}{host}" + (f":{self.port}" if self.port is not None else "")

    @property
    def source(self) -> Document:
        """The document that holds the value."""
        return self.reference.source

    @property
    def object(self) -> ObjectRef:
        """The object that holds it."""
        return self.reference.object


class _Finder:
    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: ServiceGroups = world.fact(service_groups)
        self._names = world.fact(service_names)
        self._selected = world.fact(routing).workloads
        self._by_stem: dict[str, list[KubernetesObject]] = defaultdict(list)
        for fronts in self._names.by_name.values():
            for front in fronts:
                for text in {plain(front.name), stem(front.name)}:
                    if len(text) >= _FEWEST_LETTERS:
                        self._by_stem[text].append(front)
        self._numbers: dict[int, Counter[int]] = {}
        self._homes: dict[str, set[str | None]] = defaultdict(set)
        for workload in world.all(Workload):
            self._homes[workload.name].add(workload.namespace)

    def found(self) -> Iterator[HardCodedAddress]:
        """Each place once; what several workloads take is wrong if it is right for none of them."""
        takers: dict[Place, list[HardCodedAddress | bool]] = defaultdict(list)
        for reference in self._world.all(Reference):
            if reference.channel in (Channel.ENVIRONMENT, Channel.SECRET) and reference.is_call:
                takers[reference.node.value_place()].append(self._judged(reference))
        for verdicts in takers.values():
            if True not in verdicts:
                yield from (item for item in verdicts if isinstance(item, HardCodedAddress))

    def _judged(self, reference: Reference) -> HardCodedAddress | bool:
        """The finding; else whether the address may be right for this workload."""
        if reference.is_at_hand or not _BROWSER.isdisjoint(words_of(reference.name.upper())):
            return True
        host = reference.address.host
        if host in _LOOPBACK:
            return _is_listened_on(reference) or self._of_pod(reference)
        return self._of_number(reference) if reference.address.is_ip else self._elsewhere(reference)

    def _of_pod(self, reference: Reference) -> HardCodedAddress | bool:
        """``localhost`` in a pod whose other containers surely offer nothing there."""
        port = reference.address.effective_port
        meant = self._bearing(reference)
        if meant is None or port is None or _may_listen_unseen(reference.workload):
            return port is None or _may_listen_unseen(reference.workload)
        is_own = self._is_in_pod(port, reference)
        others = [item for item in reference.workload.containers if item.is_lasting]
        if is_own and len(others) > 1:
            return True
        return HardCodedAddress(HardCoding.POD, reference, meant, _port_of(meant, port), is_own)

    def _is_in_pod(self, port: int, reference: Reference) -> bool:
        """Whether a number is in a pod's specification, but for the value itself."""
        workload, value = reference.workload, reference.node
        if id(workload) not in self._numbers:
            self._numbers[id(workload)] = Counter(_numbers(workload.pod_spec))
        own = Counter(_numbers(value)) if value.is_below(workload.pod_spec) else Counter[int]()
        return self._numbers[id(workload)][port] > own[port]

    def _of_number(self, reference: Reference) -> HardCodedAddress | bool:
        number = _number(reference.address.host)
        meant = self._bearing(reference)
        if meant is None or number is None or number.is_unspecified or number.is_loopback:
            return False
        if number.is_link_local or not number.is_private:
            return False
        return HardCodedAddress(
            HardCoding.NUMBER, reference, meant, _port_of(meant, reference.address.effective_port)
        )

    def _elsewhere(self, reference: Reference) -> HardCodedAddress | bool:
        """A Service of another namespace in which the caller runs too, while its own one has it as well."""
        home, caller = reference.workload.namespace, reference.workload
        reading = next(iter(cluster_names(reference.address.host)), None)
        if home is None or reading is None or reading.namespace in (None, home):
            return False
        named = self._names.by_name.get(reading.name, [])
        there = [item for item in named if item.namespace == reading.namespace]
        here = next((item for item in named if item.namespace == home), None)
        if here is None or not there or reading.namespace not in self._homes[caller.name]:
            return False
        if caller in self._selected.get(KubernetesService(here), ()):
            return False
        return HardCodedAddress(HardCoding.ENVIRONMENT, reference, here, reference.address.port)

    def _bearing(self, reference: Reference) -> KubernetesObject | None:
        """The one Service, of those that the workload may mean, whose name a variable bears."""
        caller = reference.workload
        own = self._groups.home_of(caller)
        for text in _joined_words(reference.name):
            named = self._by_stem.get(text, ())
            found = [item for item in named if fits(item, caller.namespace)]
            if any(self._groups.of_front(item) is own for item in found):
                return None
            if found:
                near = [item for item in found if item.namespace == caller.namespace] or found
                return self._names.resolve(near[0].name, caller.base)[0]
            known = [item for item in named if (caller.namespace, item.namespace) in self._ties]
            if len({item.namespace for item in known}) == 1:
                return known[0]
        return None

    @cached_property
    def _ties(self) -> frozenset[tuple[str | None, str | None]]:
        """Pairs of namespaces of which some workload of the one names a Service of the other."""
        found: set[tuple[str | None, str | None]] = set()
        for reference in self._world.all(Reference):
            home = reference.workload.namespace
            for reading in cluster_names(reference.address.host)[:1]:
                if reading.namespace is not None and home is not None:
                    found.add((home, reading.namespace))
        return frozenset(found)


def _joined_words(name: str) -> Iterator[str]:
    """What words of a variable's name come to that follow each other, the longest first."""
    words = [word.lower() for word in words_of(name) if word][:_MOST_WORDS]
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            yield "".join(words[start : start + length])


def _is_listened_on(reference: Reference) -> bool:
    """Whether a variable says where the program itself is to show its metrics, health or the like."""
    words = words_of(reference.name.upper())
    is_bound = words[-1] in _LISTENING and not reference.address.scheme
    return is_bound and not _OWN_PAGES.isdisjoint(words)


def _numbers(node: Node) -> Iterator[int]:
    """The numbers in a node and in all below it."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        waiting += [each for _, each in item.items()]
        waiting += item.elements()
        if item.integer is not None:
            yield item.integer
        elif item.text is not None:
            yield from map(int, _PORT.findall(item.text[:_LONGEST_TEXT]))


def _may_listen_unseen(workload: Workload) -> bool:
    """Whether something that the manifest does not show may listen in the pod: the node's programs, a
    container that a webhook adds, or one beside the caller that does not declare its ports."""
    if workload.pod_spec.get("hostNetwork").value is True or _is_injected(workload):
        return True
    lasting = [item for item in workload.containers if item.is_lasting]
    undeclared = [item for item in lasting if not item.get("ports").is_list]
    return len(lasting) > 1 and bool(undeclared)


def _is_injected(workload: Workload) -> bool:
    texts: Mapping[str, str] = {**workload.pod_annotations, **workload.pod_labels}
    return any(
        ("inject" in key or "dapr.io" in key or "sidecar" in key) and not any(mesh in key for mesh in _MESHES)
        for key in texts
    )


def _port_of(front: KubernetesObject, wanted: int | None) -> int | None:
    """The port of a Service that is meant: of that number, else its only one."""
    ports = ports_of(front)
    if wanted in ports:
        return wanted
    return next(iter(ports)) if len(ports) == 1 else None


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
