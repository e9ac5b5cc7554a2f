"""Finds the old self of each contract: by path, then by rename, then by what it says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.finding.records import dataclass
from archlint.model.openapi import Contract
from archlint.model.openapi.templates import anonymous

_ALIKE = 0.5
"""Share of paths or operation ids that two contracts must have in common to count as one."""
_MOST_SHARING = 50
"""Contracts that may have a path, operation id or title in common; what more of them have tells nothing."""


def pair_contracts(
    base: Iterable[Contract], revision: Iterable[Contract], renames: Mapping[str, str]
) -> tuple[list[tuple[Contract, Contract]], list[Contract], list[Contract]]:
    """Old and new contracts that are the same one, the old contracts that are gone, and the new ones.

    ``renames`` maps paths of the revision to their old paths and is believed before anything else.
    """
    old = {(contract.document.path, contract.document.index): contract for contract in base}
    new = {(contract.document.path, contract.document.index): contract for contract in revision}
    pairs: list[tuple[Contract, Contract]] = []
    for name in (renames.get, lambda path: path):
        for key, contract in list(new.items()):
            before = name(contract.document.path)
            found = None if before is None else old.pop((before, contract.document.index), None)
            if found is not None:
                pairs.append((found, contract))
                del new[key]
    alike = _pair_alike(list(old.values()), list(new.values())) if old and new else []
    for before, after in alike:
        pairs.append((before, after))
        del old[before.document.path, before.document.index]
        del new[after.document.path, after.document.index]
    return pairs, list(old.values()), list(new.values())


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a contract says about itself."""

    title: str
    paths: frozenset[str]
    ids: frozenset[str]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each trait with its kind."""
        yield "title", self.title
        yield from (("path", path) for path in self.paths)
        yield from (("id", name) for name in self.ids)


def _traits(contract: Contract) -> _Traits:
    operations = (node for item in contract.path_items for _, node in item.operation_nodes())
    ids = frozenset(text for node in operations if (text := node.get("operationId").text))
    paths = frozenset(anonymous(item.template) for item in contract.path_items)
    return _Traits(contract.title, paths, ids)


def _pair_alike(old: list[Contract], new: list[Contract]) -> list[tuple[Contract, Contract]]:
    """Each old contract with the new one that is most like it, if it is like it at all.

    They are sought by their traits: comparing each with each would take the time of their product.
    """
    traits = [_traits(contract) for contract in new]
    by_trait: dict[tuple[str, str], list[int]] = {}
    for at, each in enumerate(traits):
        for trait in each:
            by_trait.setdefault(trait, []).append(at)
    found: list[tuple[Contract, Contract]] = []
    taken: set[int] = set()
    for contract in old:
        mine = _traits(contract)
        sharing = [by_trait.get(trait, ()) for trait in mine]
        near = {at for others in sharing if len(others) <= _MOST_SHARING for at in others} - taken
        best = max(((_likeness(mine, traits[at]), -at) for at in near), default=(0.0, 0))
        if best[0] >= _ALIKE:
            taken.add(-best[1])
            found.append((contract, new[-best[1]]))
    return found


def _likeness(one: _Traits, other: _Traits) -> float:
    """The larger share of common paths or operation ids; the same title counts as half."""
    titled = _ALIKE if one.title and one.title == other.title else 0.0
    return max(titled + _share(one.paths, other.paths), _share(one.ids, other.ids))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0
