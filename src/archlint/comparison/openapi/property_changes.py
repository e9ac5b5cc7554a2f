"""Compares the properties that two schemas declare, and which of them are required."""

from __future__ import annotations

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.element_changes import Lifecycle
from archlint.comparison.openapi.labels import component_route
from archlint.comparison.openapi.pairs import Sides
from archlint.comparison.openapi.promises import SUNSET, stated_sunset
from archlint.comparison.openapi.schema_changes import (
    ConstraintChanged,
    PropertyAdded,
    PropertyOptional,
    PropertyRemoved,
    PropertyRequired,
    Transition,
    VisibilityChanged,
)
from archlint.comparison.openapi.views import View
from archlint.documents import Node
from archlint.finding import Place
from archlint.model.openapi import HIDDEN, Direction


def compare_properties(sides: Sides) -> None:
    """Tell of properties that came, went, or are sent otherwise."""
    base, revision = sides.base, sides.revision
    for name in base.properties:
        if name not in revision.properties:
            _removed(sides, name)
        else:
            _compare_visibility(sides, name)
    for name in revision.properties:
        if name not in base.properties:
            _added(sides, name)
    _compare_required(sides)
    _compare_open(sides)


def is_unsent(sides: Sides, name: str) -> bool:
    """Whether a property is never sent in the direction of the pair, as one side says."""
    flag = HIDDEN[sides.pair.direction]
    views = ((sides.base_views, sides.base), (sides.revision_views, sides.revision))
    return any(name in side.properties and made.of(side.properties[name]).flag(flag) for made, side in views)


def _removed(sides: Sides, name: str) -> None:
    base, revision = sides.base, sides.revision
    if any(name in sides.revision_views.of(branch).properties for branch in revision.branches):
        return  # it moved into the branches, where the types decide
    sides.report(
        PropertyRemoved,
        sides.place_of_gone(base.properties[name]),
        _at(base, name),
        name=name,
        was_required=name in base.required,
        is_forbidden=revision.is_closed,
        is_unsent=is_unsent(sides, name),
        lifecycle=_lifecycle(sides.base_views.of(base.properties[name])),
    )


def _lifecycle(view: View) -> Lifecycle:
    sunset = view.keywords.get(SUNSET)
    return Lifecycle(view.flag("deprecated"), None if sunset is None else stated_sunset(sunset))


def _added(sides: Sides, name: str) -> None:
    base, revision = sides.base, sides.revision
    if any(name in sides.base_views.of(branch).properties for branch in base.branches):
        return  # it moved out of the branches
    declared = revision.properties[name]
    unsent, is_required = is_unsent(sides, name), name in revision.required
    if is_required and sides.pair.direction is Direction.REQUEST and not unsent and name not in base.required:
        return  # told with what is required
    sides.report(
        PropertyAdded,
        sides.place(declared),
        sides.place_before(declared),
        name=name,
        is_required=is_required,
        is_unsent=unsent,
        has_default="default" in sides.revision_views.of(declared).keywords,
    )


def _compare_required(sides: Sides) -> None:
    base, revision = sides.base, sides.revision
    for name, entry in revision.required.items():
        if name in base.required:
            continue
        declared = revision.properties.get(name)
        is_new = name not in base.properties
        if is_new and declared is not None and sides.pair.direction is Direction.RESPONSE:
            continue  # told as a property that is new
        if is_new and declared is not None and is_unsent(sides, name):
            continue
        view = None if declared is None else sides.revision_views.of(declared)
        stated = declared if is_new and declared is not None else entry
        sides.report(
            PropertyRequired,
            sides.place(stated),
            _at(base, name),
            name=name,
            is_new=is_new,
            is_declared=declared is not None,
            has_default=view is not None and "default" in view.keywords,
            is_unsent=is_unsent(sides, name),
        )
    for name, entry in base.required.items():
        if name in revision.required or (name in base.properties and name not in revision.properties):
            continue
        sides.report(
            PropertyOptional,
            _demanded_at(sides, name, entry),
            entry.place(),
            name=name,
            is_declared=name in base.properties,
            is_unsent=is_unsent(sides, name),
        )


def _demanded_at(sides: Sides, name: str, entry: Node) -> Place:
    """Where a property would have to be required again: where it is declared, and so once for all that use a
    shared schema; unless the base has that schema too, in which nobody has demanded it, and used another."""
    schema = sides.revision.properties.get(name)
    if schema is None:
        home = component_route(sides.revision.node.route)
        is_others = home != component_route(entry.route) and sides.pair.base.document.at(home).exists
        return sides.place(sides.revision.node.get("properties")) if is_others else _at(sides.revision, name)
    home, owner = component_route(schema.route), component_route(sides.revision.home.route)
    if home not in (owner, component_route(entry.route)):
        return sides.place(sides.revision.home.get("required"))
    has_other = home != component_route(sides.base.home.route) and sides.pair.base.document.at(home).exists
    return sides.place(schema) if has_other else schema.place()


def _compare_visibility(sides: Sides, name: str) -> None:
    """Tell what became read-only or write-only, or no longer is."""
    old = sides.base_views.of(sides.base.properties[name])
    new = sides.revision_views.of(sides.revision.properties[name])
    for keyword in ("readOnly", "writeOnly"):
        if old.flag(keyword) == new.flag(keyword):
            continue
        before, after = old.keywords.get(keyword), new.keywords.get(keyword)
        sides.report(
            VisibilityChanged,
            after.place() if after is not None else _at(sides.revision, name),
            before.place() if before is not None else _at(sides.base, name),
            name=name,
            keyword=keyword,
            is_now=new.flag(keyword),
            was_required=name in sides.base.required,
            is_required=name in sides.revision.required,
        )


def _compare_open(sides: Sides) -> None:
    """Which names a schema takes that it does not declare: any, those with values of some kind, or none.

    Where both sides have a schema for their values, these are compared as the schemas that they are.
    """
    old = sides.base.keywords.get("additionalProperties")
    new = sides.revision.keywords.get("additionalProperties")
    if old is not None and new is not None and old.is_map and new.is_map:
        return
    before, after = _openness(old), _openness(new)
    if before == after:
        return
    is_closed = _OPENNESS.index(after) < _OPENNESS.index(before)
    sides.report_keyword(
        ConstraintChanged,
        old,
        new,
        keyword="additionalProperties",
        transition=Transition.SET if is_closed else Transition.UNSET,
        accepts=Containment.NARROWER if is_closed else Containment.WIDER,
        old=before,
        new=after,
    )


_OPENNESS = ("false", "a map", "")


def _openness(node: Node | None) -> str:
    """``false``, ``a map``, or nothing where any name may have any value."""
    if node is None or node.value is True or node.value == {}:
        return ""
    return "a map" if node.is_map else "false" if node.value is False else ""


def _at(view: View, name: str) -> Place:
    """Where a property is declared, or would be."""
    schema = view.properties.get(name)
    return schema.place() if schema is not None else view.node.get("properties", name).place()
