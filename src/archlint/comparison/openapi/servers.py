"""Compares at which URLs an operation can be reached; 2.0 states them in three parts."""

from __future__ import annotations

from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import ServerRemoved
from archlint.documents import Node
from archlint.model.openapi import Contract, Operation
from archlint.model.openapi.templates import anonymous

_MOST_URLS = 100
"""URLs that the variables of one server are written out to."""


def compare_servers(contracts: ContractPair, pair: OperationPair) -> None:
    """Tell of each URL of an operation that is gone; it counts with the path, as a version may move."""
    old, new = _servers(pair.base), _servers(pair.revision)
    if not old or not new:
        return
    left = {_whole(url, pair.revision) for url in new}
    for url, node in old.items():
        if _whole(url, pair.base) in left or url == "/":
            continue
        at = _list_of(next(iter(new.values())))
        if _is_own(_list_of(node)) and not _is_own(at):
            at = pair.revision.node  # it states none any more: there the list has to come back
        is_own = _is_own(at)
        change = ServerRemoved(
            at=at.place(),
            was=node.place(),
            about=pair.revision.object if is_own else contracts.revision.object,
            where=contracts.names.label(pair.revision.node) if is_own else contracts.revision.title,
            url=url,
        )
        contracts.report(change, pair.name, None)


def _is_own(home: Node) -> bool:
    """Whether a list of servers is that of an operation or a path, and not of the document."""
    return len(home.route) > 2


def addresses_of(operation: Operation) -> list[str]:
    """The URLs of an operation with its path in them, its parameters without names."""
    return [_whole(url, operation) for url in list(_servers(operation)) or ["/"]]


def _list_of(node: Node) -> Node:
    """The list that a server's URL stands in; in 2.0 the element itself."""
    route = node.route
    return node.document.at(route[:-2]) if "servers" in route else node


def _whole(url: str, operation: Operation) -> str:
    return url.rstrip("/") + anonymous(operation.item.template).rstrip("/")


def _servers(operation: Operation) -> dict[str, Node]:
    """The URLs in force, each with the element that states it; none if that is left open."""
    contract = operation.contract
    if contract.is_v2:
        return _servers_v2(contract)
    for home in (operation.node, operation.item, contract.root):
        found = {}
        for server in home.get("servers").elements():
            url = server.get("url")
            if url.text is not None:
                found.update({_plain(text): url for text in _written_out(url.text, server)})
        if found:
            return found
    return {}


def _written_out(url: str, server: Node) -> list[str]:
    """The URLs that a server's variables make of it; one that may be anything stays as it is."""
    urls = [url]
    for name, variable in server.get("variables").items():
        values = [item.text for item in variable.get("enum").elements() if item.text is not None]
        if values and len(urls) * len(values) <= _MOST_URLS:
            urls = [text.replace(f"{{{name}}}", value) for text in urls for value in values]
    return urls


def _servers_v2(contract: Contract) -> dict[str, Node]:
    root = contract.root
    host, path = root.get("host"), root.get("basePath")
    if host.text is None:
        return {_plain(path.text): path} if path.text is not None else {}
    schemes = [item.text for item in root.get("schemes").elements() if item.text]
    return {_plain(f"{scheme}://{host.text}{path.text or ''}"): host for scheme in schemes}


def _plain(url: str) -> str:
    return url.strip().rstrip("/") or "/"
