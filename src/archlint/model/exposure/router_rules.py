"""Rules of routers of Traefik: which hosts and paths such an expression takes.

Source: Traefik, "Routers: rule": ``Host(`a`) && PathPrefix(`/b`)``; several values in one matcher, as version
2 has them, mean any of these.
"""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.exposure.path_matches import EVERYTHING, Mode, PathMatch

_MATCHER = regex(r"(?<![A-Za-z])(?P<name>[A-Za-z]++)\((?P<values>[^()]*+)\)")
_VALUE = regex(r"[`\"']([^`\"']++)[`\"']")
_LONGEST = 5_000
_OTHERS = frozenset({"Method", "Headers", "Header", "Query", "ClientIP", "HostHeader"})
"""Matchers that narrow a route, and leave its paths as they are."""

Rule = tuple[tuple[str, ...], list[PathMatch | None]]


def router_rule(text: str) -> Rule:
    """The hosts that a rule takes, none for all, and its paths; of what is not understood the path is
    ``None``, and the hosts are all."""
    hosts: list[str] = []
    paths: list[PathMatch | None] = []
    names = set[str]()
    for match in _MATCHER.finditer(text[:_LONGEST]):
        values = _VALUE.findall(match["values"])
        name = match["name"]
        names.add("Path" if name == "PathPrefix" else name)
        if name in ("Host", "HostHeader"):
            hosts += [value.lower() for value in values]
        elif name in ("Path", "PathPrefix"):
            mode = Mode.EXACT if name == "Path" else Mode.LETTERS
            paths += [None if "{" in value else PathMatch(value, mode) for value in values]
        elif name not in _OTHERS:
            return (), [None]
    is_mixed = "||" in text and len(names) > 1
    if is_mixed or "!" in text or not names or len(text) > _LONGEST:
        return (), [None]
    return tuple(dict.fromkeys(hosts)), paths or [EVERYTHING]
