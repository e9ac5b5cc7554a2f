"""The words of messaging: a topic that is declared, and a use of one by a part of the system.

A queue, an exchange and a channel are topics too: what counts is a name that is agreed between those who
send and those who receive. What a broker speaks tells topics of one name apart.
"""

from __future__ import annotations

from enum import StrEnum

from archlint.documents import Node
from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.system.evidence import Unit

KAFKA, AMQP = "kafka", "amqp"
"""Protocols, as ``model/services/protocols`` calls them; empty where nothing tells."""


class Form(StrEnum):
    """What kind of thing messages are sent to or taken from."""

    TOPIC = "topic"
    QUEUE = "queue"
    EXCHANGE = "exchange"


@dataclass(frozen=True)
class DeclaredTopic:
    """A topic or queue that a file makes the broker have."""

    name: str
    protocol: str
    form: Form
    place: Place
    """The token that names it."""
    source: Source
    object: ObjectRef | None
    declared_by: str
    """What declares it, in words: ``KafkaTopic 'orders'``."""
    cluster: str = ""
    """The broker that is named as its home; empty if none is."""


@dataclass(frozen=True)
class TopicUse:
    """A place that says that a unit sends to a topic, or receives from it."""

    unit: Unit
    protocol: str
    """Empty where nothing tells which broker is meant."""
    topic: str
    """The name; with ``is_pattern`` how the names begin that are meant."""
    sends: bool | None
    """``False`` where it receives; ``None`` where nothing tells which."""
    place: Place
    text: str
    """What stands there, as shown to people."""
    confidence: Confidence
    """High where the unit's own configuration or code says so in a form that can mean nothing else, medium
    where the name of a variable says so, or where it is shared by several."""
    form: Form = Form.TOPIC
    is_pattern: bool = False
    """Whether a pattern stands there: which names it takes is not judged but by their literal beginning."""
    is_declared: bool = False
    """Whether it only says what may be (an access list, a contract), which proves no use."""
    named_at: Place | None = None
    """Where the name is written, if that is elsewhere: a constant, a variable that the unit is given."""

    def means(self, name: str) -> bool:
        """Whether a topic of this name is, or may be, meant."""
        return name.startswith(self.topic) if self.is_pattern else name == self.topic


@dataclass(frozen=True, slots=True)
class TopicSetting:
    """A value that somebody set, and where."""

    value: str
    place: Place

    @property
    def number(self) -> int | None:
        """The value as a whole number; ``None`` if it is none."""
        text = self.value.removeprefix("-")
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return None
        return int(self.value)


def topic_setting(node: Node) -> TopicSetting | None:
    """What stands at a node if it is a text or a whole number, as both are allowed in most settings."""
    if node.text is not None:
        return TopicSetting(node.text.strip(), node.value_place())
    if node.integer is not None:
        return TopicSetting(str(node.integer), node.value_place())
    return None


def literal_beginning(pattern: str) -> str:
    """The part of a pattern that stands for itself, up to the first sign that may mean something else."""
    if "|" in pattern:
        return ""
    begun = pattern.removeprefix("^")
    for at, sign in enumerate(begun):
        if sign in _SIGNS:
            return begun[: at - 1] if sign in "*?{" and at else begun[:at]  # the sign before may be missing
    return begun


_SIGNS = "*?+.[](){}|\\$^"
