"""Services and their owners."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.ownership.on_call import NobodyToCall
from archlint.model.ownership.ownables import Ownable
from archlint.model.world import World


@join(Ownable)
def service_without_owner(ownable: Ownable, world: World, options: Options) -> Iterator[Observation]:
    """A service that nothing names an owner for, where most others have one."""
    if ownable.owner is not None:
        return
    others = [other for other in world.all(Ownable) if other is not ownable]
    owned = sum(other.owner is not None for other in others)
    if owned and owned >= options["minimum-share"] * len(others):
        yield observe(
            ownable.place,
            "component" if ownable.entity is not None else "default",
            identity=("owner",),
            aliases=[] if ownable.entity is not None else None,
            service=ownable.name,
            owned=owned,
            others=len(others),
        )


@join(NobodyToCall)
def on_call_unknown(item: NobodyToCall, world: World, options: Options) -> Iterator[Observation]:
    """A service of the catalog that does not say whom to call, where most others do."""
    if item.known >= options["share"] * item.total:
        notes = item.entity.node.get("metadata", "annotations")
        yield observe(
            notes.place() if notes.exists else item.entity.node.get("metadata", "name").value_place(),
            related=[(item.example.place(), "what another one says")],
            service=item.entity.name,
            note=item.note,
            known=item.known,
            total=item.total,
        )
