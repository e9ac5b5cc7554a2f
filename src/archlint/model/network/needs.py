"""What each workload needs of the network: who calls it, whom it calls, and what of that is not sure.

Calls come from the configuration of workloads, as in the service graph, with their ports at the pods. What
leads in from outside is known from Ingresses, routes and Services, what scrapes metrics from monitors and
annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from archlint.finding.records import dataclass
from archlint.model.istio.injection import DATAPLANE_KEY, INJECT_KEY, NAMESPACE_KEY, REVISION_KEY
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.api_server import called_by_api_server
from archlint.model.kubernetes.monitors import SCRAPE, Monitor, annotated_port, scraped
from archlint.model.kubernetes.ports import container_ports, protocol_of
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.network.arrivals import arrival, called_ports
from archlint.model.network.connectivity.connections import NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.editions import Edition
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.pods import PodClass, PodGroup, group_of, namespace_of
from archlint.model.network.labels import numbers
from archlint.model.services.addresses import Address
from archlint.model.services.calls import is_meant, leads_outside
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import ServiceNames, service_names
from archlint.model.world import World

ANY_ADDRESS = "0.0.0.0/0"
Target = tuple[str | None, tuple[tuple[str, str], ...]]
"""A namespace, as it is written, and the labels that a Service selects in it."""
_MERGED_METRICS = ConnectionSet.to_port("TCP", 15020)
"""Where Istio's sidecar serves its own metrics with those of the pod ("Ports used by Istio")."""
_ITSELF = ("localhost", "127.", "0.0.0.0")


@dataclass
class Needs:
    """What the pods of one workload need."""

    group: PodGroup
    workload: Workload
    callers: dict[str, ConnectionSet] = field(default_factory=dict)
    """By the names of workloads."""
    calls: dict[Target, ConnectionSet] = field(default_factory=dict)
    outside: dict[str, ConnectionSet] = field(default_factory=dict)
    """Addresses outside that it calls, as CIDRs."""
    open_to_all: ConnectionSet = NONE
    """What anybody may use: ports that Ingresses and load balancers lead to."""
    scraped: ConnectionSet = NONE
    """What is read for metrics, from pods that may be in any namespace."""
    calls_itself: bool = False
    asks_server: bool = False
    """Whether its service account may do something at the API server, whose address no file tells."""
    has_proxy: bool = False
    """Whether a mesh puts a proxy into its pods, which connects to what no file tells."""
    doubts: list[str] = field(default_factory=list)
    """Why not all of this is known."""

    @property
    def name(self) -> str:
        """Such as ``shop/cart[Deployment]``."""
        return self.group.name

    def merge(self, other: Needs) -> None:
        """Add what the same workload needs in another cluster."""
        for own, its in ((self.callers, other.callers), (self.outside, other.outside)):
            for name, what in its.items():
                own[name] = own.get(name, NONE) | what
        for target, what in other.calls.items():
            self.calls[target] = self.calls.get(target, NONE) | what
        self.open_to_all |= other.open_to_all
        self.scraped |= other.scraped
        self.calls_itself |= other.calls_itself
        self.has_proxy |= other.has_proxy
        self.asks_server |= other.asks_server
        self.doubts += other.doubts


