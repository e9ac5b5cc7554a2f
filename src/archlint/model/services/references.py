"""References: where a workload's configuration names a network address.

Looked at are environment variables (their own values, and those taken from ConfigMaps and Secrets of the
repository), arguments, and the files that ConfigMaps put into a container.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.kubernetes import Container, KubernetesObject, Workload
from archlint.model.services.addresses import (
    LONGEST_VALUE,
    Address,
    addresses_in_text,
    addresses_of_value,
    bare_host,
)
from archlint.model.services.configuration import ConfigObjects, configuration
from archlint.model.services.variable_names import is_call, names_a_peer, words_of
from archlint.model.world import World

_LONGEST_COMPOSED = 512
"""Characters of a value that is put together from others."""


class Channel(StrEnum):
    """How an address reaches a container."""

    ENVIRONMENT = "environment"
    SECRET = "secret"
    ARGUMENT = "argument"
    FILE = "file"


_VARIABLE = regex(r"\$\(([A-Za-z_][A-Za-z0-9_.-]{0,200})\)")
_FLAG = regex(r"--?[\w.-]+=")
_HOST_ENDING = regex(r"(?:host(?:_?name)?|addr(?:ess)?|server)\Z", re.IGNORECASE)
_NUMBER = regex(r"[1-9][0-9]{0,4}")
_PORT_ENDINGS = ("port", "port_number")


@dataclass(frozen=True)
class Reference:
    """An address that a workload is given."""

    workload: Workload
    address: Address
    node: Node
    """The value that holds it: a variable's value, an argument, an entry of a ConfigMap."""
    name: str
    """The variable; empty for arguments, the key for files."""
    channel: Channel
    is_at_hand: bool = False
    """Whether nothing more is known than that the workload could read it (see ``Variable``)."""
    port_node: Node | None = None
    """The number in the variable beside that of a host alone: ``QUEUE_PORT`` beside ``QUEUE_HOST``."""

    @classmethod
    def all(cls, world: World) -> Iterable[Reference]:
        """Every address in the configuration of every workload that has a name."""
        known = world.fact(configuration)
        for workload in world.all(Workload):
            if not workload.name:
                continue
            for container in workload.containers:
                yield from _of_container(container, known)
            yield from _of_files(workload, known)

    @property
    def source(self) -> Document:
        """The document that holds the value."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object to edit: the workload, or the ConfigMap that holds the value."""
        holder = self.holder
        return holder.object if holder is not None else self.workload.object

    @property
    def holder(self) -> KubernetesObject | None:
        """The ConfigMap or Secret that holds the value; ``None`` if the workload does."""
        if self.is_inline:
            return None
        return KubernetesObject(self.node.document.at(self.node.route[:-2]))

    @property
    def port(self) -> int | None:
        """The port to connect to, of the address or beside it; ``None`` if nothing says one."""
        if self.port_node is None:
            return self.address.effective_port
        return int(self.port_node.text or "0")

    @property
    def is_inline(self) -> bool:
        """Whether the value stands in the workload itself."""
        route = self.workload.base.node.route
        same = self.node.document is self.workload.source and self.node.route[: len(route)] == route
        return same and self.channel in (Channel.ENVIRONMENT, Channel.ARGUMENT)

    @property
    def names_a_peer(self) -> bool:
        """Whether the variable's name says that it holds an address to connect to."""
        return names_a_peer(self.name) and self.is_call

    @property
    def is_call(self) -> bool:
        """Whether nothing says that the address is for others to use, or to listen on."""
        return is_call(self.name, self.address.host)


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable with a value that can be read."""

    name: str
    value: str
    node: Node
    channel: Channel
    is_at_hand: bool = False
    """Whether it comes with a whole ConfigMap or Secret that several services take, and does not bear this
    one's name: that the workload uses it needs a second sign."""


def variables_of(container: Container, known: ConfigObjects) -> list[Variable]:
    """The variables of a container; ``$(NAME)`` is replaced by what an earlier variable says.

    Each may hold the one before it, so that their texts together would grow as the square of their number.
    """
    found: dict[str, Variable] = {}
    for variable in (*_from_sources(container, known), *_from_entries(container, known)):
        value = _VARIABLE.sub(lambda m: found[m[1]].value if m[1] in found else m[0], variable.value)
        if len(value) > (LONGEST_VALUE if value == variable.value else _LONGEST_COMPOSED):
            value = variable.value[:LONGEST_VALUE]
        found[variable.name] = replace(variable, value=value)
    return list(found.values())


