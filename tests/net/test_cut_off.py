"""What is told as cut is refused for every packet, and what is refused for sure is told."""

from __future__ import annotations

import os
from copy import deepcopy
from typing import Any

import pytest

from archlint.model.network.cut_calls import cut_calls
from archlint.model.network.cut_entrances import cut_entrances
from archlint.model.network.cut_entries import cut_from_outside
from archlint.model.network.cut_ports import cut_ports
from archlint.model.world import World
from tests.net.connectivity.clusters import pod, world_in
from tests.net.connectivity.generated import ADDRESSES, PORTS, Maker
from tests.net.connectivity.reference import Packet, Reference
from tests.net.worlds import custom

Made = dict[str, Any]
COUNT = int(os.environ.get("ARCHLINT_CLUSTERS", "150"))


class _Shop:
    """A random cluster in which each pod has a Service and calls all others."""

    def __init__(self, seed: object) -> None:
        self.maker = Maker(seed)
        self.pods = {item["metadata"]["name"]: item for item in self.maker.pods()}
        self.services = {name: self._service(item) for name, item in self.pods.items()}
        for name, item in self.pods.items():
            item["metadata"]["labels"]["pod"] = name
            item["spec"]["containers"][0]["env"] = [
                {
                    "name": f"S{number}_{port['port']}_URL",
                    "value": f"http://{other}.{self._space(other)}.svc:{port['port']}",
                }
                for number, other in enumerate(self.services)
                for port in self.services[other]["spec"]["ports"]
                if other != name
            ]
        self.policies = self.maker.policies(5)
        self.objects = [
            *self.maker.namespaces(),
            *self.pods.values(),
            *self.policies,
            *self.services.values(),
        ]
        self.world: World = world_in(self.objects)
        self.reference = Reference(self.objects)

    def _space(self, name: str) -> str:
        return str(self.pods[name]["metadata"]["namespace"])

    def _service(self, item: Made) -> Made:
        name, space = item["metadata"]["name"], item["metadata"]["namespace"]
        ports = [
            {"name": f"n{at}", "port": 100 + at, "targetPort": self.maker.pick((*PORTS, "api", "dns"))}
            for at in range(2)
        ]
        kind = self.maker.pick(("ClusterIP", "NodePort", "LoadBalancer"))
        return custom(
            "Service", "v1", name, space, spec={"type": kind, "selector": {"pod": name}, "ports": ports}
        )

    def targets(self, callee: Made, target: int | str) -> set[int]:
        """The numbers of a port by number or name."""
        ports = callee["spec"]["containers"][0]["ports"]
        named = {
            item["containerPort"] for item in ports if item["name"] == target and item["protocol"] == "TCP"
        }
        return {target} if isinstance(target, int) else named


def _ports(item: Any) -> set[int]:
    return {number for first, last in item.wanted.ports[1] for number in range(first, last + 1)}


@pytest.mark.parametrize("seed", range(COUNT))
def test_calls(seed: int) -> None:
    shop = _Shop(f"calls {seed}")
    told = set()
    for cuts in shop.world.fact(cut_calls).values():
        for cut in cuts:
            callee = cut.callees[0].name
            for caller in (call.reference.workload.name for call in cut.calls):
                for port in _ports(cut):
                    told.add((caller, callee, port))
                    assert not shop.reference.passes(
                        Packet(shop.pods[caller], shop.pods[callee], "TCP", port)
                    )
    if "ipBlock" in str(shop.policies) or "endPort" in str(shop.policies):
        return  # an address may be a pod's, and a range may be for the proxies of a mesh
    shut = {
        (cut.service.name, cut.port.node.get("port").integer)
        for cuts in shop.world.fact(cut_ports).values()
        for cut in cuts
    }
    for name, callee in shop.pods.items():
        for port in shop.services[name]["spec"]["ports"]:
            for target in (
                shop.targets(callee, port["targetPort"]) if (name, port["port"]) not in shut else ()
            ):
                for other, caller in shop.pods.items():
                    if other != name and not shop.reference.passes(Packet(caller, callee, "TCP", target)):
                        assert (other, name, target) in told


@pytest.mark.parametrize("seed", range(COUNT))
def test_ways_in_from_outside(seed: int) -> None:
    shop = _Shop(f"outside {seed}")
    for cuts in shop.world.fact(cut_from_outside).values():
        for cut in cuts:
            for address in ADDRESSES:
                for port in _ports(cut):
                    packet = Packet(address, shop.pods[cut.callees[0].name], "TCP", port)
                    assert not shop.reference.passes(packet)


@pytest.mark.parametrize("seed", range(COUNT))
def test_entrances(seed: int) -> None:
    """A controller in a namespace that no file defines, whatever its labels are."""
    shop = _Shop(f"entrances {seed}")
    ways = [
        custom("Ingress", "networking.k8s.io/v1", f"to-{name}", item["metadata"]["namespace"], spec=_to(name))
        for name, item in shop.services.items()
    ]
    controllers = [pod(f"c{at}", "edge", shop.maker.labels()) for at in range(3)]
    space = custom("Namespace", "v1", "edge", metadata={"name": "edge", "labels": shop.maker.labels()})
    reference = Reference([*shop.objects, space, *controllers])
    for cuts in world_in([*deepcopy(shop.objects), *ways]).fact(cut_entrances).values():
        for cut in cuts:
            for controller in controllers:
                for port in _ports(cut):
                    packet = Packet(controller, shop.pods[cut.callees[0].name], "TCP", port)
                    assert not reference.passes(packet)


def _to(name: str) -> Made:
    return {"defaultBackend": {"service": {"name": name, "port": {"number": 100}}}}


def test_something_is_told() -> None:
    """Else the tests above would prove nothing."""
    found = [0, 0, 0]
    for seed in range(30):
        world = _Shop(f"calls {seed}").world
        for at, fact in enumerate((cut_calls, cut_from_outside)):
            found[at] += sum(map(len, world.fact(fact).values()))  # type: ignore[arg-type]
        shop = _Shop(f"entrances {seed}")
        ways = [
            custom(
                "Ingress", "networking.k8s.io/v1", f"to-{name}", item["metadata"]["namespace"], spec=_to(name)
            )
            for name, item in shop.services.items()
        ]
        found[2] += sum(map(len, world_in([*shop.objects, *ways]).fact(cut_entrances).values()))
    assert min(found) > 10
