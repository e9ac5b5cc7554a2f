"""Holds what one application sends against what another one of the same repository receives.

Both are taken at their word: an address of one name at a broker that is not known to be another one is the
same, and so are messages of one kind there. Listeners pass over messages of a kind that they do not list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.comparison.asyncapi.bindings import Promise, binding_changes
from archlint.comparison.asyncapi.encodings import changed_encoding
from archlint.comparison.asyncapi.flows import Flow, flows, is_nameless
from archlint.comparison.asyncapi.messages import Messages, Refusal
from archlint.comparison.asyncapi.servers import Brokers
from archlint.comparison.json_schema.compare import Contradictions
from archlint.comparison.schemas.containment import Engine
from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.files.folders import shows_or_tests, versions_in
from archlint.finding import Route
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.asyncapi import AsyncDescription, Piece
from archlint.model.json_schema.copies import JsonSchemaCopy
from archlint.model.world import World

_MOST_PAIRS = 200
"""Pairs of a sender and a receiver of one address that are looked at, the first by their paths."""
_GENERIC = regex(r"(?:.*\.)?(?:message|msg|event|payload|default)(?:\.?\d++)?")
"""Names that tell no kind of message, such as those that a converter of documents makes up."""
_LITERAL = regex(r"\w")
_PARAMETER = "{}"


@dataclass(frozen=True)
class EventRefused:
    """A value that one application sends and another one, which listens there, does not take."""

    sender: Flow
    receiver: Flow
    name: str
    field: str
    refusal: Refusal
    candidates: tuple[Node, ...]
    """The schemas of the receiver that were asked; if there are several, none takes the value."""
    others: int = 0
    """In how many other pairs of messages the same edit refuses a value."""


def refused_events(world: World) -> Mapping[Document, tuple[EventRefused, ...]]:
    """All such values, by the document of the receiver; ask with ``world.fact(refused_events)``."""
    if len(world.paths(Kind.ASYNCAPI)) < 2:
        return {}
    ends = _Ends(world)
    found: dict[tuple[object, ...], list[EventRefused]] = {}
    for pair in _pairs(world):
        for each in ends.refused(*pair):
            place = each.refusal.taken_as
            key = pair[1].description.document, place.document, place.route, each.refusal.trail[-2:]
            found.setdefault(key, []).append(each)
    by_receiver: dict[Document, list[EventRefused]] = defaultdict(list)
    for alike in found.values():
        by_receiver[alike[0].receiver.description.document].append(replace(alike[0], others=len(alike) - 1))
    return {document: tuple(each) for document, each in by_receiver.items()}


def _pairs(world: World) -> Iterator[tuple[Flow, Flow]]:
    """Each sender with each receiver of what it sends, where they are two applications."""
    ends: dict[tuple[object, ...], tuple[list[Flow], list[Flow]]] = defaultdict(lambda: ([], []))
    for description in world.all(AsyncDescription):
        path = description.document.path
        if shows_or_tests(path):
            continue
        for (address, sends, is_reply), flow in flows(description).items():
            if flow.messages and _LITERAL.search(address.replace(_PARAMETER, "")):
                ends[versions_in(path), address, is_reply][0 if sends else 1].append(flow)
    for senders, receivers in ends.values():
        left = _MOST_PAIRS
        for sender, receiver in ((one, other) for one in senders for other in receivers):
            if left == 0:
                break
            if not _is_one_application(sender.description, receiver.description):
                left -= 1
                yield sender, receiver


def _is_one_application(first: AsyncDescription, second: AsyncDescription) -> bool:
    """Whether two documents are one, or of one application, as those of two versions are."""
    if first.document is second.document:
        return True
    names = [(each.root.get("id").text, each.root.get("info", "title").text) for each in (first, second)]
    return any(one is not None and one == other for one, other in zip(*names, strict=True))


class _Ends:
    """Asks one engine about all pairs, so that what is asked again is known, and all of them end."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._engine = Engine()
        self._brokers = Brokers()
        self._messages: dict[tuple[Document, Document], Messages] = {}

    def refused(self, sender: Flow, receiver: Flow) -> Iterator[EventRefused]:
        """What is sent, and refused."""
        pair = sender, receiver
        kinds = list(_same_kinds(sender, receiver))
        if not kinds or self._brokers.are_apart(sender, receiver) or _are_named_otherwise(pair):
            return
        for name, message, candidates in kinds:
            if any(changed_encoding(pair, (message, each)) is not None for each in candidates):
                continue
            for field in ("payload", "headers"):
                sent_as = sender.description.part_of(message, field).schema
                asked = [receiver.description.part_of(each, field).schema for each in candidates]
                taken_as = [each for each in asked if each is not None]
                if sent_as is None or len(taken_as) < len(asked):
                    continue
                if not any(self._is_told(sent_as, each, pair) for each in taken_as):
                    for refusal in self._between(pair).refused(pair, sent_as, taken_as):
                        yield EventRefused(sender, receiver, name, field, refusal, tuple(taken_as))

    def _between(self, pair: tuple[Flow, Flow]) -> Messages:
        sides = pair[0].description, pair[1].description
        key = sides[0].document, sides[1].document
        if key not in self._messages:
            self._messages[key] = Messages(*sides, engine=self._engine)
        return self._messages[key]

    def _is_told(self, sent_as: Node, taken_as: Node, pair: tuple[Flow, Flow]) -> bool:
        """Whether both sides refer to one schema, or to copies of one that are told as that."""
        first, second = pair[0].description.meant(sent_as), pair[1].description.meant(taken_as)
        if first.document is second.document:
            return first.route == second.route
        if first.route or second.route or not self._world.paths(Kind.JSON_SCHEMA):
            return False
        return any(
            {copy.schema.document, copy.other.document} == {first.document, second.document}
            and self._world.fact(Contradictions)(copy.schema, copy.other) is not None
            for copy in self._world.all(JsonSchemaCopy)
        )


