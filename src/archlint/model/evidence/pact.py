"""Pact files: what a consumer asks of a provider, and what it reads of the answers and messages.

Versions 2, 3 and 4 differ in where they keep things; here they read alike. Values are a consumer's test data,
and may be secrets: they reach no report.

Source: Pact Specification, versions 2 to 4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.evidence.media_types import bare, is_json
from archlint.model.evidence.pact_generators import Generators
from archlint.model.evidence.pact_rules import Matchers, MatchingRules
from archlint.model.evidence.pact_values import Expected, expected_of, expected_text
from archlint.model.world import World

_STATUS_CLASSES = {
    "info": range(100, 200),
    "success": range(200, 300),
    "redirect": range(300, 400),
    "clientError": range(400, 500),
    "serverError": range(500, 600),
    "nonError": range(100, 400),
    "error": range(400, 600),
}
"""What a matcher of a status takes, by its name."""


class InteractionKind(StrEnum):
    """What goes from one side to the other."""

    HTTP = "HTTP"
    MESSAGE = "message"
    CALL = "call"
    """A request and its responses over something else than HTTP, such as gRPC."""


@dataclass(frozen=True, slots=True, eq=False)
class PactBody:
    """What stands after the headers; ``node`` is the body itself, wherever a version keeps it."""

    node: Node
    stated: str | None
    """The media type as it is stated."""
    is_encoded: bool = False
    """Whether it is there as bytes in Base64."""

    @property
    def media_type(self) -> str | None:
        """Without parameters, in lower case."""
        return None if self.stated is None else bare(self.stated)

    @property
    def is_json(self) -> bool:
        """Whether it is a value in JSON: it says so, or says nothing and has the form of one."""
        if self.is_encoded:
            return False
        if self.media_type is None:
            return isinstance(self.node.value, (dict, list))
        return is_json(self.media_type)

    @property
    def is_plain_text(self) -> bool:
        """Whether it is text without a form of its own, and all of it is there."""
        is_text = self.media_type == "text/plain" and self.node.text is not None
        return is_text and not self.is_encoded


class PactPart:
    """A request, a response or the contents of a message."""

    def __init__(self, node: Node, is_wrapped: bool) -> None:
        """``is_wrapped``: the body stands in a map that tells its type, as in version 4."""
        self.node = node
        self._is_wrapped = is_wrapped

    @cached_property
    def rules(self) -> MatchingRules:
        """Its matching rules."""
        return MatchingRules(self.node.get("matchingRules"))

    @cached_property
    def generators(self) -> Generators:
        """What is put into it when it is held against the provider."""
        return Generators(self.node.get("generators"))

    @cached_property
    def headers(self) -> tuple[tuple[str, str, Node], ...]:
        """Name, value and place of each header; several values are one, with commas."""
        return tuple(
            (name, ", ".join(values), node)
            for name, node in self.node.get("headers").items()
            if (values := _texts(node))
        )

    def header(self, name: str) -> str | None:
        """The value of a header."""
        wanted = name.lower()
        return next((value for known, value, _ in self.headers if known.lower() == wanted), None)

    @cached_property
    def query(self) -> tuple[tuple[str, str, Node], ...]:
        """The pairs of the query as they are sent, in the order of the text.

        A query that is a text is encoded; from version 3 on it is a map of what is not encoded yet.
        """
        node = self.node.get("query")
        if node.text is not None:
            pairs = (pair.partition("=") for pair in node.text.removeprefix("?").split("&") if pair)
            return tuple((name, value, node) for name, _, value in pairs)
        return tuple(
            (quote(name, safe=_KEPT), quote(value, safe=_KEPT), at)
            for name, at in node.items()
            for value in _texts(at, null="")
        )

    @cached_property
    def body(self) -> PactBody | None:
        """The body, if there is one."""
        stated = self.header("content-type") or self._stated_in_metadata()
        node = self.node.get("body")
        if not node.exists:
            node = self.node.get("contents")
        if not node.exists:
            return None
        if self._is_wrapped and node.is_map:
            return _unwrapped(node, stated or node.get("contentType").text)
        return PactBody(node, stated) if _has_something(node) else None

    def _stated_in_metadata(self) -> str | None:
        """The media type that a message has among its metadata."""
        for name in ("metadata", "metaData"):
            for key, node in self.node.get(name).items():
                if key.lower().replace("-", "") == "contenttype":
                    return node.text
        return None

    @cached_property
    def expected(self) -> Expected | None:
        """What is expected of the body, if it is JSON."""
        body = self.body
        if body is None or not body.is_json:
            return None
        return expected_of(body.node, self.rules.of("body"))

    @cached_property
    def expected_text(self) -> Expected | None:
        """What is expected of the body, if it is plain text."""
        body = self.body
        if body is None or not body.is_plain_text:
            return None
        rule = self.rules.of("body").best
        text = body.node.text or ""
        return Expected(body.node, {"const": text}) if rule is None else expected_text(body.node, text, rule)

    @cached_property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of a response that the consumer takes, its example first; none if it states none."""
        rule = self.rules.of("status").best
        matcher = None if rule is None else rule.named("statusCode")
        stated = None if matcher is None else matcher.get("status")
        number = self.node.get("status").integer
        example = () if number is None else (number,)
        if isinstance(stated, str) and stated in _STATUS_CLASSES:
            return tuple(dict.fromkeys((*example, *_STATUS_CLASSES[stated])))
        if isinstance(stated, list):
            numbers = (item for item in stated if isinstance(item, int))
            return tuple(dict.fromkeys((*example, *sorted(numbers))))
        return example

    def header_rule(self, name: str) -> Matchers | None:
        """The rule about a header, or about the values that it has; its name counts in any case."""
        rules = self.rules.each("header")
        own = [(len(way), rule) for way, rule in rules if way and str(way[0]).lower() == name.lower()]
        return min(own, key=itemgetter(0), default=(0, None))[1]


