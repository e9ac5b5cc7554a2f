"""Components whose catalog entry names another owner than CODEOWNERS or labels do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from posixpath import dirname

from archlint.documents import Document
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.ownership.catalog import CatalogEntity, catalog
from archlint.model.ownership.codeowners import CodeOwners, code_owners
from archlint.model.ownership.ownables import Ownable
from archlint.model.ownership.owners import label_owner
from archlint.model.ownership.teams import is_person, team
from archlint.model.world import World

_SIBLING = "\0"
"""A name that no file has."""


@dataclass(frozen=True)
class OwnerDisagreement:
    """Two owners of one component."""

    entity: CatalogEntity
    owner: str
    other: str
    place: Place
    """Where the other owner is named."""
    is_label: bool

    @classmethod
    def all(cls, world: World) -> Iterable[OwnerDisagreement]:
        """One for each component and each way in which another owner is named."""
        homes = _homes(world)
        slugs = _slugs(world)
        for ownable in world.all(Ownable):
            entity = ownable.entity
            owner = entity.owner if entity else None
            if entity is None or owner is None or is_person(entity.node.get("spec", "owner").text or ""):
                continue
            known = {team(owner), slugs.get(owner, team(owner))}
            folder = dirname(entity.source.path)
            if folder and len(homes[folder]) == 1:
                for file in world.fact(code_owners):
                    named = _named(file, folder)
                    if named and known.isdisjoint(map(team, named[0])):
                        yield cls(entity, owner, " ".join(named[0]), named[1], is_label=False)
            label = label_owner(ownable.service) if ownable.service else None
            if label and label.place and not is_person(label.name) and team(label.name) not in known:
                yield cls(entity, owner, label.name, label.place, is_label=True)

    @property
    def source(self) -> Document:
        """The catalog file."""
        return self.entity.source

    @property
    def object(self) -> ObjectRef:
        """The component."""
        return self.entity.object


def _homes(world: World) -> dict[str, set[str]]:
    """The owners of the components that are described in each folder: of several, none has it alone."""
    found: dict[str, set[str]] = defaultdict(set)
    for entity in world.fact(catalog).entities:
        if entity.kind == "Component":
            found[dirname(entity.source.path)].add(team(entity.owner or ""))
    return found


def _slugs(world: World) -> dict[str, str]:
    """What groups of the catalog are called where the code is kept."""
    groups = (item for item in world.fact(catalog).entities if item.kind == "Group")
    texts = ((i.name, i.node.get("metadata", "annotations", "github.com/team-slug").text) for i in groups)
    return {name: team(text) for name, text in texts if text}


def _named(file: CodeOwners, folder: str) -> tuple[tuple[str, ...], Place] | None:
    """The teams that a line about just this folder names, if it names teams alone. A line that would mean
    any folder beside it too is about no service."""
    line = file.line_of(f"{folder}/{_SIBLING}")
    parent = dirname(folder)
    beside = "/".join(filter(None, (parent, _SIBLING, _SIBLING)))
    if line is None or file.line_of(beside) is line or any(map(is_person, line.owners)):
        return None
    return line.owners, file.place(line)