class NeedsOfCluster:
    """Gathers the needs of all workloads of one cluster."""

    def __init__(self, world: World, edition: Edition, found: Connectivity) -> None:
        self._world = world
        self._edition = edition
        self._found = found
        self._names: ServiceNames = world.fact(service_names)
        self._fronted: set[str] = set()
        self.by_name: dict[str, Needs] = {}
        for item in found.pods.classes[:-1]:
            for group in item.members:
                if group.workload is not None:
                    self.by_name.setdefault(group.name, Needs(group, group.workload))
        self._services = [item for item in world.all(KubernetesService) if edition.holds(item.base)]

    def gather(self) -> dict[str, Needs]:
        """All of them, by name."""
        self._add_references()
        self._add_entrances()
        self._add_services()
        self._add_monitors()
        bound = _bound_accounts(self._world)
        called = {group_of(item).name for item in self._world.fact(called_by_api_server)}
        for needs in self.by_name.values():
            needs.calls_itself |= needs.workload.kind == "StatefulSet"
            needs.asks_server = _is_bound(needs.workload, bound)
            needs.has_proxy = self._has_proxy(needs.workload)
            if needs.has_proxy and needs.scraped:
                needs.scraped |= _MERGED_METRICS
            needs.doubts += self._doubts(needs, needs.name in called)
        return self.by_name

    def _doubts(self, needs: Needs, is_called_by_server: bool) -> Iterator[str]:
        if self._found.pods.class_of(needs.group).on_host:
            yield "its pods are on the network of their node, where policies do not apply"
        if is_called_by_server:
            yield "the API server calls it, whose address no file tells"
        if self._space_of(needs.workload).get(DATAPLANE_KEY) == "ambient":
            yield "the mesh of its namespace wraps what it sends, so ports are not those of the files"
        is_reached = needs.callers or needs.open_to_all or needs.scraped
        if needs.name in self._fronted and not is_reached:
            yield "a Service leads to it, and nothing is known to call that"

    def _has_proxy(self, workload: Workload) -> bool:
        """Whether Istio injects its sidecar, as far as labels and annotations tell."""
        metadata = workload.template.get("metadata")
        own = string_map(metadata.get("labels")) | string_map(metadata.get("annotations"))
        if INJECT_KEY in own:
            return own[INJECT_KEY] == "true"
        space = self._space_of(workload)
        return space.get(NAMESPACE_KEY) == "enabled" or REVISION_KEY in space

    def _space_of(self, workload: Workload) -> dict[str, str]:
        """The labels of a workload's namespace."""
        spaces = self._found.pods.labels_of_namespaces
        return spaces.get(namespace_of(workload.base), {})

    def _add_references(self) -> None:
        sure: set[tuple[str, str]] = set()
        at_hand: dict[tuple[str, str], tuple[Needs, KubernetesObject]] = {}
        for reference in self._world.all(Reference):
            caller = self.by_name.get(group_of(reference.workload).name)
            if caller is None or not self._edition.holds(reference.workload.base):
                continue
            found = self._names.resolve(reference.address.host, reference.workload.base)
            fronts = [front for front in found if self._edition.holds(front)]
            if not fronts:
                self._add_unresolved(caller, reference)
            elif not is_meant(reference, fronts):
                if not _is_by_chance(reference):
                    caller.doubts.append(f"'{_shown(reference)}' may be a call, or an address for others")
            else:
                for front in fronts:
                    key = (caller.name, front.name)
                    if reference.is_at_hand:
                        at_hand.setdefault(key, (caller, front))
                    else:
                        sure.add(key)
                    self._add_call(caller, front, reference.address)
        for key, (caller, front) in at_hand.items():
            if key not in sure:
                self._doubt_both(caller, front)

    def _doubt_both(self, caller: Needs, front: KubernetesObject) -> None:
        caller.doubts.append(f"that it calls '{front.name}' is not sure: several workloads take the address")
        for callee in self._behind(KubernetesService(front)):
            for group in callee.members:
                doubt = f"that '{caller.name}' calls it is not sure: several workloads take the address"
                self.by_name[group.name].doubts.append(doubt)

    def _add_unresolved(self, caller: Needs, reference: Reference) -> None:
        address = reference.address
        if address.host.startswith(_ITSELF) or not reference.is_call or address.host == caller.workload.name:
            return
        is_certain = leads_outside(reference, self._names) or address.is_ip
        if is_certain and address.effective_port is not None:
            where = f"{address.host}/{128 if ':' in address.host else 32}" if address.is_ip else ANY_ADDRESS
            what = ConnectionSet.to_port("TCP", address.effective_port)
            caller.outside[where] = caller.outside.get(where, NONE) | what
        elif reference.channel in (Channel.ENVIRONMENT, Channel.SECRET) or address.scheme or is_certain:
            known = "nothing says on which port" if is_certain else "no file describes that"
            caller.doubts.append(f"it is given '{_shown(reference)}', and {known}")

    def _add_call(self, caller: Needs, front: KubernetesObject, address: Address) -> None:
        service = KubernetesService(front)
        if front.group or not service.has_endpoints:
            caller.doubts.append(f"no selector tells which pods Service '{front.name}' leads to")
            return
        port = address.effective_port
        ports = called_ports(address, service)
        classes = self._behind(service)
        target: Target = (front.namespace, tuple(sorted(service.selector.items())))
        for item in classes:
            what = arrival(address, service, ports, item.named_ports)
            if not what or address.is_port_open:
                said = f"port {port} of Service '{front.name}'" if port else f"Service '{front.name}'"
                caller.doubts.append(f"no file tells to which port of its pods {said} leads")
            caller.calls[target] = caller.calls.get(target, NONE) | what
            for group in item.members:
                callee = self.by_name[group.name]
                if callee is caller:
                    caller.calls_itself = True
                else:
                    callee.callers[caller.name] = callee.callers.get(caller.name, NONE) | what
        if not classes:
            caller.doubts.append(f"no file describes the pods of Service '{front.name}', which it calls")

    def _behind(self, service: KubernetesService) -> list[PodClass]:
        pods = self._found.pods
        chosen = pods.with_labels(namespace_of(service.base), service.selector)
        return [pods.classes[number] for number in numbers(chosen)]

    def _add_entrances(self) -> None:
        for number, what in self._found.entrances.items():
            for group in self._found.pods.classes[number].members:
                self.by_name[group.name].open_to_all |= what

    def _add_services(self) -> None:
        for service in self._services:
            is_open = service.is_open_outside or bool(service.base.get("spec", "externalIPs").value)
            is_scraped = service.base.annotations.get(SCRAPE) == "true"
            for item in self._behind(service) if service.has_endpoints else ():
                what = all_of(target_of(port, item.named_ports) for port in service.ports)
                for group in item.members:
                    self._fronted.add(group.name)
                    needs = self.by_name[group.name]
                    if is_open:
                        needs.open_to_all |= what
                    if is_scraped:
                        needs.scraped |= what | _annotated(service.base.annotations)

    def _add_monitors(self) -> None:
        for needs in self.by_name.values():
            notes = string_map(needs.workload.template.get("metadata", "annotations"))
            if notes.get(SCRAPE) == "true":
                needs.scraped |= _annotated(notes) or _declared(needs.workload, None)
        services = {id(item.base): item for item in self._services}
        for monitor in self._world.all(Monitor):
            wanted = {port.text or "" for port in monitor.ports()}
            for item in scraped(monitor, self._world):
                if not self._edition.holds(item.base):
                    continue
                service = services.get(id(item.base))
                if service is not None:
                    self._add_scraped(service, wanted)
                elif (pods := self._of_object(item.base)) is not None:
                    pods.scraped |= _declared(pods.workload, wanted or None)

    def _add_scraped(self, service: KubernetesService, wanted: set[str]) -> None:
        for item in self._behind(service):
            what = all_of(
                target_of(port, item.named_ports)
                for port in service.ports
                if not wanted or port.node.get("name").text in wanted
            )
            for group in item.members:
                self.by_name[group.name].scraped |= what

    def _of_object(self, base: KubernetesObject) -> Needs | None:
        name = f"{namespace_of(base)}/{base.name}[{base.kind}]"
        return self.by_name.get(name)


