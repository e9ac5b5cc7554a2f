"""The ports of a network policy rule: numbers, ranges, names, or all of them."""

from __future__ import annotations

from archlint.documents import Node
from archlint.finding.records import dataclass

LAST_PORT = 65535


@dataclass(frozen=True)
class PortRange:
    """One entry of ``ports``: a stretch of numbers, or a name that the selected pods resolve."""

    node: Node
    protocol: str
    """``TCP`` (the default), ``UDP`` or ``SCTP``."""
    first: int
    last: int
    name: str | None = None

    def has(self, number: int) -> bool:
        """Whether the number lies in the range; unknown, and so false, for a named port."""
        return self.name is None and self.first <= number <= self.last

    def __str__(self) -> str:
        """Such as ``8080``, ``8000-8999``, ``http`` or ``UDP 53``."""
        numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        text = self.name or ("all ports" if (self.first, self.last) == (0, LAST_PORT) else numbers)
        return text if self.protocol == "TCP" else f"{self.protocol} {text}"


def ports_of(ports: Node) -> tuple[PortRange, ...] | None:
    """The entries of a rule's ``ports``; ``None`` if it is missing or empty, which means every port.

    Source: the Kubernetes API reference, NetworkPolicyPort: an entry without ``port`` means all ports of its
    protocol, ``endPort`` makes a range. Entries of a wrong shape are left out.
    """
    if not ports.is_set or (ports.is_list and not ports.value):
        return None
    return tuple(entry for node in ports.elements() if (entry := port_entry(node)) is not None)


def port_entry(node: Node) -> PortRange | None:
    """One entry of ``ports``; ``None`` for one that the API server refuses, such as a range that ends before
    it begins."""
    if not node.is_map:
        return None
    protocol = node.get("protocol").text or "TCP"
    port, end = node.get("port"), node.get("endPort")
    if not port.is_set:
        return None if end.is_set else PortRange(node, protocol, 0, LAST_PORT)
    number = port.integer
    if number is None and port.text is not None:
        if not (port.text.isascii() and port.text.isdigit() and len(port.text) <= len(str(LAST_PORT))):
            return None if end.is_set else PortRange(node, protocol, 0, 0, port.text)
        number = int(port.text)
    if number is None:
        return None
    last = end.integer if end.is_set else number
    if last is None or last < number or (end.is_set and last > LAST_PORT):
        return None
    return PortRange(node, protocol, number, last)
