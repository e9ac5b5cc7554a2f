"""The engine and an evaluator that looks at one packet at a time agree on random clusters."""

from __future__ import annotations

import os
from ipaddress import ip_address

import pytest

from archlint.model.network.connectivity import Bound, Connectivity
from archlint.model.network.policies import TrafficDirection
from tests.net.connectivity.clusters import cluster_of
from tests.net.connectivity.generated import Made, Maker
from tests.net.connectivity.reference import End, Packet, Reference

CLUSTERS = int(os.environ.get("ARCHLINT_CLUSTERS", "200"))
"""How many are tried; each of them with so many packets."""
PACKETS = 50
ROUNDS = 10


def number_of(found: Connectivity, end: End, direction: TrafficDirection) -> int:
    """The number of a pod's class, or of the range with an address."""
    if isinstance(end, str):
        address = ip_address(end)
        ranges = found.external[direction].ranges
        for place, each in enumerate(ranges):
            if each.version == address.version and each.first <= int(address) <= each.last:
                return len(found.pods.classes) + place
    else:
        name = f"{end['metadata']['namespace']}/{end['metadata']['name']}[Pod]"
        for item in found.pods.classes:
            if any(group.name == name for group in item.members):
                return item.number
    raise AssertionError(end)


def passes(found: Connectivity, packet: Packet, bound: Bound = Bound.TAKEN) -> bool:
    """What the engine says of a packet."""
    source = number_of(found, packet.source, TrafficDirection.INGRESS)
    destination = number_of(found, packet.destination, TrafficDirection.EGRESS)
    return found.between(source, destination, bound).has(packet.protocol, packet.port)


@pytest.mark.parametrize("start", range(ROUNDS))
def test_every_packet_gets_the_same_answer(start: int) -> None:
    for seed in range(start, CLUSTERS, ROUNDS):
        maker = Maker(f"packets {seed}")
        objects = maker.cluster()
        found, reference = cluster_of(objects), Reference(objects)
        for packet in maker.packets(objects, PACKETS):
            assert passes(found, packet) == reference.passes(packet), (seed, packet)


def test_what_is_sure_holds_whatever_is_not_known() -> None:
    """Namespaces that no file defines may have any labels: the answer stays between both bounds."""
    between = 0
    for seed in range(CLUSTERS // 8):
        maker = Maker(f"bounds {seed}")
        objects = [item for item in maker.cluster() if not _has_networks(item)]
        hidden = {"a", "b"}
        seen = [item for item in objects if item["metadata"]["name"] not in hidden]
        found, reference = cluster_of(seen), Reference(objects)
        for packet in maker.packets(objects, PACKETS):
            truth = reference.passes(packet)
            sure, possible = passes(found, packet, Bound.SURE), passes(found, packet, Bound.POSSIBLE)
            assert sure <= passes(found, packet) <= possible, (seed, packet)
            assert sure <= truth <= possible, (seed, packet)
            between += sure < possible
    assert between


def _has_networks(item: Made) -> bool:
    """Whether a policy names networks, in which pods may lie."""
    return "networks" in str(item)
