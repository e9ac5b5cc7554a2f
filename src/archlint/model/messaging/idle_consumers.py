"""Consumers that an autoscaler starts, and for which a topic has no partition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.kubernetes.autoscalers import Autoscaler, autoscaled
from archlint.model.kubernetes.objects import ObjectFacet
from archlint.model.kubernetes.workloads import Workload
from archlint.model.messaging.kafka import KafkaTopic
from archlint.model.messaging.topics import KAFKA, TopicSetting, TopicUse
from archlint.model.messaging.uses import certain_uses, topic_uses
from archlint.model.system.parties import Party, parties
from archlint.model.world import World


@dataclass(frozen=True)
class IdleConsumers(ObjectFacet):
    """An autoscaler of a workload that does nothing but receive from one topic."""

    most: int
    most_place: Place
    use: TopicUse
    partitions: TopicSetting

    @classmethod
    def all(cls, world: World) -> Iterable[IdleConsumers]:
        """Every such autoscaler; those of KEDA that count what waits are told by their trigger."""
        if not any(item.is_horizontal for item in world.all(Autoscaler)) or not world.fact(certain_uses):
            return
        received = world.fact(_received)
        seen: set[int] = set()
        for workload, scalers in world.fact(autoscaled).items():
            for party in world.fact(parties).of(workload) if workload.name else ():
                use = received.get(id(party))
                if use is None or not _only_receives(workload, party):
                    continue
                partitions = _partitions(use.topic, world)
                for scaler in scalers:
                    most = scaler.most_node.integer
                    if most is None or partitions is None or not scaler.is_horizontal:
                        continue
                    if most > (partitions.number or 0) and id(scaler) not in seen:
                        seen.add(id(scaler))
                        yield cls(scaler.base, most, scaler.most_node.value_place(), use, partitions)


def _only_receives(workload: Workload, party: Party) -> bool:
    """Whether no Service leads to it, so that its replicas are there for messages alone."""
    return not (party.service and party.service.fronts) and workload.is_long_running


def _received(world: World) -> Mapping[int, TopicUse]:
    """The one topic that each party is certain to receive from, if it is certain that there is no other."""
    found: dict[int, dict[str, TopicUse]] = defaultdict(dict)
    open_ones: set[int] = set()
    every = world.fact(parties)
    certain = {id(use) for use in world.fact(certain_uses)}
    for use in world.fact(topic_uses):
        if use.sends is True or use.is_declared:
            continue
        for party in every.of(use.unit):
            if use.protocol != KAFKA or use.is_pattern or use.sends is None or id(use) not in certain:
                open_ones.add(id(party))
            else:
                found[id(party)].setdefault(use.topic, use)
    return {
        party: next(iter(uses.values()))
        for party, uses in found.items()
        if len(uses) == 1 and party not in open_ones
    }


def _partitions(name: str, world: World) -> TopicSetting | None:
    """The partitions of a topic, where all who declare it agree."""
    declared = [item.partitions for item in world.all(KafkaTopic) if item.name == name]
    numbers = {item.number if item is not None else None for item in declared}
    return declared[0] if len(numbers) == 1 and None not in numbers else None
