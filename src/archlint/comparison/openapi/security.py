"""Compares who is let in: the requirements in force for each operation, and the schemes they name.

A requirement is a list of ways, of which a caller goes one; a way is a set of schemes with scopes, all of
which a caller must have. Whoever had all that some old way asks for must find a new one that asks no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import Happening, SecurityChanged, SecurityPart
from archlint.documents import Node
from archlint.finding import ObjectRef, OperationName
from archlint.finding.records import dataclass, replace
from archlint.model.openapi import Contract

_Way = tuple[tuple[str, tuple[str, ...]], ...]
"""The schemes of one way with their scopes, sorted."""


_MOST = 100
"""Ways of one list that are compared."""
WITHOUT = "no credentials"
"""How the way is called that asks for nothing."""


@dataclass(frozen=True)
class _Ways:
    """A list of ways and where it stands."""

    node: Node
    ways: tuple[tuple[_Way, Node], ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for, or nothing need be."""
        return not self.ways or any(not way for way, _ in self.ways)


@dataclass(frozen=True)
class _Target:
    """What a list of ways is in force for."""

    about: ObjectRef
    where: str
    name: OperationName | None
    is_global: bool
    own: tuple[bool, bool] = (True, True)
    """Whether the base and the revision state such a list themselves."""
    is_in_force: bool = True
    realm: Realm = Realm.CALL
    was: Node | None = None
    """What to show of the base where it states no list."""
    now: Node | None = None
    """What to mark in the revision where it states none any more: there the list has to come back."""


def compare_security(contracts: ContractPair, pair: OperationPair) -> None:
    """Tell how the requirements in force for an operation differ; those of the document come later."""
    own = (pair.base.node.get("security"), pair.revision.node.get("security"))
    if not own[0].exists and not own[1].exists:
        if pair.realm is Realm.CALL:
            contracts.secured_by_document.append(pair.name)
        return
    target = _Target(
        pair.revision.object,
        pair.revision.object.name,
        pair.name,
        is_global=False,
        own=(own[0].exists, own[1].exists),
        is_in_force=pair.realm is Realm.CALL,
        realm=pair.realm,
        was=pair.base.node,
        now=None if own[1].exists else pair.revision.node,
    )
    # what clients must bring to call the provider says nothing of its own calls
    sides = (pair.base.security, pair.revision.security) if pair.realm is Realm.CALL else own
    _compare(contracts, target, *map(_ways, sides))


def compare_global_security(contracts: ContractPair) -> None:
    """Tell how the requirements of the whole document differ, with the operations that are under them; with
    none, nobody is shut out."""
    old, new = (_ways(side.root.get("security")) for side in (contracts.base, contracts.revision))
    for name in contracts.secured_by_document:
        _compare(contracts, _document(contracts.revision, name), old, new)
    if not contracts.secured_by_document:
        _compare(contracts, replace(_document(contracts.revision, None), is_in_force=False), old, new)


def _document(contract: Contract, name: OperationName | None) -> _Target:
    return _Target(contract.object, contract.title or contract.document.path, name, True)


def _compare(contracts: ContractPair, target: _Target, old: _Ways, new: _Ways) -> None:
    before, after = {way for way, _ in old.ways}, {way for way, _ in new.ways}
    if before == after:
        return
    gone = [(way, node) for way, node in old.ways if way not in after]
    fresh = [(way, node) for way, node in new.ways if way not in before]
    for (way, was), (other, at) in _same_schemes(gone, fresh):
        gone.remove((way, was))
        fresh.remove((other, at))
        _scopes(contracts, target, (way, was), (other, at), _is_let_in(way, new))
    shut = old.is_open and not new.is_open
    was_choice = len(old.ways) > 1  # to go without credentials was one way of several
    for way, node in gone:
        if way or (shut and was_choice):
            is_stricter = not _is_let_in(_renamed(contracts, way), new)
            _tell(contracts, target, Happening.REMOVED, (new.node, node), _say(way), is_stricter=is_stricter)
    for way, node in fresh:
        if way or not old.is_open:
            is_first = shut and not was_choice
            options: dict[str, Any] = {"is_stricter": is_first, "was_open": is_first and bool(old.ways)}
            _tell(contracts, target, Happening.ADDED, (node, old.node), _say(way), **options)


def _same_schemes(
    gone: list[tuple[_Way, Node]], fresh: list[tuple[_Way, Node]]
) -> Iterator[tuple[tuple[_Way, Node], tuple[_Way, Node]]]:
    """The ways that name the same schemes with other scopes, where there is no doubt which is which."""
    before, after = _by_names(gone), _by_names(fresh)
    for names, ones in before.items():
        others = after.get(names, [])
        if len(ones) == len(others) == 1:
            yield ones[0], others[0]


