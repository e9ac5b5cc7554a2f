"""What services do with messages that they cannot process: whether anything leads them elsewhere.

Sources: Spring for Apache Kafka, "Handling exceptions" and "Non-blocking retries"; SmallRye Reactive
Messaging, ``failure-strategy``; Kafka Connect, ``errors.deadletterqueue.topic.name``; Dapr,
``deadLetterTopic``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from archlint.finding import ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.messaging.declared import declared_topics
from archlint.model.messaging.matching import UsedTopic
from archlint.model.messaging.topics import KAFKA, TopicUse
from archlint.model.messaging.uses import topic_uses
from archlint.model.sources.reading import source_files
from archlint.model.system.folders import SourceFolder
from archlint.model.world import World

_MARK = regex(
    r"dead[-_. ]?letter|(?<![a-z])dl[qtx](?![a-z])|retryabletopic|errorhandler|poison|parking[-_]?lot"
    r"|quarantine"
)
_NAME = regex(r"(?i)dead|dlq|dlt|dlx|retry|retries|error|fail|poison|parking|quarantine")
_STREAMS = ("kstream", "streamsbuilder", "faust", "flink")
"""Words of libraries that process streams, which have handlers of their own."""


@dataclass(frozen=True)
class PlainConsumer:
    """A service that receives from Kafka, and leads messages that it cannot process nowhere."""

    unit: SourceFolder
    uses: tuple[TopicUse, ...]
    """One for each topic."""

    @classmethod
    def all(cls, world: World) -> Iterable[PlainConsumer]:
        """Every such service whose source is here."""
        received: dict[str, dict[str, TopicUse]] = defaultdict(dict)
        units: dict[str, SourceFolder] = {}
        for topic in world.all(UsedTopic):
            for use in topic.received if topic.protocol == KAFKA and not _NAME.search(topic.name) else ():
                if isinstance(use.unit, SourceFolder):
                    units[use.unit.path] = use.unit
                    received[use.unit.path].setdefault(topic.name, use)
        if not received:
            return
        named = world.fact(_naming)
        for path, uses in sorted(received.items()):
            rest = [use for name, use in sorted(uses.items()) if not _is_led_on(name, world)]
            if rest and path not in named and not _speaks_of_failures(path, world):
                yield cls(units[path], tuple(rest))

    @property
    def source(self) -> Source:
        """Where it receives."""
        return self.uses[0].place.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return ObjectRef("service", self.unit.name)


def _is_led_on(name: str, world: World) -> bool:
    """Whether another topic is called as this one, with a word of what failed."""
    return any(
        other.name != name and _NAME.search(other.name) and _holds(other.name, name)
        for other in world.fact(declared_topics)
    )


def _holds(longer: str, name: str) -> bool:
    """Whether a name is made of words of a longer one: between separators, ends, or before a capital."""
    return re.search(rf"(?<![a-zA-Z0-9]){re.escape(name)}(?![a-z0-9])", longer) is not None


def _speaks_of_failures(folder: str, world: World) -> bool:
    """Whether the source of a folder has a word for messages that failed."""
    texts = (
        (world.text(file.path) or "").lower() for file in world.fact(source_files).by_home.get(folder, ())
    )
    return any(_MARK.search(text) or any(word in text for word in _STREAMS) for text in texts)


def _naming(world: World) -> frozenset[str]:
    """The folders whose settings or topics have a word for messages that failed."""
    found: set[str] = set()
    for unit, documents in world.fact(config_documents).items():
        if isinstance(unit, SourceFolder):
            texts = (f"{item.key}={item.value}" for each in documents for item in each.settings)
            if any(_MARK.search(text.lower()) for text in texts):
                found.add(unit.path)
    for use in world.fact(topic_uses):
        if isinstance(use.unit, SourceFolder) and _NAME.search(use.topic):
            found.add(use.unit.path)
    return frozenset(found)
