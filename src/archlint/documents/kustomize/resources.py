"""The objects of a kustomization in the making, no two of which are the same.

Source: kustomize's ``resmap``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents.kustomize.identity import Identity
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.values import Origin


class Resources:
    """A list of objects with one of each identity."""

    def __init__(self, items: Iterable[Resource] = ()) -> None:
        self.items: list[Resource] = list(items)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.items)

    def copy(self) -> Resources:
        """Copies of all objects."""
        return Resources(item.copy() for item in self.items)

    def append_all(self, others: Iterable[Resource], origin: Origin) -> None:
        """Add objects; ``origin`` is what asks for them."""
        known = {_key(item.identity) for item in self.items}
        for item in others:
            key = _key(item.identity)
            if key in known:
                raise Refusal(f"{item.identity} is there already.", origin, Reason.TWICE)
            known.add(key)
            self.items.append(item)

    def check(self, origin: Origin) -> None:
        """That no two objects have become the same."""
        known = set()
        for item in self.items:
            key = _key(item.identity)
            if key in known:
                raise Refusal(f"Two objects become {item.identity}.", origin)
            known.add(key)

    def absorb(self, item: Resource, origin: Origin) -> None:
        """Add what a generator made, or let it replace or extend what is there, as its behavior says."""
        wanted = item.identity
        found = [other for other in self.items if any(wanted.equals(known) for known in other.identities())]
        if not found:
            if item.behavior != "create":
                raise Refusal(f"{wanted} is not there to {item.behavior}.", origin, Reason.MISSING)
            self.items.append(item)
            return
        if len(found) > 1 or item.behavior == "create":
            raise Refusal(f"{wanted} is there already; the behavior must be merge or replace.", origin)
        old = found[0]
        item.merge_from(old, data=item.behavior == "merge")
        self.items[self.items.index(old)] = item

    def known_as(self, wanted: Identity) -> list[Resource]:
        """The objects that are or were known under an identity."""
        return [item for item in self.items if any(wanted.equals(known) for known in item.identities())]

    def drop_gone(self) -> None:
        """Leave out what patches have deleted."""
        self.items = [item for item in self.items if not item.is_gone]


def _key(identity: Identity) -> tuple[object, ...]:
    return (identity.gvk, identity.name, identity.effective)