def _are_named_otherwise(pair: tuple[Flow, Flow]) -> bool:
    """Whether bindings say that a channel of this name is two things at the broker."""
    changes = binding_changes(pair, (pair[0].channel, pair[1].channel), Piece.CHANNEL)
    return any(each.promise is Promise.NAME for each in changes)


def _same_kinds(sender: Flow, receiver: Flow) -> Iterator[tuple[str, Node, list[Node]]]:
    """Each message that is sent, with those of the receiver that are of its kind: of its name, or, where
    names tell nothing, all of them, if there are as many."""
    ours, theirs = (
        {name: _Kind.of(name, node, flow.description) for name, node in flow.messages.items()}
        for flow in (sender, receiver)
    )
    is_told = len(ours) != len(theirs)
    if not is_told:
        silent = [all(not kind.names for kind in side.values()) for side in (ours, theirs)]
        is_told = not (all(silent) or (len(ours) == 1 and any(silent)))
    for name, kind in ours.items():
        same = [key for key, other in theirs.items() if not is_told or kind.is_that_of(other)]
        if same:
            shown = "" if is_nameless(name) else name
            yield shown, sender.messages[name], [receiver.messages[key] for key in same]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells of which kind a message is."""

    stated: str
    """The name that it states."""
    names: frozenset[str]
    """All that it is called: by its channel, by itself, by its title, among the components."""
    home: tuple[Document, Route]

    @classmethod
    def of(cls, key: str, message: Node, description: AsyncDescription) -> _Kind:
        """The kind of a message that its channel calls by a key."""
        fields = ("name", "messageId", "title")
        texts = [description.effective(message, field).text or "" for field in fields]
        is_component = message.route[:2] == ("components", "messages")
        texts += ["" if is_nameless(key) else key, str(message.route[-1]) if is_component else ""]
        names = {_plain(text) for text in texts if not _GENERIC.fullmatch(text.lower())}
        return cls(_plain(texts[0]), frozenset(names - {""}), (message.document, message.route))

    def is_that_of(self, other: _Kind) -> bool:
        """Whether both are the same, as names that are written otherwise are; what they state wins."""
        if self.home == other.home:
            return True
        if self.stated and other.stated and self.stated != other.stated:
            return False
        return not self.names.isdisjoint(other.names)


def _plain(name: str) -> str:
    """A name without what tells ways of writing apart."""
    return "".join(filter(str.isalnum, name)).lower()
