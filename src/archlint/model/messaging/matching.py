"""Topics as both sides see them: what is declared, who sends, who receives.

Topics of one name on brokers of one protocol are one. Only uses of high confidence count as certain; all
others, patterns among them, may explain a topic and never accuse one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from archlint.finding import Confidence, ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.names.similar import SimilarNames, is_one_letter_apart
from archlint.model.kubernetes.references import template_words
from archlint.model.messaging.declared import declared_topics
from archlint.model.messaging.made import made_in_source
from archlint.model.messaging.terraform import unknown_topics
from archlint.model.messaging.topics import KAFKA, DeclaredTopic, TopicUse
from archlint.model.messaging.uses import certain_uses, topic_uses
from archlint.model.world import World

_INTERNAL = ("__", "_schemas", "connect-", "amq.")
_INTERNAL_ENDS = ("-changelog", "-repartition")
_PLAIN = regex(r"[-_.]")


@dataclass(frozen=True)
class UsedTopic:
    """A topic that is certain to be used."""

    protocol: str
    name: str
    uses: tuple[TopicUse, ...]
    """The certain ones."""

    @classmethod
    def all(cls, world: World) -> Iterable[UsedTopic]:
        """Every topic with a use of high confidence, by protocol and name."""
        return world.fact(topics).used

    @property
    def source(self) -> Source:
        """The file of its first use."""
        return self.uses[0].place.source

    @property
    def object(self) -> ObjectRef:
        """The topic."""
        return ObjectRef("topic", self.name)

    @property
    def sent(self) -> list[TopicUse]:
        """Those who send to it."""
        return [use for use in self.uses if use.sends]

    @property
    def received(self) -> list[TopicUse]:
        """Those who receive from it."""
        return [use for use in self.uses if use.sends is False]


@dataclass(frozen=True)
class TopicDeclaration:
    """A declared topic as a subject of rules."""

    topic: DeclaredTopic

    @classmethod
    def all(cls, world: World) -> Iterable[TopicDeclaration]:
        """Every declared topic."""
        return [cls(topic) for topic in world.fact(declared_topics)]

    @property
    def source(self) -> Source:
        """The file that declares it."""
        return self.topic.source

    @property
    def object(self) -> ObjectRef | None:
        """What declares it."""
        return self.topic.object


class Topics:
    """All topics of a world, by name."""

    def __init__(self, world: World) -> None:
        is_spoken = bool(world.fact(certain_uses) or world.fact(declared_topics))
        uses = world.fact(topic_uses) if is_spoken else ()
        self.declared: dict[tuple[str, str], list[DeclaredTopic]] = defaultdict(list)
        for topic in world.fact(declared_topics):
            self.declared[topic.protocol, topic.name].append(topic)
        self._made = world.fact(made_in_source)
        self._words = world.fact(template_words)
        self._unknown = world.reading(unknown_topics)
        certain: dict[tuple[str, str], list[TopicUse]] = defaultdict(list)
        self._possible: dict[tuple[str, str], list[TopicUse]] = defaultdict(list)
        self._patterns: list[TopicUse] = []
        for use in uses:
            if use.is_pattern:
                self._patterns.append(use)
            elif use.confidence is Confidence.HIGH and use.protocol and not use.is_declared:
                certain[use.protocol, use.topic].append(use)
            else:
                self._possible[use.protocol, use.topic].append(use)
        self.used = tuple(
            UsedTopic(protocol, name, tuple(found)) for (protocol, name), found in sorted(certain.items())
        )
        self._by_key = {(topic.protocol, topic.name): topic for topic in self.used}

    def used_as(self, protocol: str, name: str) -> UsedTopic | None:
        """The certain uses of a topic."""
        return self._by_key.get((protocol, name))

    def may_be_used(self, protocol: str, name: str, *, sends: bool) -> bool:
        """Whether anything may send to a topic, or receive from it, beside its certain uses."""
        possible = (*self._possible.get((protocol, name), ()), *self._possible.get(("", name), ()))
        return any(use.sends in (sends, None) for use in possible) or any(
            use.sends in (sends, None) and use.means(name) and use.protocol in (protocol, "")
            for use in self._patterns
        )

    def is_declared(self, protocol: str, name: str) -> bool:
        """Whether a file declares a topic, or source makes it."""
        return (protocol, name) in self.declared or name in self._made or name in self._words

    def judges(self, protocol: str) -> bool:
        """Whether the repository is where topics of a protocol are declared: at least half of those that are
        used are, and no declaration is out of reach."""
        return protocol == KAFKA and self._judged

    @cached_property
    def _judged(self) -> bool:
        names = [topic.name for topic in self.used if topic.protocol == KAFKA]
        there = sum((KAFKA, name) in self.declared for name in names)
        return there > 0 and there * 2 >= len(names) and KAFKA not in self._unknown

    def nearest(self, protocol: str, name: str) -> DeclaredTopic | None:
        """The declared topic that is spelt most alike."""
        found = self._similar.get(protocol)
        near = found.nearest(name) if found else None
        return self.declared[protocol, near][0] if near else None

    @cached_property
    def _similar(self) -> Mapping[str, SimilarNames]:
        names: dict[str, set[str]] = defaultdict(set)
        for protocol, name in self.declared:
            names[protocol].add(name)
        return {protocol: SimilarNames(sorted(found)) for protocol, found in names.items()}


def topics(world: World) -> Topics:
    """The topics of a world; ask with ``world.fact(topics)``."""
    return Topics(world)


def is_internal(name: str) -> bool:
    """Whether brokers and frameworks make a topic of this name themselves."""
    return name.startswith(_INTERNAL) or name.endswith(_INTERNAL_ENDS)


def is_slip(one: str, other: str) -> bool:
    """Whether two names differ by no more than how words are joined, their case, or one letter that is
    missing, doubled or changed; digits that differ are meant."""
    if one == other:
        return False
    if _PLAIN.sub("", one).lower() == _PLAIN.sub("", other).lower():
        return True
    if min(len(one), len(other)) < 6 or re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    return is_one_letter_apart(one, other)
