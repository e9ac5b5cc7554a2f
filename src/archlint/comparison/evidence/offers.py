"""Which operation of which contract a request is about: by server, path and method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from urllib.parse import unquote

from archlint.comparison.evidence.templates import Leaf, Templates, segments_of
from archlint.documents import Node
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import SentRequest
from archlint.model.openapi import Contract, Operation, PathItem, operations_of

_VARIABLE = regex(r"\{([^{}]*+)\}")
_MOST_SERVERS = 50
"""Servers of one contract that are looked at, with all values of their variables."""
_USUAL = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a contract is served: the host if it says one, and the path that all its paths begin with."""

    scheme: str | None
    host: str | None
    """May hold ``{variables}``; ``None`` for a server that is relative to where the contract is."""
    port: int | None
    base: tuple[str, ...]
    """May hold ``{variables}`` for any text in a segment, of those that list no values."""

    def is_above(self, path: Sequence[str]) -> bool:
        """Whether a path begins with that of this server."""
        return len(path) >= len(self.base) and all(map(_is_like, self.base, path))

    @property
    def is_open(self) -> bool:
        """Whether the path may begin with what nobody has listed."""
        return any(_VARIABLE.search(part) for part in self.base)

    def fitness(self, request: SentRequest) -> int | None:
        """How sure it is that a request to a path below its own was meant for it, surer where it has no
        variables; ``None`` if it was not."""
        is_host_open = self.host is not None and _VARIABLE.search(self.host) is not None
        if self.is_host_of(request):
            return 2 if self.is_open or is_host_open else 3
        if not self.is_open:
            return 1
        return 0 if self.host is None else None

    def is_host_of(self, request: SentRequest) -> bool:
        """Whether a request went to this server."""
        if self.host is None or request.host is None or not _is_like(self.host, request.host):
            return False
        mine = self.port or _USUAL.get(self.scheme or request.scheme or "")
        asked = request.port or _USUAL.get(request.scheme or "")
        return asked is None or self.port == -1 or mine == asked  # logs tell a host alone


def _is_like(stated: str, seen: str) -> bool:
    """Whether a text is one that may have variables in it."""
    first, *others = _VARIABLE.split(stated)[::2]
    if not others:
        return stated == seen
    if not seen.startswith(first) or not seen.endswith(others[-1]):
        return False
    at = len(first)
    for text in others:
        at = seen.find(text, at)
        if at < 0:
            return False
        at += len(text)
    return len(seen) >= len(first) + len(others[-1])


@dataclass(frozen=True, slots=True)
class Fit:
    """What a request is about."""

    contract: Contract
    item: PathItem
    operation: Operation | None
    """``None`` where the path has no such method."""
    values: dict[str, str]
    """The values of path parameters, still percent-encoded."""
    base: tuple[str, ...] = ()
    """What of the path comes before that of the operation."""
    is_sure: bool = True
    """Whether no other operation of the contract is asked in the same way: paths may differ in a fragment."""
    rivals: tuple[Fit, ...] = ()
    """The same in other contracts that it fits as well."""


@dataclass(frozen=True, slots=True)
class NoFit:
    """A request that no operation describes, and whether some contract says that it is served there."""

    contract: Contract | None


