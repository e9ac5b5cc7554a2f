"""Compares the servers of two AsyncAPI documents: where they are, how to talk to them, and who may.

Servers are paired by where they are, as nobody on the wire knows what a document calls them; one whose
address is gone goes on under its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from archlint.comparison.asyncapi.changes import SecurityNarrowed, ServerChanged, ServerUnnamed
from archlint.comparison.asyncapi.flows import Flow
from archlint.documents import Document, Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.asyncapi import AsyncDescription, is_reference
from archlint.model.messaging.asyncapi import protocol_of

_SCHEME = regex(r"[a-zA-Z][a-zA-Z0-9+.-]*+://")
_VARIABLE = regex(r"\{([^{}]*+)\}")
_PORT = regex(r":\d++(?=/|$)")
_MOST_ADDRESSES = 100
"""Addresses that the values of variables make of one; of more, the one with the names counts."""
_PORTS = {
    "amqp": "5672",
    "amqps": "5671",
    "http": "80",
    "https": "443",
    "mqtt": "1883",
    "mqtts": "8883",
    "secure-mqtt": "8883",
    "ws": "80",
    "wss": "443",
}
"""The ports that IANA has registered for protocols, which need not be written."""
_LOCAL = ("localhost", "127.", "0.0.0.0", "[::1]", "host.docker.internal")
"""How hosts begin that mean the own machine of whoever reads the document."""


@dataclass(frozen=True)
class _Server:
    """A server under the name that the document has for it."""

    description: AsyncDescription
    name: str
    node: Node

    @property
    def protocol(self) -> Node:
        """What is spoken with it."""
        return self.node.get("protocol")

    @property
    def stated(self) -> Node:
        """The field that says where it is."""
        return self.node.get(self.description.address_fields[0])

    @cached_property
    def template(self) -> str:
        """Where it is, the same for both versions: without scheme and slashes at the end."""
        texts = [self.node.get(field).text or "" for field in self.description.address_fields]
        whole = "/".join(text.strip("/") if at else text.rstrip("/") for at, text in enumerate(texts) if text)
        found = _SCHEME.match(whole)
        return whole[found.end() :] if found else whole

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Where it is, each broker of a list, for each value that its variables may have; a variable without
        a list of values stays."""
        names = list(dict.fromkeys(_VARIABLE.findall(self.template)))
        lists = [self._values(name) for name in names]
        filled: Iterable[str] = (self.template,)
        if prod(map(len, lists)) <= _MOST_ADDRESSES:
            filled = (
                _filled(self.template, dict(zip(names, values, strict=True))) for values in product(*lists)
            )
        return frozenset(found for each in filled for found in self._brokers(each))

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Where it is, without ports."""
        return frozenset(_PORT.sub("", text).rstrip("/") for text in self.addresses if text)

    def _brokers(self, address: str) -> Iterator[str]:
        """The addresses that a list of hosts with a path makes, without the usual port."""
        hosts, slash, path = address.partition("/")
        port = f":{_PORTS.get((self.protocol.text or '').lower(), '')}"
        for host in hosts.split(","):
            yield host.strip().lower().removesuffix(port) + slash + path

    def generation(self, version: str) -> str:
        """What of a version clients have to agree with: of AMQP, where 1.0 is another protocol than 0.9 is,
        the first number; brokers of others talk to older clients too."""
        is_amqp = (self.protocol.text or "").lower() in ("amqp", "amqps")
        return version.lstrip("vV")[:1] if is_amqp else ""

    def _values(self, name: str) -> list[str]:
        variable = self.description.meant(self.node.get("variables", name))
        texts = [each.text for each in variable.get("enum").elements() if each.text is not None]
        return texts or ["{}"]


def _filled(template: str, values: Mapping[str, str]) -> str:
    """An address with the values of its variables."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template)


def server_changes(old: AsyncDescription, new: AsyncDescription) -> Iterator[object]:
    """Servers that are gone, that are found or spoken with otherwise, or ask for more."""
    before, after = _servers(old), _servers(new)
    if not after:
        return  # whoever leaves all of them out says nothing about where they are
    offered = frozenset[str]().union(*(each.addresses for each in after.values()))
    for name, server in before.items():
        same = [each for each in after.values() if server.addresses & each.addresses]
        other = next((each for each in same if each.name == name), same[0] if same else after.get(name))
        lost = sorted(each for each in server.addresses - offered if not each.startswith(_LOCAL))
        if other is None:
            if lost:
                yield ServerUnnamed(old, new, server.name, server.stated, server.template)
            continue
        if lost:
            yield ServerChanged(old, new, name, server.stated, other.stated, lost[0], other.template)
        for field, spoken in (("protocol", str.lower), ("protocolVersion", server.generation)):
            first, second = server.node.get(field), other.node.get(field)
            if first.text and second.text and spoken(first.text) != spoken(second.text):
                yield ServerChanged(old, new, name, first, second, first.text, second.text)
        yield from _narrowed(server, other)