def _from_sources(container: Container, known: ConfigObjects) -> Iterator[Variable]:
    for source in container.get("envFrom").elements():
        prefix = source.get("prefix").text or ""
        for kind, key in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            name = source.get(key, "name").text
            if name:
                is_shared = known.is_shared(kind, name)
                for entry in known.entries(kind, name, container.workload.base):
                    at_hand = is_shared and not _bears_name(entry.key, container.workload.name)
                    for variable in _variable(prefix + entry.key, entry.node, kind, entry.is_encoded):
                        yield replace(variable, is_at_hand=at_hand)


_USUAL_WORDS = frozenset({"API", "APP", "SERVICE", "SERVER", "SVC", "WEB", "WORKER", "BACKEND", "DB"})


def _bears_name(key: str, name: str) -> bool:
    """Whether a word of a workload's name is in that of a variable: ``ORDERS_DB_URL`` of ``orders``."""
    return not (set(words_of(name.upper())) - _USUAL_WORDS).isdisjoint(words_of(key.upper()))


def _from_entries(container: Container, known: ConfigObjects) -> Iterator[Variable]:
    for entry in container.get("env").elements():
        name, value = entry.get("name").text, entry.get("value")
        if name is None:
            continue
        if value.text is not None:
            yield Variable(name, value.text, value, Channel.ENVIRONMENT)
            continue
        for kind, key in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
            source = entry.get("valueFrom", key)
            named = source.get("name").text
            for found in known.entries(kind, named, container.workload.base) if named else ():
                if found.key == source.get("key").text:
                    yield from _variable(name, found.node, kind, found.is_encoded)


def _variable(name: str, node: Node, kind: str, is_encoded: bool) -> Iterator[Variable]:
    text = node.text
    if text is None:
        return
    if is_encoded:
        decoded = _decoded(text)
        if decoded is None:
            return
        text = decoded
    yield Variable(name, text, node, Channel.SECRET if kind == "Secret" else Channel.ENVIRONMENT)


def _decoded(text: str) -> str | None:
    if len(text) > 2 * LONGEST_VALUE:
        return None
    try:
        return b64decode(text, validate=False).decode("utf-8")
    except (Base64Error, ValueError):
        return None


def _of_container(container: Container, known: ConfigObjects) -> Iterator[Reference]:
    variables = variables_of(container, known)
    ports = {item.name.lower(): item for item in variables if item.name[-11:].lower().endswith(_PORT_ENDINGS)}
    for variable in variables:
        beside = None
        found = addresses_of_value(variable.value)
        if not found and names_a_peer(variable.name):
            alone = bare_host(variable.value)
            found = [alone] if alone is not None else []
            beside = _port_beside(variable, ports)
        for address in found:
            yield Reference(
                container.workload,
                address,
                variable.node,
                variable.name,
                variable.channel,
                variable.is_at_hand,
                beside,
            )
    for key in ("command", "args"):
        for node in container.get(key).elements():
            for address in _of_argument(node.text or ""):
                yield Reference(container.workload, address, node, "", Channel.ARGUMENT)


def _port_beside(variable: Variable, ports: Mapping[str, Variable]) -> Node | None:
    """The number in the variable that is called as that of a host is, but for its end."""
    match = _HOST_ENDING.search(variable.name) if ports else None
    if match is None or not match.start():
        return None  # HOST and PORT alone are mostly those of the program itself
    for ending in _PORT_ENDINGS:
        port = ports.get(variable.name[: match.start()].lower() + ending)
        if port is not None and _NUMBER.fullmatch(port.value) and port.value == port.node.text:
            return port.node
    return None


def _of_argument(text: str) -> list[Address]:
    flag = _FLAG.match(text)
    found = addresses_of_value(text[flag.end() :] if flag else text)
    return found or list(addresses_in_text(text))


def _of_files(workload: Workload, known: ConfigObjects) -> Iterator[Reference]:
    for name, keys in _mounted(workload.pod_spec):
        for entry in known.entries("ConfigMap", name, workload.base):
            if keys is None or entry.key in keys:
                for address in addresses_in_text(entry.node.text or ""):
                    yield Reference(workload, address, entry.node, entry.key, Channel.FILE)


def _mounted(pod_spec: Node) -> Iterator[tuple[str, set[str] | None]]:
    """ConfigMaps that volumes mount, with the keys that are taken (``None``: all)."""
    for volume in pod_spec.get("volumes").elements():
        projected = (item.get("configMap") for item in volume.get("projected", "sources").elements())
        for source in (volume.get("configMap"), *projected):
            name = source.get("name").text
            if name:
                items = source.get("items")
                chosen = {item.get("key").text or "" for item in items.elements()}
                yield name, chosen if items.is_list else None
