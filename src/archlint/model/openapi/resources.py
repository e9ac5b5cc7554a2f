"""The schema resources of a document: what ``$id``, ``$self``, ``$anchor`` and ``$dynamicAnchor`` name.

A schema with an ``$id`` is a resource of its own: references in it, pointers too, are relative to it, and
its anchors are its own (JSON Schema 2020-12, section 8.2). A document without any is one resource.
"""

from __future__ import annotations

import posixpath
from dataclasses import field
from typing import Any
from urllib.parse import unquote, urljoin

from archlint.documents import Document
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi.walk import objects_in

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_OLD = ("2.", "3.0")
"""Versions of OpenAPI in which these keywords mean nothing."""


@dataclass(slots=True, eq=False)
class Resource:
    """A schema with an identifier, or a whole document."""

    document: Document
    route: Route
    base: str
    """What references in it are relative to: a URI, or a path below the root of the repository."""
    anchors: dict[str, Route] = field(default_factory=dict)
    """What its anchors name, the dynamic ones too."""
    dynamic: dict[str, Route] = field(default_factory=dict)


class Resources:
    """All resources of one document."""

    def __init__(self, document: Document) -> None:
        self.root = Resource(document, (), document.path)
        self._by_route: dict[Route, Resource] = {(): self.root}
        self._by_address = {document.path: self.root}
        self.is_plain = not _may_name(document)
        if not self.is_plain:
            for route, value in objects_in(document):
                self._read(document, route, value)
        self.is_plain = len(self._by_route) == 1 and not self.root.anchors and self.root.base == document.path

    def around(self, route: Route) -> Resource:
        """The resource that a place belongs to."""
        if len(self._by_route) > 1:
            for length in range(len(route), 0, -1):
                found = self._by_route.get(route[:length])
                if found is not None:
                    return found
        return self.root

    def at(self, route: Route) -> Resource | None:
        """The resource whose schema stands at a place."""
        return self._by_route.get(route)

    def named(self, address: str) -> Resource | None:
        """The resource with an address, as ``join`` makes it."""
        return self._by_address.get(address)

    def _read(self, document: Document, route: Route, value: dict[str, Any]) -> None:
        stated = value.get("$self" if not route and "openapi" in value else "$id")
        here = self.around(route)
        if isinstance(stated, str) and stated.partition("#")[0]:
            address = join(here.base, stated.partition("#")[0])
            if route:
                here = self._by_route[route] = Resource(document, route, address)
            here.base = address
            self._by_address.setdefault(address, here)
        elif isinstance(stated, str) and len(stated) > 1:  # how drafts before 2019-09 wrote an anchor
            here.anchors.setdefault(stated[1:], route)
        for key in ("$anchor", "$dynamicAnchor"):
            if isinstance(value.get(key), str):
                here.anchors.setdefault(value[key], route)
        if isinstance(value.get("$dynamicAnchor"), str):
            here.dynamic.setdefault(value["$dynamicAnchor"], route)


def join(base: str, reference: str) -> str:
    """The address that a reference has, without its fragment, where another one is the base."""
    if is_absolute(reference):
        return reference
    if is_absolute(base):
        try:
            return urljoin(base, reference)
        except ValueError:
            return reference
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(reference)))


def is_absolute(address: str) -> bool:
    """Whether an address names its host, or is of another kind than a path."""
    return _SCHEME.match(address) is not None


def _may_name(document: Document) -> bool:
    text = document.text
    if "$id" not in text and "nchor" not in text and "$self" not in text:
        return False
    data = document.data
    version = data.get("openapi", data.get("swagger")) if isinstance(data, dict) else None
    return not str(version or "").startswith(_OLD)
