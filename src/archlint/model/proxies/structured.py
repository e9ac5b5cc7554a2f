"""Structured configuration of proxies: a YAML or JSON document, its text, and the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass, replace
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.placeholders import UNKNOWN, fill
from archlint.model.appconfig.settings import of_node
from archlint.model.appconfig.values import addresses_in_value
from archlint.model.services.addresses import Address

MOST_NODES = 100_000


@dataclass(frozen=True, slots=True)
class Target:
    """An address of a document, and where its host stands."""

    address: Address
    place: Place
    is_filled: bool


@dataclass(frozen=True)
class Structured:
    """One document."""

    root: Node
    text: PlacedText | None
    """What it was read from, where that is not a file."""
    environment: Mapping[str, str]

    def value(self, node: Node) -> str | None:
        """The text at a node, filled in; ``None`` for what is no text or not known."""
        setting = of_node(node, "", self.text)
        if setting is None:
            return None
        text = fill(setting.value, self.environment.get).text
        return None if UNKNOWN in text else text

    def place(self, node: Node) -> Place:
        """The place of a text."""
        setting = of_node(node, "", self.text)
        return node.value_place() if setting is None else setting.place(0, len(setting.value))

    def port(self, node: Node) -> int | None:
        """The number at a node, if it is that of a port."""
        text = self.value(node) or ""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        return number if 0 < number < 65536 else None

    def targets(self, node: Node, port: Node | None = None, scheme: str = "") -> Iterator[Target]:
        """The addresses in the text at a node; the port may stand apart."""
        setting = of_node(node, "", self.text)
        if setting is None:
            return
        filled = fill(setting.value, self.environment.get)
        for found in addresses_in_value(filled.text, bare=True):
            start, end = filled.written(found.start, found.end)
            address = found.address
            if port is not None and address.port is None:
                address = replace(address, port=self.port(port))
            if scheme and not address.scheme:
                address = replace(address, scheme=scheme)
            is_filled = setting.value[start:end].lower() != address.host
            yield Target(address, setting.place(start, end), is_filled)


def nodes_below(root: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    waiting, left = [root], MOST_NODES
    while waiting and left:
        left -= 1
        node = waiting.pop()
        yield node
        below = [*(value for _, value in node.items()), *node.elements()]
        waiting.extend(reversed([item for item in below if item.is_map or item.is_list]))
