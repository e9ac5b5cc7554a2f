"""Forwards: where a proxy sends what it is sent, and by which host and path it chooses."""

from __future__ import annotations

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.services.addresses import Address


@dataclass(frozen=True, slots=True)
class Way:
    """What of a request leads to a target."""

    path: str
    """The path, or the beginning of paths."""
    place: Place
    """Where the path is written."""
    host: str = ""
    """The host that clients ask for; empty for any."""
    target_path: str | None = None
    """What takes the place of ``path`` on the way; ``None`` if it stays."""
    is_pattern: bool = False
    """Whether ``path`` is a regular expression."""
    is_followed: bool = False
    """Whether the above is all that is done to the path on the way."""
    repeated: Place | None = None
    """What makes the proxy repeat requests that may have been carried out, whatever their method."""
    guarded: Place | None = None
    """What lets only those through who show who they are."""


@dataclass(frozen=True, slots=True)
class Forward:
    """One target of a proxy, as its configuration says it."""

    address: Address
    place: Place
    """The host, or the placeholder that gives it."""
    said_by: str
    """What names the target: ``proxy_pass``, ``cluster cart``."""
    way: Way | None = None
    is_filled: bool = False
    """Whether the environment gave the host."""
    is_check: bool = False
    """Whether it is only looked at whether the target is there, and how it does."""