def _bound_accounts(world: World) -> dict[str, set[str | None]]:
    """Service accounts to which a binding gives a role, by name, with their namespaces."""
    found: dict[str, set[str | None]] = {}
    for item in world.all(KubernetesObject):
        if item.kind in ("RoleBinding", "ClusterRoleBinding"):
            for subject in item.get("subjects").elements():
                name = subject.get("name").text
                if subject.get("kind").text == "ServiceAccount" and name:
                    found.setdefault(name, set()).add(subject.get("namespace").text or item.namespace)
    return found


def _is_bound(workload: Workload, bound: dict[str, set[str | None]]) -> bool:
    name = workload.pod_spec.get("serviceAccountName").text or "default"
    spaces = bound.get(name, set())
    return workload.namespace in spaces or None in spaces or (bool(spaces) and workload.namespace is None)


def _is_by_chance(reference: Reference) -> bool:
    """Whether a word of arguments or files has the name of a Service, and no port of it."""
    return reference.channel in (Channel.ARGUMENT, Channel.FILE) and reference.is_call


def _shown(reference: Reference) -> str:
    return (
        f"{reference.name}={reference.address.authority}" if reference.name else reference.address.authority
    )


def _annotated(notes: dict[str, str]) -> ConnectionSet:
    """The port that an annotation names for metrics."""
    number = annotated_port(notes)
    return NONE if number is None else ConnectionSet.to_port("TCP", number)


def _declared(workload: Workload, names: set[str] | None) -> ConnectionSet:
    """The ports that containers declare, those of some names alone."""
    found = NONE
    for container in workload.containers:
        for port in container_ports(container):
            if port.number is not None and (names is None or port.name in names):
                found = found | ConnectionSet.to_port(protocol_of(port.node), port.number)
    return found
