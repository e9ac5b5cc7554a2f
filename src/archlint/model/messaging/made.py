"""Topics that programs make themselves: calls of Kafka's administration client, and Spring's beans."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.messaging.expressions import Expressions
from archlint.model.sources.arguments import given
from archlint.model.sources.reading import source_files
from archlint.model.world import World

_CALLED = regex(
    r"(?<![\w$@])(NewTopic|TopicSpecification|TopicConfig|TopicSpec|TopicBuilder\.name|createTopic|create_topic"
    r"|CreateTopic|CreateTopics)\s{0,3}[({]"
)
_NAMES = ("topic", "name", "Topic", "Name", 0)


def made_in_source(world: World) -> frozenset[str]:
    """The names of topics that source makes; ask with ``world.fact(made_in_source)``."""
    found = world.fact(source_files)
    expressions = Expressions(found)
    names: set[str] = set()
    for _, file in found.messaging():
        for match in _CALLED.finditer(file.code.plain) if _CALLED.search(file.text) else ():
            arguments = given(file, match.end() - 1)
            for which in _NAMES:
                part = arguments.get(which)
                if part is not None:
                    names.update(name.text for name in expressions.names(part) if name.text)
    return frozenset(names)
