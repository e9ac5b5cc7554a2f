"""Compares choices (``oneOf``, ``anyOf``): branches that came or went, and what became a choice."""

from __future__ import annotations

from archlint.comparison.openapi.branch_names import branch_name
from archlint.comparison.openapi.branches import match_branches, match_edited
from archlint.comparison.openapi.changes import Usage
from archlint.comparison.openapi.keyword_changes import compare_types
from archlint.comparison.openapi.pairs import Sides
from archlint.comparison.openapi.schema_changes import AlternativeChanged, PropertyOptional, TypeChanged
from archlint.comparison.openapi.types import type_facts
from archlint.documents import Node
from archlint.model.openapi import Direction


def compare_choices(sides: Sides) -> bool:
    """Whether the rest of the two schemas can be compared as well; one of them, at least, is a choice."""
    base, revision = sides.base, sides.revision
    matched = match_branches(base, revision, sides.sameness)
    for old, new in matched.pairs:
        sides.descend_into_branch(old, new)
    if base.choice and revision.choice:
        edited = match_edited(matched, sides.base_views, sides.revision_views)
        for old, new in edited.pairs:
            sides.descend_into_branch(old, new, usage=Usage.UNNAMED)
        _report(sides, list(edited.added), list(edited.removed))
        _report(sides, [new for _, new in edited.pairs], [old for old, _ in edited.pairs], is_edited=True)
        if base.choice != revision.choice and not matched.added and not matched.removed:
            _report_keyword(sides)
        return True
    if _keeps_type(sides):
        branches = base.branches or revision.branches
        added, removed = (list(branches if view.choice else ()) for view in (revision, base))
        _report(sides, added, removed, is_beside=True)
        return True
    if matched.pairs:
        is_told = not base.choice and _report_missing(sides)
        _report(
            sides, list(matched.added), list(matched.removed), is_wrapped=not base.choice, is_told=is_told
        )
    elif not compare_types(sides) and not _is_told(sides):
        branches = base.branches or revision.branches
        added, removed = (list(branches if view.choice else ()) for view in (revision, base))
        _report(sides, added, removed, is_wrapped=not base.choice)
    return False


def _is_told(sides: Sides) -> bool:
    """Whether the types differ, which says it all."""
    return any(isinstance(change, TypeChanged) and not change.is_format_only for change in sides.pair.changes)


def _keeps_type(sides: Sides) -> bool:
    """Whether both sides state a type, so the choice is one more condition."""
    return sides.base.is_stated and sides.revision.is_stated and not sides.base.is_list


def _report(
    sides: Sides,
    added: list[Node],
    removed: list[Node],
    *,
    is_wrapped: bool = False,
    is_edited: bool = False,
    is_told: bool = False,
    is_beside: bool = False,
) -> None:
    """Tell of branches that came, then of those that went; what became a choice is told once."""
    if not added and not removed:
        return
    base, revision = sides.base, sides.revision
    is_swap = bool(added and removed) and not is_edited
    for come, gone in ((added, []), ([], removed)) if is_swap else ((added, removed),):
        keyword = (revision.choice or base.choice) if come else (base.choice or revision.choice)
        after, before = (
            view.choice_node or view.home.get(view.choice or keyword) for view in (revision, base)
        )
        if base.choice and revision.choice:  # the branch itself is what was edited
            after, before = come[0] if come else after, gone[0] if gone else before
        sides.report(
            AlternativeChanged,
            sides.place(after) if after.exists else sides.place_of_gone(base.choice_node),
            sides.old_place(before) if before.exists else sides.place_before(revision.choice_node),
            keyword=keyword,
            added=tuple(map(branch_name, come)),
            removed=tuple(map(branch_name, gone)),
            is_wrapped=is_wrapped,
            is_edited=is_edited,
            is_told=is_told,
            is_unwrapped=not revision.choice,
            is_beside=is_beside,
            is_moved=is_wrapped and _is_moved(sides),
            before=type_facts(base),
            after=type_facts(revision),
        )


def _report_missing(sides: Sides) -> bool:
    """Tell which properties responses always had, of a schema that is one of several alternatives now and
    that not all of the others require; whether there are any."""
    base, revision = sides.base, sides.revision
    if sides.pair.direction is not Direction.RESPONSE:
        return False
    views = [sides.revision_views.of(branch) for branch in revision.branches]
    missing = [name for name in base.required if any(name not in view.required for view in views)]
    for name in missing:
        sides.report(
            PropertyOptional,
            sides.place(revision.choice_node),
            base.required[name].place(),
            name=name,
            is_declared=name in base.properties,
        )
    return bool(missing)


def _report_keyword(sides: Sides) -> None:
    """Tell that the same branches exclude each other now, or no longer do."""
    base, revision = sides.base, sides.revision
    names = tuple(map(branch_name, revision.branches))
    sides.report(
        AlternativeChanged,
        sides.place(revision.home.get(revision.choice)),
        sides.old_place(base.home.get(base.choice)),
        keyword=revision.choice,
        added=names,
        removed=names,
        is_same=True,
        before=type_facts(base),
        after=type_facts(revision),
    )


def _is_moved(sides: Sides) -> bool:
    """Whether a schema with properties became a choice, and properties of it moved into the branches."""
    own = dict(sides.base.home.get("properties").items())
    stated = sides.revision.home
    if not own or stated.get("properties").exists or stated.get("type").exists:
        return False
    inner = (
        sides.revision_views.target(branch).get("properties") for branch in stated.get("oneOf").elements()
    )
    return any(own.keys() & dict(node.items()).keys() for node in inner)