class Offers:
    """The operations of some contracts."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self._parts = [_Offered(contract) for contract in contracts]

    def fit(self, request: SentRequest) -> Fit | NoFit:
        """The operation that a request is about."""
        path = segments_of(request.path)
        named = [part for part in self._parts if part.is_host_of(request)]
        best: tuple[tuple[int, ...], Fit] | None = None
        for part in named or self._parts:
            for rank, base, leaf in part.fitting(request, path):
                operation = part.operations.get((leaf.item.template, request.method))
                score = (operation is not None, *rank)
                if best is not None and score < best[0]:
                    continue
                found = Fit(part.contract, leaf.item, operation, leaf.values, base)
                best = score, found if best is None or score > best[0] else _with_rival(best[1], found)
        if best is not None:
            return best[1]
        return NoFit(named[0].contract if named else self._relative())

    def is_relative(self, contract: Contract) -> bool:
        """Whether a contract does not say on which host it is served."""
        return any(part.contract is contract and part.is_relative for part in self._parts)

    def home(self, request: SentRequest, path: Sequence[str]) -> tuple[tuple[str, ...], Contract] | None:
        """A contract that is served where a request went, behind the base that its path begins with."""
        homes = ((base, part.contract) for part in self._parts for base in part.bases_of(request, path))
        return next(homes, None)

    def _relative(self) -> Contract | None:
        """The contract that may be served anywhere, if it is the only one that is asked."""
        alone = self._parts[0] if len(self._parts) == 1 else None
        return alone.contract if alone and alone.is_relative else None


class _Offered:
    """One contract: its servers, and its paths as a tree."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._trees: list[tuple[tuple[Server, ...], Templates[PathItem]]] = []
        self.operations: dict[tuple[str, str], Operation] = {}
        trees: dict[tuple[Server, ...], Templates[PathItem]] = {}
        everywhere = _servers(contract.root.get("servers"), contract)
        for item in contract.path_items:
            servers = everywhere
            nodes = (item.get("servers"), *(one.node.get("servers") for one in operations_of((item,))))
            own = [node for node in nodes if node.is_list and node.value]
            if own:
                servers = tuple(dict.fromkeys(server for node in own for server in _servers(node, contract)))
            trees.setdefault(servers, Templates()).add(item.template, item)
            for operation in operations_of((item,)):
                self.operations[item.template, operation.method] = operation
        self._trees = list(trees.items())

    @property
    def is_relative(self) -> bool:
        """Whether it does not say on which host it is served."""
        return all(server.host is None for servers, _ in self._trees for server in servers)

    def is_host_of(self, request: SentRequest) -> bool:
        """Whether it says that it is served where a request went."""
        return any(server.is_host_of(request) for servers, _ in self._trees for server in servers)

    def bases_of(self, request: SentRequest, path: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The bases that a path begins with, of the servers that a request may have gone to."""
        for servers, _ in self._trees:
            for server in servers:
                if server.is_above(path) and (self.is_relative or server.is_host_of(request)):
                    yield tuple(path[: len(server.base)])

    def fitting(
        self, request: SentRequest, path: Sequence[str]
    ) -> Iterator[tuple[tuple[int, ...], tuple[str, ...], Leaf[PathItem]]]:
        """What fits the path, each with how well, by the server, then by how concrete it is, and with what
        comes before it."""
        for servers, tree in self._trees:
            for rank, rest in _rests(servers, request, path):
                base = tuple(unquote(part) for part in path[: len(path) - len(rest)])
                for leaf in tree.fitting(rest):
                    yield (rank, leaf.plain, 1), base, leaf
                if len(rest) > 1 and not rest[-1]:  # many servers read a slash at the end as nothing
                    for leaf in tree.fitting(rest[:-1]):
                        yield (rank, leaf.plain, 0), base, leaf


def is_below(path: Sequence[str], base: tuple[str, ...]) -> bool:
    """Whether the segments of a path begin with those of a base."""
    return tuple(path[: len(base)]) == base


def _with_rival(best: Fit, other: Fit) -> Fit:
    """A fit, with what fits as well."""
    if other.contract is not best.contract:
        known = {rival.contract for rival in best.rivals}
        return best if other.contract in known else replace(best, rivals=(*best.rivals, other))
    return best if other.item is best.item else replace(best, is_sure=False)


def _rests(
    servers: Sequence[Server], request: SentRequest, path: Sequence[str]
) -> Iterator[tuple[int, Sequence[str]]]:
    """What is left of a path behind the base of each server, and how sure it is that this one was meant."""
    plain = [unquote(part) for part in path]
    for server in servers:
        if server.is_above(plain):
            fitness = server.fitness(request)
            if fitness is not None:
                yield fitness, path[len(server.base) :]
    if all(server.base for server in servers):  # a proxy or a variable may have taken the base away
        yield 0, path


def _servers(node: Node, contract: Contract) -> tuple[Server, ...]:
    if contract.is_v2:
        base, host = contract.root.get("basePath").text or "/", contract.root.get("host").text
        schemes = [item.text for item in contract.root.get("schemes").elements() if item.text]
        if not host:
            return (_server(base),)
        return tuple(_server(f"{scheme}://{host}{base}") for scheme in schemes or ("https",))
    urls = [url for server in node.elements() for url in _urls(server)]
    return tuple(dict.fromkeys(map(_server, islice(urls, _MOST_SERVERS)))) or (_server("/"),)


def _urls(server: Node) -> Iterator[str]:
    """The URL of a server with each value that its variables may have; those of the host stay open, and in
    the path those that list none, beside their default."""
    text = server.get("url").text
    if text is None:
        return
    is_any = text.startswith("{")  # what a variable begins may be all of it
    host, at = ("", 0) if is_any else _cut(text)
    names = dict.fromkeys(_VARIABLE.findall(text[at:]))
    choices = []
    for name in names:
        variable = server.get("variables", name)
        listed = [item.text for item in variable.get("enum").elements() if item.text is not None]
        default = variable.get("default").text
        usual = [] if default is None else [default]
        choices.append(
            list(dict.fromkeys([*usual, *(listed or ([] if is_any else [f"{{{name}}}"]))])) or [""]
        )
    for chosen in islice(product(*choices), _MOST_SERVERS):
        yield host + _filled(text[at:], dict(zip(names, chosen, strict=True)))


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def _cut(url: str) -> tuple[str, int]:
    """The part of a URL up to its path, and how long that is."""
    start = url.find("://")
    if start < 0:
        return "", 0
    at = url.find("/", start + 3)
    at = len(url) if at < 0 else at
    return url[:at], at


def _server(url: str) -> Server:
    head, at = _cut(url)
    path = url[at:].partition("?")[0].partition("#")[0].strip("/")
    base = tuple(unquote(part) for part in path.split("/")) if path else ()
    scheme, marked, authority = head.partition("://")
    if not marked:
        return Server(None, None, None, base)
    name = authority.rpartition("@")[2].lower()
    host, colon, port = name.rpartition(":") if "]" not in name.rpartition(":")[2] else (name, "", "")
    if not colon:
        host, port = name, ""
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else -1 if port else None
    return Server(scheme.lower() or None, host, number, base)
