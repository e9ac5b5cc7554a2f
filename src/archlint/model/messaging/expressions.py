"""What names a topic in source: a string, a constant, a variable of the environment with a default."""

from __future__ import annotations

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.messaging.topics import literal_beginning
from archlint.model.sources.arguments import Stretch, parts
from archlint.model.sources.following import Following, MeantValue
from archlint.model.sources.reading import SourceFiles
from archlint.model.sources.traced import UNKNOWN, Traced

_OF_QUEUES = ("name", "queue", "queuename")
_DECLARED = regex(r"(?:await\s{1,9})?[\w$.]{1,80}\.(?:QueueDeclare|assertQueue|QueueDeclareAsync)\s{0,3}\(")
_ODD = regex(r"[\s<>\"'%|\\]")
"""What names of topics do not hold."""


@dataclass(frozen=True, slots=True)
class TopicName:
    """One name that an expression may stand for."""

    text: str
    """How the names begin, where ``is_pattern``."""
    place: Place
    """Where the name is written; of a variable without a default where it is read."""
    is_pattern: bool = False
    variable: str = ""
    """The variable of the environment that is asked first."""


class Expressions:
    """Tells the names that expressions of source stand for."""

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self._following = Following(files, _OF_QUEUES, _queue_declared)

    def names(self, what: Stretch) -> tuple[TopicName, ...]:
        """The names that an expression stands for; none if any of it is unknown."""
        found = (self._name(what, value) for value in self._following.values(what))
        return tuple(name for name in found if name is not None)

    def _name(self, what: Stretch, value: MeantValue) -> TopicName | None:
        if value.text is None:
            return TopicName("", what.file.place(what.start, what.end), variable=value.variable)
        text = value.text.text
        place = self._place(what, value.text)
        if UNKNOWN in text:
            begun = text[: text.index(UNKNOWN)]
            return TopicName(begun, place, True) if begun else None
        return TopicName(text, place, variable=value.variable) if text and not _ODD.search(text) else None

    def _place(self, what: Stretch, text: Traced) -> Place:
        first, last = text.pieces[0], text.pieces[-1]
        file = self._files.by_path[first.path] if first.path else what.file
        end = last if last.path == first.path and last.offset >= first.offset else first
        return file.place(first.offset, end.offset + len(end.text))


def _queue_declared(statement: Stretch) -> Stretch | None:
    """The name of the queue that a statement declares: ``queue.Name`` of amqp091-go is it."""
    declared = _DECLARED.match(statement.plain)
    return next(parts(statement.file, statement.start + declared.end() - 1), None) if declared else None


def pattern_of(name: TopicName) -> TopicName:
    """The same as the pattern that it is taken for."""
    return TopicName(literal_beginning(name.text), name.place, True, name.variable)
