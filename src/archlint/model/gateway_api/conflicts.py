"""Listeners of one Gateway that get in each other's way, and what of a listener the API server refuses.

Source: the reference of the Gateway API, Listener ("distinct" listeners) and the rules of its definitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.finding.records import dataclass
from archlint.model.gateway_api.listeners import Listener, ListenerHolder
from archlint.model.kubernetes.images import is_placeholder

_GROUPS = {"HTTP": "HTTP", "HTTPS": "TLS", "TLS": "TLS", "TCP": "TCP"}
"""Protocols over TCP that are told apart by host within one group, and not at all between two."""


class ListenerClash(StrEnum):
    """Why two listeners cannot both be."""

    NAME = "name"
    """They have one name, so the API server refuses the object."""
    SAME = "same"
    """They have one port, protocol and host, so the API server refuses the object."""
    HOST = "host"
    """They have one port and host, and are told apart by the host alone."""
    PROTOCOL = "protocol"
    """They have one port, and protocols that cannot be told apart."""


@dataclass(frozen=True)
class ClashingListener:
    """A listener and an earlier one."""

    listener: Listener
    earlier: Listener
    clash: ListenerClash


def clashes(holder: ListenerHolder) -> Iterator[ClashingListener]:
    """The listeners of an object that clash with an earlier one, each once."""
    names: dict[str, Listener] = {}
    by_host: dict[tuple[int, str, str], Listener] = {}
    groups: dict[int, Listener] = {}
    for listener in holder.listeners:
        named = names.setdefault(listener.name, listener)
        if named is not listener and listener.name and not is_placeholder(listener.name):
            yield ClashingListener(listener, named, ListenerClash.NAME)
            continue
        if listener.port is None or not listener.protocol or is_placeholder(listener.hostname):
            continue
        group = _GROUPS.get(listener.protocol, listener.protocol)
        alike = by_host.setdefault((listener.port, group, listener.hostname), listener)
        first = groups.setdefault(listener.port, listener) if listener.protocol in _GROUPS else listener
        if alike is not listener:
            is_same = alike.protocol == listener.protocol
            yield ClashingListener(listener, alike, ListenerClash.SAME if is_same else ListenerClash.HOST)
        elif _GROUPS.get(first.protocol) != _GROUPS.get(listener.protocol):
            yield ClashingListener(listener, first, ListenerClash.PROTOCOL)
