"""Versions in paths: what callers ask a gateway for, and what the contract behind it offers.

Sources: the Zalando RESTful API Guidelines and AIP-185 of Google, on major versions in paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.path_matches import PathMatch
from archlint.model.exposure.providers import Provider, providers
from archlint.model.exposure.proxy_paths import ProxyPath
from archlint.model.exposure.routes import PathRoute
from archlint.model.openapi import Contract
from archlint.model.world import World

_VERSION = regex(r"v([0-9]{1,3})(?:(?:alpha|beta|rc)[0-9]*+|(?:[._][0-9]{1,3})++)?")
_DEEPEST = 4
"""Segments among which a version stands."""


def version_of(path: str) -> int | None:
    """The major version that a path names, as ``/api/v2/orders`` does."""
    for part in [part for part in path.split("/") if part][:_DEEPEST]:
        found = _VERSION.fullmatch(part)
        if found:
            return int(found[1])
    return None


def stated_versions(contract: Contract) -> dict[int, Place]:
    """The versions that the servers and paths of a contract name, each with the first place that does."""
    found: dict[int, Place] = {}
    for node, text in contract.base_paths:
        version = version_of(text)
        if version is not None:
            found.setdefault(version, node.value_place())
    for item in contract.path_items:
        version = version_of(item.template)
        if version is not None:
            found.setdefault(version, item.key.place())
    return found


@dataclass(frozen=True, eq=False)
class OtherVersion:
    """A path of one version that leads to a contract which offers others."""

    object: ObjectRef
    """What routes."""
    place: Place
    asked: str
    provider: Provider
    offered: int
    """A version that the contract names."""
    stated: Place
    """Where it does."""

    @classmethod
    def all(cls, world: World) -> Iterable[OtherVersion]:
        """Every such path."""
        if not world.paths(Kind.OPENAPI):
            return
        known = _Known()
        for route in world.all(PathRoute):
            is_read = route.sent is not route.asked and not _is_mapped(route)
            provider = world.fact(providers).of(route) if is_read else None
            if provider is not None:
                yield from known.of(route.object, route.node.value_place(), route.asked, route.sent, provider)
        for path in world.all(ProxyPath):
            if path.route.way.target_path is not None and not path.route.way.is_pattern:
                asked = PathMatch(path.route.way.path, path.sent.mode) if path.sent is not None else None
                yield from known.of(path.object, path.route.way.place, asked, path.sent, path.provider)

    @property
    def source(self) -> Source:
        """The file of the route."""
        return self.place.source


def _is_mapped(route: PathRoute) -> bool:
    """Whether an annotation of an Ingress puts a version in the place of all that callers ask for: it is
    written for nothing else."""
    sent = route.sent.text if route.sent is not None else ""
    return route.base.kind == "Ingress" and version_of(sent) is not None


class _Known:
    """The versions of each contract, looked up once."""

    def __init__(self) -> None:
        self._stated: dict[int, tuple[dict[int, Place], set[int]]] = {}

    def of(
        self,
        routes: ObjectRef,
        place: Place,
        asked: PathMatch | None,
        sent: PathMatch | None,
        provider: Provider,
    ) -> Iterator[OtherVersion]:
        """The contradiction of a route, if what arrives is a path of the contract. A newer version in place
        of an older one is meant: that is how old callers are kept."""
        version = version_of(asked.text) if asked is not None else None
        if asked is None or version is None or sent is None or not provider.has(sent):
            return
        arrives = version_of(sent.text)
        stated, bases = self._of_contract(provider)
        if arrives is None:
            offered = next((item for item in stated if item in bases and version not in bases), None)
        else:
            offered = arrives if arrives < version and version not in stated else None
        if offered is not None and offered in stated:
            yield OtherVersion(routes, place, asked.text, provider, offered, stated[offered])

    def _of_contract(self, provider: Provider) -> tuple[dict[int, Place], set[int]]:
        """The versions that a contract names, and those among them that its servers name."""
        if id(provider) not in self._stated:
            found = (version_of(text) for _, text in provider.contract.base_paths)
            bases = {version for version in found if version is not None}
            self._stated[id(provider)] = (stated_versions(provider.contract), bases)
        return self._stated[id(provider)]
