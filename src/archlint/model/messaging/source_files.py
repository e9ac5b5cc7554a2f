"""Source files that may send or receive messages, by the folder that they are built in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from posixpath import basename, dirname, splitext

from archlint.documents import TextFile
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.sources.languages import language_of
from archlint.model.sources.left_out import is_left_out
from archlint.model.sources.literals import SourceCode
from archlint.model.system.folders import SourceFolder, folder_of
from archlint.model.world import World

_LONGEST_FILE = 400_000
_MOST_ALIKE = 8
"""Files of one name, above which none of them is taken for the class."""
_MOST_TEXT = 120_000_000
"""Characters of source that are looked through."""
_OTHERS = {
    "NATS": (
        "nats",
        regex(r"nats-io/|nats\.(?:connect|aio|client|net)|\bio\.nats\b|[\"']nats[\"']|import nats\b"),
    ),
    "SQS": (
        "sqs",
        regex(r"client-sqs|service/sqs|services?\.sqs|[\"']sqs[\"']|amazonsqs|new sqs\b|\bsqsclient"),
    ),
    "SNS": (
        "sns",
        regex(r"client-sns|service/sns|services?\.sns|[\"']sns[\"']|amazonsns|new sns\b|\bsnsclient"),
    ),
    "Pub/Sub": (
        "pubsub",
        regex(r"cloud/pubsub|go/pubsub|cloud[.-]pubsub|google\.cloud import pubsub|cloud\.pubsub"),
    ),
}
"""Brokers that are named where they are met, by a word of the file in lower case and what has to follow."""
_MARKERS = ("kafka", "sarama", "rabbit", "amqp", "pika", "bunny", "eventuate", "franz-go")


@dataclass(eq=False)
class SourceFile:
    """One file of source."""

    path: str
    language: str
    world: World

    @cached_property
    def text(self) -> str:
        """What it holds; empty if it is no text, or too long."""
        text = self.world.text(self.path) or ""
        return text if len(text) <= _LONGEST_FILE else ""

    @cached_property
    def code(self) -> SourceCode:
        """The text, scanned."""
        return SourceCode(self.text, self.language)

    @cached_property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the text."""
        span = Span(*self.code.lines.position(start), *self.code.lines.position(end))
        return TextFile(self.path, self.world.tree.revision).place(span)


@dataclass(frozen=True, eq=False)
class Sources:
    """All source files that are evidence."""

    folders: Mapping[str, tuple[SourceFile, ...]]
    """By the path of the folder of source that they belong to: of folders that speak of a broker."""
    by_stem: Mapping[str, tuple[SourceFile, ...]]
    """Files by the class that they are named for."""
    units: Mapping[str, SourceFolder]
    others: tuple[tuple[str, str], ...] = ()
    """The first file of each folder that uses a broker of which no calls are known, with its name."""

    def speaking(self) -> Iterator[tuple[SourceFolder, SourceFile]]:
        """The files that speak of a broker, with the folder that each is built in."""
        for path, files in self.folders.items():
            for file in files:
                if path in self.units and _speaks(file.lower):
                    yield self.units[path], file


def sources(world: World) -> Sources:
    """The source files of a world; ask with ``world.reading(sources)``."""
    folders: dict[str, list[SourceFile]] = {}
    units: dict[str, SourceFolder] = {}
    stems: dict[str, list[SourceFile]] = {}
    speaking: set[str] = set()
    others: dict[tuple[str, str], str] = {}
    left = _MOST_TEXT
    for path in sorted(world.kinds):
        language = language_of(path)
        if language is None or left <= 0 or is_left_out(path):
            continue
        file = SourceFile(path, language.name, world)
        length = len(file.text)
        if not length:
            continue
        left -= length
        unit = folder_of(world, path)
        home = unit.path if unit is not None else dirname(path)
        if unit is not None:
            units[home] = unit
        lower = file.text.lower()
        for broker in _others(lower) if unit is not None else ():
            others.setdefault((home, broker), path)
        if _speaks(lower):
            speaking.add(home)
            folders.setdefault(home, []).append(file)
        else:
            folders.setdefault(home, []).append(
                SourceFile(path, language.name, world)
            )  # read again if need be
        stem = splitext(basename(path))[0]
        if stem[:1].isupper():
            stems.setdefault(stem, []).append(folders[home][-1])
    kept = {path: tuple(files) for path, files in folders.items() if path in speaking}
    named = {name: tuple(files) for name, files in stems.items() if len(files) <= _MOST_ALIKE}
    unread = tuple((path, broker) for (_, broker), path in others.items())
    return Sources(kept, named, units, unread)


def _others(lower: str) -> Iterator[str]:
    return (name for name, (word, sign) in _OTHERS.items() if word in lower and sign.search(lower))


def _speaks(lower: str) -> bool:
    return any(word in lower for word in _MARKERS)