def _has_something(node: Node) -> bool:
    """Whether it is not a body of no bytes, which is written as a text without characters."""
    return node.is_set and node.value != ""


def _unwrapped(node: Node, stated: str | None) -> PactBody | None:
    content = node.get("content")
    encoded = node.get("encoded").value
    if not _has_something(content):
        return None
    if content.text is not None and encoded in ("JSON", "json") and len(content.text) < _LONGEST:
        try:
            return PactBody(Node(content.document, content.route, json.loads(content.text)), stated)
        except (ValueError, RecursionError):
            return PactBody(content, stated, True)
    return PactBody(content, stated, encoded not in (None, False, "false", ""))


_LONGEST = 1_000_000
_KEPT = "[]/:,|@!$'()*;?~"
"""What a query may have as it is, so that delimiters of lists stay those."""


def _texts(node: Node, null: str | None = None) -> list[str]:
    """The values of a header or a parameter, which a version keeps as text or as a list of texts.

    ``null``: what stands for a value that is not there, as of a parameter that is a name alone.
    """
    items = [item.value for item in node.elements()] if node.is_list else [node.value]
    texts = (null if item is None else item for item in items)
    return [_text(item) for item in texts if isinstance(item, (str, int, float, bool))]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, eq=False)
class Interaction:
    """One thing that a consumer expects of its provider."""

    node: Node
    kind: InteractionKind

    @cached_property
    def request(self) -> PactPart:
        """What is asked; of a message its contents."""
        is_message = self.kind is InteractionKind.MESSAGE
        return PactPart(self.node if is_message else self.node.get("request"), self._is_fourth)

    @cached_property
    def responses(self) -> tuple[PactPart, ...]:
        """What is answered; a call may have several answers."""
        node = self.node.get("response")
        if node.is_list:
            return tuple(PactPart(item, self._is_fourth) for item in node.elements() if item.is_map)
        return (PactPart(node, self._is_fourth),) if node.is_map else ()

    @property
    def _is_fourth(self) -> bool:
        return self.node.get("type").text is not None

    @property
    def method(self) -> str:
        """The method of HTTP in capital letters."""
        return (self.request.node.get("method").text or "").upper()

    @property
    def path(self) -> str:
        """The path of the request."""
        return self.request.node.get("path").text or ""

    @property
    def is_of_protos(self) -> bool:
        """Whether what is sent is a message of a proto file: all calls are, and what the plugin for Protobuf
        has made."""
        return self.kind is InteractionKind.CALL or self.plugin.get("protobuf").is_map

    @property
    def plugin(self) -> Node:
        """What plugins say of it, by their names."""
        return self.node.get("pluginConfiguration")


@dataclass(frozen=True, eq=False)
class Pact:
    """One file: what one consumer expects of one provider."""

    document: Document
    is_named: bool = False
    """Whether somebody asked to hold it against contracts, so that one of these is meant."""

    @classmethod
    def all(cls, world: World) -> Iterable[Pact]:
        """Every Pact file of the world, by path."""
        for document in world.documents(Kind.PACT):
            if document.root.is_map and document.root.get("provider").is_map:
                yield cls(document)

    @classmethod
    def of(cls, document: Document) -> Pact | None:
        """A document that somebody named, if it is a Pact file."""
        root = document.root
        has_parties = root.get("consumer").is_map and root.get("provider").is_map
        has_contents = root.get("interactions").is_list or root.get("messages").is_list
        return cls(document, is_named=True) if has_parties and has_contents else None

    @property
    def source(self) -> Document:
        """The file."""
        return self.document

    @property
    def consumer(self) -> str:
        """The name of the consumer; empty if there is none."""
        return self.document.root.get("consumer", "name").text or ""

    @property
    def provider(self) -> str:
        """The name of the provider; empty if there is none."""
        return self.document.root.get("provider", "name").text or ""

    @property
    def object(self) -> ObjectRef:
        """Consumer and provider."""
        return ObjectRef("Pact", f"{self.consumer} and {self.provider}")

    @cached_property
    def interactions(self) -> tuple[Interaction, ...]:
        """Everything that is expected, in the order of the text."""
        return tuple(_interactions(self.document.root))


def _interactions(root: Node) -> Iterator[Interaction]:
    for node in root.get("interactions").elements():
        stated = node.get("type").text or ""
        if stated.startswith("Asynchronous"):
            yield Interaction(node, InteractionKind.MESSAGE)
        elif stated == "Synchronous/Messages":
            yield Interaction(node, InteractionKind.CALL)
        elif node.get("request", "path").text is not None:
            yield Interaction(node, InteractionKind.HTTP)
    for node in root.get("messages").elements():
        if node.is_map:
            yield Interaction(node, InteractionKind.MESSAGE)