def _servers(description: AsyncDescription) -> dict[str, _Server]:
    found = {
        name: _Server(description, name, description.meant(entry))
        for name, entry in description.at("servers").items()
    }
    return {name: each for name, each in found.items() if each.node.is_map and each.stated.text}


_BROKERLESS = frozenset(("http", "https", "ws", "wss"))


class Brokers:
    """Tells the brokers of flows apart; the servers of a document are read once."""

    def __init__(self) -> None:
        self._known: dict[Document, Mapping[str, _Server]] = {}

    def are_apart(self, first: Flow, second: Flow) -> bool:
        """Whether two flows are known to be at different brokers: by what is spoken there, or where they are.

        Ports do not count, as one broker has several. What is spoken without a broker is carried between two
        applications only if a server of both is one.
        """
        sides = [self._carriers(flow) for flow in (first, second)]
        spoken = [_spoken(flow, servers) for flow, servers in zip((first, second), sides, strict=True)]
        if all(spoken) and spoken[0].isdisjoint(spoken[1]):
            return True
        places = [frozenset[str]().union(*(each.hosts for each in servers)) for servers in sides]
        if not all(places):
            return not _BROKERLESS.isdisjoint(spoken[0] | spoken[1])
        is_open = any("{" in place or place.startswith(_LOCAL) for place in places[0] | places[1])
        return not is_open and places[0].isdisjoint(places[1])

    def _carriers(self, flow: Flow) -> list[_Server]:
        """The servers that carry a channel: those that it names, else all of the document."""
        document = flow.description.document
        if document not in self._known:
            self._known[document] = _servers(flow.description)
        known = self._known[document]
        named = list(flow.channel.get("servers").elements())
        if not named:
            return list(known.values())
        routes = {flow.description.meant(each).route for each in named}
        names = {each.text for each in named}
        return [each for name, each in known.items() if name in names or each.node.route in routes]


def _spoken(flow: Flow, servers: Iterable[_Server]) -> frozenset[str]:
    """The protocols that servers and bindings of a flow name."""
    bindings = [name for name, _ in flow.description.effective(flow.channel, "bindings").items()]
    stated = [each.protocol.text for each in servers] or bindings
    return frozenset(protocol_of(each) for each in stated if each)


def _narrowed(old: _Server, new: _Server) -> Iterator[SecurityNarrowed]:
    lacking = _unmet((old.description, old.node), (new.description, new.node))
    if lacking is not None:
        place = new.node.get("security")
        yield SecurityNarrowed(
            old.description, new.description, f"server '{old.name}'", old.node.get("security"), place, lacking
        )


def operation_security(old: Flow, new: Flow) -> Iterator[SecurityNarrowed]:
    """What an operation asks for that whoever was let in before need not have."""
    lacking = _unmet((old.description, old.operation), (new.description, new.operation))
    if lacking is not None:
        first = old.description.effective(old.operation, "security")
        second = new.description.effective(new.operation, "security")
        yield SecurityNarrowed(old.description, new.description, f"'{old.address}'", first, second, lacking)


_Alternative = frozenset[str]
"""What has to be shown together: schemes, and scopes of them."""


def _unmet(old: tuple[AsyncDescription, Node], new: tuple[AsyncDescription, Node]) -> str | None:
    """A way to be let in that is not enough any more; None if all are, or it cannot be told."""
    before, asked = _alternatives(*old), _alternatives(*new)
    for each in before or () if asked is not None else ():
        if not any(other <= each for other in asked or ()):
            return " with ".join(sorted(each)) or "nothing"
    return None


def _alternatives(description: AsyncDescription, owner: Node) -> list[_Alternative] | None:
    """The ways to be let in, each by what schemes mean: without any, showing nothing is one."""
    found = [_shown(description, each) for each in description.effective(owner, "security").elements()]
    known = [each for each in found if each is not None]
    return None if len(known) < len(found) else known or [frozenset()]


def _shown(description: AsyncDescription, requirement: Node) -> _Alternative | None:
    """What a requirement asks for; None if it cannot be told."""
    if not description.is_third:
        parts: set[str] = set()
        for name, scopes in requirement.items():
            scheme = description.meant(description.at("components", "securitySchemes").get(name))
            if not scheme.is_map:
                return None
            parts |= _parts(scheme.value, [each.text for each in scopes.elements()])
        return frozenset(parts)
    scheme = description.meant(requirement)
    if not scheme.is_map or is_reference(scheme):
        return None
    return frozenset(_parts(scheme.value, [each.text for each in scheme.get("scopes").elements()]))


def _parts(scheme: Mapping[str, Any], scopes: list[str | None]) -> set[str]:
    """A scheme by what it is and not by what it is called, and the scopes that it has to have."""
    said = [str(scheme[name]) for name in ("type", "scheme", "in", "name") if name in scheme]
    called = " ".join(said)
    return {called, *(f"scope '{scope}' of {called}" for scope in scopes if scope is not None)}
