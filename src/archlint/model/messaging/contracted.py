"""Topics that contracts describe against those that are used: whose contract it is, and what it leaves out.

A document of AsyncAPI is that of the one party in whose source it lies, or whose name its file has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from posixpath import dirname

from archlint.files import Kind
from archlint.files.kinds import holds_test_data
from archlint.finding.records import dataclass
from archlint.model.messaging.asyncapi import AsyncApi, AsyncChannel
from archlint.model.messaging.matching import UsedTopic, is_slip, topics
from archlint.model.messaging.topics import TopicUse
from archlint.model.messaging.uses import topic_uses
from archlint.model.services.contracts import contracts
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World


class Slips:
    """Names by what they may be taken for, so that those which differ by a slip are found without comparing
    all: names that are one letter apart are the same once a letter is left out of each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._alike: dict[str, list[str]] = defaultdict(list)
        for name in dict.fromkeys(names):
            for key in _readings(name):
                self._alike[key].append(name)

    def of(self, name: str) -> list[str]:
        """The names that differ from one by a slip."""
        found = dict.fromkeys(each for key in _readings(name) for each in self._alike.get(key, ()))
        return [each for each in found if is_slip(name, each)]


def _readings(name: str) -> set[str]:
    plain = name.replace("-", "").replace("_", "").replace(".", "").lower()
    return {plain, name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}


@dataclass(frozen=True, eq=False)
class PartyContract:
    """All that the documents of one party say of its channels."""

    channels: tuple[AsyncChannel, ...]
    is_whole: bool
    """Whether the address of each channel is known."""
    used: tuple[tuple[UsedTopic, TopicUse], ...]
    """The topics that the party is certain to use, each with the place that says so."""

    @cached_property
    def confirmed(self) -> int:
        """How many of the channels are topics that the party uses: none may tell of another program."""
        names = {(topic.protocol, topic.name) for topic, _ in self.used}
        return sum(any(key in names for key in _keys_of(channel)) for channel in self.channels)

    @cached_property
    def slips(self) -> tuple[Slips, Slips]:
        """Those among the topics that are used, and among the channels."""
        addresses = (channel.address for channel in self.channels if not channel.is_open)
        return Slips(topic.name for topic, _ in self.used), Slips(addresses)


def _keys_of(channel: AsyncChannel) -> Iterator[tuple[str, str]]:
    """The topics that a channel may be, by protocol and name."""
    protocols = (channel.protocol,) if channel.protocol else ("kafka", "amqp")
    return ((protocol, channel.address) for protocol in protocols if not channel.is_open)


class Contracted:
    """The channels of all contracts of a world."""

    def __init__(self, world: World) -> None:
        self._parties: Parties = world.fact(parties)
        channels = [each for each in world.all(AsyncChannel) if not holds_test_data(each.source.path)]
        self._described = {(each.protocol, each.address) for each in channels if not each.is_open}
        self._open = {(each.protocol, each.address) for each in channels if each.is_open}
        self._called: dict[str, list[Party]] | None = None
        documents: dict[int, list[AsyncApi]] = defaultdict(list)
        known: dict[int, Party] = {}
        for document in world.all(AsyncApi):
            owner = None if holds_test_data(document.source.path) else self._owner(world, document)
            if owner is not None:
                known[id(owner)] = owner
                documents[id(owner)].append(document)
        used = self._used(world) if known else {}
        self._contracts = {key: _contract(found, used.get(key, ())) for key, found in documents.items()}
        self._by_document = {
            document.source.path: self._contracts[key]
            for key, found in documents.items()
            for document in found
        }
        uses = world.fact(topic_uses) if known else ()
        others = [use for use in uses if not isinstance(use.unit, AsyncApi)]
        self._names = {use.topic for use in others if not use.is_pattern}
        self._patterns = [use for use in others if use.is_pattern]

    def of(self, channel: AsyncChannel) -> PartyContract | None:
        """The contract that a channel is part of, if it is known whose it is."""
        return self._by_document.get(channel.description.source.path)

    def around(self, topic: UsedTopic) -> Iterator[tuple[PartyContract, TopicUse]]:
        """The contracts of those who use a topic, each with the place that says so."""
        for use in topic.uses:
            for party in self._parties.of(use.unit):
                contract = self._contracts.get(id(party))
                if contract is not None:
                    yield contract, use

    def users(self, topic: UsedTopic) -> set[int]:
        """Who uses a topic."""
        return {id(party) for use in topic.uses for party in self._parties.of(use.unit)}

    def describes(self, protocol: str, name: str) -> bool:
        """Whether any contract has a channel that is, or may be, a topic."""
        is_known = (protocol, name) in self._described or ("", name) in self._described
        return is_known or any(
            of in (protocol, "") and name.startswith(beginning) for of, beginning in self._open
        )

    def is_used(self, name: str) -> bool:
        """Whether anything but a contract names a topic, or may mean it."""
        return name in self._names or any(use.means(name) for use in self._patterns)

    def _owner(self, world: World, document: AsyncApi) -> Party | None:
        path = document.source.path
        found = {
            id(party): party for party in self._parties.of_path(dirname(path)) or self._named(world, path)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _named(self, world: World, path: str) -> Sequence[Party]:
        """The parties whose name a file has."""
        if self._called is None:
            self._called = defaultdict(list)
            for party in self._parties.all:
                for each in world.fact(contracts).of(party.name):
                    self._called[each].append(party)
        return self._called.get(path, ())

    def _used(self, world: World) -> dict[int, list[tuple[UsedTopic, TopicUse]]]:
        found: dict[int, list[tuple[UsedTopic, TopicUse]]] = defaultdict(list)
        for topic in world.fact(topics).used:
            told: set[int] = set()
            for use in topic.uses:
                for party in self._parties.of(use.unit):
                    if id(party) not in told:
                        told.add(id(party))
                        found[id(party)].append((topic, use))
        return found


def _contract(documents: Sequence[AsyncApi], used: Sequence[tuple[UsedTopic, TopicUse]]) -> PartyContract:
    channels = tuple(channel for document in documents for channel in document.channels)
    entries = sum(len(list(document.description.root.get("channels").items())) for document in documents)
    return PartyContract(channels, len(channels) == entries, tuple(used))


def contracted(world: World) -> Contracted | None:
    """The channels of a world, if it has any; ask with ``world.fact(contracted)``."""
    return Contracted(world) if world.paths(Kind.ASYNCAPI) else None
