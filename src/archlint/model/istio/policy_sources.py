"""Namespaces that authorization policies name as sources of calls."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.authorization import named_sources
from archlint.model.istio.requests import fits
from archlint.model.kubernetes import ObjectFacet
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.names.similar import SimilarNames, is_one_letter_apart
from archlint.model.kubernetes.namespaces import (
    ALWAYS_THERE,
    OF_INSTALLERS,
    UsedNamespace,
    defined_namespaces,
    is_of_platform,
    made_namespaces,
)
from archlint.model.kubernetes.sets import is_unseen
from archlint.model.world import World


@dataclass(frozen=True)
class SourceNamespace(ObjectFacet):
    """One entry of ``namespaces`` or ``notNamespaces``."""

    node: Node
    is_negated: bool

    @classmethod
    def all(cls, world: World) -> Iterator[SourceNamespace]:
        """Every entry of every authorization policy."""
        for item, key, node in named_sources(world, "namespaces", "notNamespaces"):
            if node.text:
                yield cls(item, node, key == "notNamespaces")

    @property
    def pattern(self) -> str:
        """The text: a name, or one with a ``*`` at one end."""
        return self.node.text or ""

    def fits(self, name: str) -> bool:
        """Whether it means a namespace."""
        return fits(self.pattern, name)

    def meant(self, world: World) -> str | None:
        """The namespace that it misspells; ``None`` if it may be another one, which others keep.

        Callers come from anywhere in the cluster, so only what is a letter away from a namespace of a
        repository that keeps the namespaces it uses is surely a slip. Names with digits are numbered.
        """
        known = world.fact(_known)
        name = self.pattern
        if "*" in name or is_placeholder(name) or not known.is_home or name in known.similar:
            return None
        if is_of_platform(name) or is_unseen(world, "Namespace", name):
            return None
        nearest = known.similar.nearest(name)
        if nearest is None or any(letter.isdigit() for letter in name + nearest):
            return None
        return nearest if is_one_letter_apart(name, nearest) else None


@dataclass(frozen=True)
class _Known:
    """What a repository shows of namespaces."""

    similar: SimilarNames
    is_home: bool
    """Whether it defines the namespaces of all its workloads, and those at least."""


def _known(world: World) -> _Known:
    defined = world.fact(defined_namespaces)
    used = world.all(UsedNamespace)
    made = world.fact(made_namespaces)
    needed = {item.name for item in used if item.has_workload and not item.is_of_installer}
    names = {
        *defined,
        *made,
        *ALWAYS_THERE,
        *OF_INSTALLERS,
        *(item.name for item in used if item.has_workload),
    }
    return _Known(
        SimilarNames(names), bool(defined) and bool(needed) and needed <= defined | made | ALWAYS_THERE
    )