def _by_names(ways: list[tuple[_Way, Node]]) -> dict[tuple[str, ...], list[tuple[_Way, Node]]]:
    found: dict[tuple[str, ...], list[tuple[_Way, Node]]] = {}
    for each in ways:
        found.setdefault(_names(each[0]), []).append(each)
    return found


def _scopes(
    contracts: ContractPair, target: _Target, old: tuple[_Way, Node], new: tuple[_Way, Node], is_let_in: bool
) -> None:
    before, after = dict(old[0]), dict(new[0])
    for scheme, scopes in after.items():
        places = (new[1].get(scheme), old[1].get(scheme))
        for scope in scopes:
            if scope not in before[scheme]:
                options: dict[str, Any] = {"scheme": scheme, "is_stricter": not is_let_in}
                _tell(contracts, target, Happening.ADDED, places, scope, part=SecurityPart.SCOPE, **options)
        for scope in before[scheme]:
            if scope not in scopes:
                _tell(
                    contracts,
                    target,
                    Happening.REMOVED,
                    places,
                    scope,
                    part=SecurityPart.SCOPE,
                    scheme=scheme,
                )


def _tell(
    contracts: ContractPair,
    target: _Target,
    what: Happening,
    places: tuple[Node, Node],
    name: str,
    *,
    part: SecurityPart = SecurityPart.REQUIREMENT,
    scheme: str = "",
    is_stricter: bool = False,
    was_open: bool = False,
) -> None:
    old = places[1] if places[1].exists else target.was
    change = SecurityChanged(
        at=(_list_of(places[0]) if target.now is None else target.now).place(),
        was=None if old is None else _list_of(old).place(),
        about=target.about,
        where=target.where,
        realm=target.realm,
        what=what,
        part=part,
        name=name,
        scheme=scheme,
        is_global=target.is_global,
        is_stated=_is_stated(target, what, part),
        is_stricter=is_stricter and target.is_in_force and target.realm is Realm.CALL,
        was_open=was_open,
    )
    contracts.report(change, target.name, None)


def _list_of(node: Node) -> Node:
    """The list of requirements that a way or scheme stands in; what stands in none itself."""
    if "security" not in node.route:
        return node
    return node.document.at(node.route[: node.route.index("security") + 1])


def _is_stated(target: _Target, what: Happening, part: SecurityPart) -> bool:
    """Whether the list itself has changed: one that is not there has no scopes and nothing to lose."""
    if part is SecurityPart.SCOPE:
        return all(target.own)
    return target.own[1 if what is Happening.ADDED else 0]


def _is_let_in(way: _Way, ways: _Ways) -> bool:
    """Whether who can go an old way can go one of the new ones."""
    held = dict(way)
    return not ways.ways or any(
        all(name in held and set(scopes) <= set(held[name]) for name, scopes in other)
        for other, _ in ways.ways
    )


def _renamed(contracts: ContractPair, way: _Way) -> _Way:
    """A way with the new names of schemes that are called otherwise and are the same."""
    renames = _renames(contracts.base, contracts.revision)
    return tuple((renames.get(name, name), scopes) for name, scopes in way)


@lru_cache(maxsize=1)
def _renames(base: Contract, revision: Contract) -> dict[str, str]:
    """The new name of each scheme that is there under another one, and under no third."""
    old, new = _definitions(base), _definitions(revision)
    successors: dict[str, list[str]] = {}
    for name, what in new.items():
        if name not in old:
            successors.setdefault(what, []).append(name)
    found = {name: successors.get(what, []) for name, what in old.items() if name not in new}
    return {name: others[0] for name, others in found.items() if len(others) == 1}


def _definitions(contract: Contract) -> dict[str, str]:
    """What each scheme is, apart from what it is for, as text."""
    found = {}
    for name, declared in contract.security_schemes.items():
        node = contract.references.follow(declared).node
        parts = [(key, part.value) for key, part in node.items() if key != "description" and key[:2] != "x-"]
        found[name] = repr(sorted(parts, key=itemgetter(0)))
    return found


def _ways(node: Node) -> _Ways:
    found: list[tuple[_Way, Node]] = []
    for entry in islice(node.elements(), _MOST):
        if entry.is_map:
            schemes = (
                (name, tuple(sorted(str(scope.value) for scope in scopes.elements())))
                for name, scopes in entry.items()
            )
            found.append((tuple(sorted(schemes)), entry))
    return _Ways(node, tuple(found))


def _names(way: _Way) -> tuple[str, ...]:
    return tuple(name for name, _ in way)


def _say(way: _Way) -> str:
    parts = [f"{name} ({', '.join(scopes)})" if scopes else name for name, scopes in way]
    return " and ".join(parts) or WITHOUT
