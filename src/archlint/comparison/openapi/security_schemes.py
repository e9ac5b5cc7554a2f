"""Compares what security schemes are; 2.0 writes the same things under other names."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from archlint.comparison.openapi.contract_pair import ContractPair
from archlint.comparison.openapi.element_changes import Happening, SecuritySchemeChanged
from archlint.documents import Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract

_FLOWS_OF_2 = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_URLS = ("authorizationUrl", "deviceAuthorizationUrl", "tokenUrl", "refreshUrl")
_DETAILS = {
    "apiKey": ("in", "name"),
    "http": ("scheme",),
    "openIdConnect": ("openIdConnectUrl",),
    "oauth2": ("oauth2MetadataUrl",),
}
"""What belongs to each type of scheme, apart from flows."""


@dataclass(frozen=True)
class _Flow:
    node: Node
    urls: dict[str, str]
    scopes: dict[str, str]


@dataclass(frozen=True)
class _Scheme:
    """A scheme as every version means it."""

    node: Node
    type: str
    details: tuple[tuple[str, str], ...]
    """``in``, ``name``, ``scheme`` and the like, and whether it is deprecated."""
    flows: dict[str, _Flow] = field(default_factory=dict)


def compare_security_schemes(contracts: ContractPair) -> None:
    """Tell how the schemes of two contracts differ."""
    old, new = _schemes(contracts.base), _schemes(contracts.revision)
    homes = (contracts.revision.schemes_home, contracts.base.schemes_home)
    for name, scheme in old.items():
        other = new.get(name)
        if other is None:
            _tell(contracts, name, Happening.REMOVED, (homes[0].get(name), scheme.node))
        else:
            _compare(contracts, name, scheme, other)
    for name, scheme in new.items():
        if name not in old:
            _tell(contracts, name, Happening.ADDED, (scheme.node, homes[1]))


def _schemes(contract: Contract) -> dict[str, _Scheme]:
    references = contract.references
    read = _read_v2 if contract.is_v2 else _read
    return {
        name: read(references.follow(node).node)
        for name, node in contract.security_schemes.items()
        if not name.startswith("x-")
    }


def _read(node: Node) -> _Scheme:
    kind = node.get("type").text or ""
    details = [(key, _text(node.get(key), key)) for key in _DETAILS.get(kind, ())]
    details.append(("deprecated", "true" if node.get("deprecated").value is True else ""))
    flows = {name: _flow(flow) for name, flow in node.get("flows").items() if not name.startswith("x-")}
    return _Scheme(node, kind, tuple(details), flows)


def _read_v2(node: Node) -> _Scheme:
    kind = node.get("type").text or ""
    if kind == "basic":
        return _Scheme(node, "http", (("scheme", "basic"),))
    if kind == "apiKey":
        return _Scheme(node, kind, tuple((key, _text(node.get(key), key)) for key in ("in", "name")))
    flow = node.get("flow").text or ""
    return _Scheme(node, kind, (), {_FLOWS_OF_2.get(flow, flow): _flow(node)} if flow else {})


def _flow(node: Node) -> _Flow:
    urls = {key: node.get(key).text or "" for key in _URLS if node.get(key).text}
    scopes = {
        name: str(scope.value) for name, scope in node.get("scopes").items() if not name.startswith("x-")
    }
    return _Flow(node, urls, scopes)


def _text(node: Node, key: str) -> str:
    text = node.text or ""
    return text.lower() if key == "scheme" else text


def _compare(contracts: ContractPair, name: str, old: _Scheme, new: _Scheme) -> None:
    if not old.type or not new.type:
        return  # what it is nobody can tell; that it lacks its type is told of the document
    if old.type != new.type:
        places = (new.node.get("type"), old.node.get("type"))
        _tell(contracts, name, Happening.CHANGED, places, part="type", old=old.type, new=new.type)
        return
    before = dict(old.details)
    for key, value in new.details:
        if before.get(key, "") != value:
            places = (new.node.get(key), old.node.get(key))
            _tell(contracts, name, Happening.CHANGED, places, part=key, old=before.get(key, ""), new=value)
    for flow in {**old.flows, **new.flows}:
        one, two = old.flows.get(flow), new.flows.get(flow)
        if one is None or two is None:
            what = Happening.ADDED if one is None else Happening.REMOVED
            places = (two.node if two else new.node.get("flows"), one.node if one else old.node.get("flows"))
            _tell(contracts, name, what, places, part="flow", flow=flow, item=flow)
        else:
            _compare_flow(contracts, name, flow, one, two)


def _compare_flow(contracts: ContractPair, name: str, flow: str, old: _Flow, new: _Flow) -> None:
    for key in _URLS:
        one, two = old.urls.get(key, ""), new.urls.get(key, "")
        if one != two:
            places = (new.node.get(key), old.node.get(key))
            _tell(contracts, name, Happening.CHANGED, places, part=key, flow=flow, old=one, new=two)
    for scope in {**old.scopes, **new.scopes}:
        before, after = old.scopes.get(scope), new.scopes.get(scope)
        if before == after:
            continue
        what = (
            Happening.ADDED if before is None else Happening.REMOVED if after is None else Happening.CHANGED
        )
        places = (new.node.get("scopes", scope), old.node.get("scopes", scope))
        words = {"old": before or "", "new": after or ""}
        _tell(contracts, name, what, places, part="scope", flow=flow, item=scope, **words)


def _tell(
    contracts: ContractPair, name: str, what: Happening, places: tuple[Node, Node], **parts: Any
) -> None:
    change = SecuritySchemeChanged(
        at=places[0].place(),
        was=places[1].place(),
        about=ObjectRef("SecurityScheme", name),
        where=name,
        context=tuple((_scheme_of(node, name), "the scheme") for node in reversed(places)) if parts else (),
        what=what,
        name=name,
        **parts,
    )
    contracts.report(change, None, None)


def _scheme_of(node: Node, name: str) -> Place:
    """Where the scheme is defined that an element belongs to."""
    route = node.route
    return (node.document.at(route[: route.index(name) + 1]) if name in route else node).place()
