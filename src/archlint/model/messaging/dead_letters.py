"""What services do with messages that they cannot process: whether anything leads them elsewhere.

Sources: Spring for Apache Kafka, "Handling exceptions" and "Non-blocking retries"; SmallRye Reactive
Messaging, ``failure-strategy``; Kafka Connect, ``errors.deadletterqueue.topic.name``; Dapr,
``deadLetterTopic``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from archlint.finding import ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import config_documents
from archlint.model.messaging.declared import declared_topics
from archlint.model.messaging.matching import UsedTopic
from archlint.model.messaging.source_files import sources
from archlint.model.messaging.topics import KAFKA, TopicUse
from archlint.model.messaging.uses import topic_uses
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
        handled = world.fact(_handled)
        for path, uses in sorted(received.items()):
            rest = [use for name, use in sorted(uses.items()) if not _is_led_on(name, world)]
            if rest and not handled.get(path, False):
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
        name in other.name and other.name != name and _NAME.search(other.name)
        for other in world.fact(declared_topics)
    )


def _handled(world: World) -> Mapping[str, bool]:
    """Whether the source, the settings or the topics of a folder speak of what fails, by its path."""
    found: dict[str, bool] = {}
    for path, files in world.reading(sources).folders.items():
        found[path] = any(
            _MARK.search(file.lower) or any(word in file.lower for word in _STREAMS) for file in files
        )
    for unit, documents in world.fact(config_documents).items():
        if isinstance(unit, SourceFolder):
            texts = (f"{item.key}={item.value}" for each in documents for item in each.settings)
            found[unit.path] = found.get(unit.path, False) or any(
                _MARK.search(text.lower()) for text in texts
            )
    for use in world.fact(topic_uses):
        if isinstance(use.unit, SourceFolder) and _NAME.search(use.topic):
            found[use.unit.path] = True
    return found
