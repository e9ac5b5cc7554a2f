"""Compares what values two schemas take by themselves: types, null, listed values, limits."""

from __future__ import annotations

from archlint.comparison.openapi.changes import Containment, Usage
from archlint.comparison.openapi.limits import changed_limits, show, values_of
from archlint.comparison.openapi.pairs import Sides
from archlint.comparison.openapi.schema_changes import (
    ANY_TYPE,
    ConstraintChanged,
    EnumChanged,
    Transition,
    TypeChanged,
)
from archlint.comparison.openapi.types import TypeDifference, compare_formats, type_facts
from archlint.comparison.openapi.types import compare_types as types_of
from archlint.comparison.openapi.views import View
from archlint.documents import Node


def compare_types(sides: Sides) -> bool:
    """Whether the types differ so much that nothing else of the two schemas can be compared."""
    base, revision = sides.base, sides.revision
    difference = types_of(base, revision, sides.pair.usage)
    if difference is None:
        return False
    keyword = "format" if difference.is_format_only else "type"
    sides.report_keyword(
        TypeChanged,
        _keyword(base, keyword),
        _keyword(revision, keyword),
        old=difference.old,
        new=difference.new,
        accepts=difference.accepts,
        is_format_only=difference.is_format_only,
        before=type_facts(base),
        after=type_facts(revision),
        added_choice=revision.choice if revision.choice != base.choice else "",
        removed_choice=base.choice if revision.choice != base.choice else "",
    )
    _compare_format(sides, difference)
    return not difference.is_format_only and difference.is_apart


def _compare_format(sides: Sides, difference: TypeDifference) -> None:
    """Tell of a format that changed beside the types; other tools have one name for both."""
    formats = None if difference.is_format_only else compare_formats(sides.base, sides.revision)
    if formats is not None:
        sides.report_keyword(
            TypeChanged,
            _keyword(sides.base, "format"),
            _keyword(sides.revision, "format"),
            old=formats.old,
            new=formats.new,
            accepts=formats.accepts,
            is_format_only=True,
        )


def compare_listed_types(sides: Sides) -> None:
    """Tell that a choice between plain types is another one, where the schemas are not understood whole."""
    before, after = type_facts(sides.base), type_facts(sides.revision)
    if before.is_listed_anew(after):
        old, new = (" or ".join(sorted(facts.listed or ())) for facts in (before, after))
        sides.report(
            TypeChanged,
            sides.place(sides.revision.home.get(after.choice) if after.choice else None),
            sides.old_place(sides.base.home.get(before.choice) if before.choice else None),
            old=old,
            new=new,
            accepts=Containment.UNKNOWN,
            is_format_only=False,
            before=before,
            after=after,
        )


def compare_with_items(sides: Sides) -> None:
    """Compare what was one value with the items of what is a list now."""
    items = sides.revision_views.target(sides.revision.home.get("items"))
    rest = [
        {key: value for key, value in node.value.items() if key not in _BESIDE} if node.is_map else None
        for node in (sides.base.home, items)
    ]
    before, after = type_facts(sides.base), type_facts(sides.revision_views.of(items))
    types = set(before.types) - {"null"}, set(after.types) - {"null"}
    is_text = types[1] <= {"string"}
    is_inside = len(types[0]) == 1 and (types[0] == types[1] or types == ({"integer"}, {"number"}))
    sides.report_keyword(
        TypeChanged,
        _keyword(sides.base, "type"),
        _keyword(sides.revision, "type"),
        old=" or ".join(before.types) or ANY_TYPE,
        new="a list, of which one value is one",
        accepts=Containment.UNKNOWN,
        is_format_only=False,
        before=before,
        after=type_facts(sides.revision),
        takes_single=rest[0] == rest[1] and bool(types[0]) and (is_text or is_inside),
    )
    if items.exists:
        sides.descend(sides.pair.base, sides.revision.home.get("items"), usage=Usage.UNNAMED_TEXT)


_BESIDE = frozenset(("type", "nullable", "title", "description", "example", "examples", "default"))
"""Keywords that do not matter where one value becomes a list of one."""


def compare_null(sides: Sides) -> None:
    """Tell whether null came or went."""
    base, revision = sides.base, sides.revision
    if base.is_nullable == revision.is_nullable or base.types is None or revision.types is None:
        return
    if any(not (view.is_nullable or view.is_stated or view.choice) for view in (base, revision)):
        return  # what states no type takes null as well
    if base.choice and revision.choice and (base.is_null_below or revision.is_null_below):
        return  # told of that branch
    before, after = type_facts(base), type_facts(revision)
    form = base.choice if base.choice == revision.choice else ""
    if before.is_listed_anew(after) and "oneOf" not in (before.choice, after.choice):
        form = "types"
    is_set = revision.is_nullable
    sides.report_keyword(
        ConstraintChanged,
        _keyword(base, "nullable"),
        _keyword(revision, "nullable"),
        keyword="nullable",
        transition=Transition.SET if is_set else Transition.UNSET,
        accepts=Containment.WIDER if is_set else Containment.NARROWER,
        old=str(base.is_nullable).lower(),
        new=str(is_set).lower(),
        form=form,
    )


def compare_limits(sides: Sides) -> None:
    """Tell which limits differ, of schemas that have a type in common."""
    for limit in changed_limits(sides.base, sides.revision):
        sides.report_keyword(
            ConstraintChanged,
            limit.base,
            limit.revision,
            keyword=limit.keyword,
            transition=limit.transition,
            accepts=limit.accepts,
            old=limit.old,
            new=limit.new,
            entry=limit.entry,
            is_whole=limit.is_whole,
        )


def compare_listed(sides: Sides) -> None:
    """Tell which listed values differ."""
    base, revision = sides.base, sides.revision
    is_stated = sides.lists_null or (
        base.is_nullable and all("enum" in view.keywords for view in (base, revision))
    )
    is_null_told = base.is_nullable != revision.is_nullable or not is_stated
    old, new = (values_of(view, with_null=not is_null_told) for view in (base, revision))
    added = [node for key, node in (new or {}).items() if old is None or key not in old]
    removed = [node for key, node in (old or {}).items() if new is None or key not in new]
    if not added and not removed:
        return
    states = [view.keywords for view, values in ((base, old), (revision, new)) if values is not None]
    keyword = "const" if all("const" in state for state in states) else "enum"
    is_swap = bool(added and removed) and keyword == "enum"
    for gone, come in ((removed, []), ([], added)) if is_swap else ((removed, added),):
        after = revision.keywords.get("const") or revision.keywords.get("enum")
        before = base.keywords.get("const") or base.keywords.get("enum")
        if old is not None and new is not None:  # the value itself is what was edited
            after, before = come[0] if come else after, gone[0] if gone else before
        sides.report_keyword(
            EnumChanged,
            before,
            after,
            added=tuple(map(show, come)),
            removed=tuple(map(show, gone)),
            is_set=old is None,
            is_unset=new is None,
            keyword=keyword,
            old_keyword=_listing(base),
            new_keyword=_listing(revision),
        )


def _listing(view: View) -> str:
    return "const" if "const" in view.keywords else "enum"


def _keyword(view: View, keyword: str) -> Node | None:
    if keyword == "type":
        return view.type_node
    if keyword == "nullable":
        stated = view.home.get("nullable")
        choices = [view.home.get(name) for name in ("oneOf", "anyOf") if view.home.get(name).exists]
        return stated if stated.exists else choices[0] if choices else view.type_node
    return view.keywords.get(keyword)
