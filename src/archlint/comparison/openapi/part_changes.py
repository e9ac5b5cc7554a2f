"""Compares the parts of ``allOf`` as parts: which of them are new, and which are gone."""

from __future__ import annotations

from archlint.comparison.openapi.branch_names import branch_name
from archlint.comparison.openapi.branches import WORDS, match_listed, sole_part
from archlint.comparison.openapi.pairs import Sides
from archlint.comparison.openapi.schema_changes import AllOfChanged
from archlint.comparison.openapi.views import View, Views
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi import HIDDEN

_WORDS = WORDS | {"$ref"}
_MOST_STEPS = 50
"""Schemas of one part within one another that are looked through."""


@dataclass(frozen=True, slots=True)
class PartMatches:
    """The parts of either side that no part of the other stands for."""

    added: tuple[Node, ...]
    removed: tuple[Node, ...]


def part_matches(sides: Sides) -> PartMatches:
    """What is left of both lists of parts once those that stand for each other are taken away.

    A schema without parts may have become one, or have been one: it stands for that part. Where both sides
    are no more than one part, that is what differs.
    """
    wholes = _lists_of_base(sides), _lists(sides)
    if all(map(_is_sole, wholes)):
        return PartMatches((), ())
    old, new = ([part for whole in side for part in whole.elements()] for side in wholes)
    matched = match_listed(old or [sides.pair.base], new or [sides.pair.revision], sides.sameness)
    return PartMatches(matched.added if new else (), matched.removed if old else ())


def _is_sole(wholes: list[Node]) -> bool:
    """Whether a schema has no parts, or is no more than its one part."""
    return all(
        sole_part(home) is not home for home in (whole.document.at(whole.route[:-1]) for whole in wholes)
    )


def keep_moved(wholes: tuple[View, View], rests: tuple[View, View]) -> None:
    """Leave with the rests what moved from a schema into a part of it that came, or out of one that went:
    both sides have it, and each is compared with what it was."""
    shared = wholes[0].properties.keys() & wholes[1].properties.keys()
    for name in shared & (rests[0].properties.keys() ^ rests[1].properties.keys()):
        for whole, rest in zip(wholes, rests, strict=True):
            rest.properties.setdefault(name, whole.properties[name])
            if name in whole.required:
                rest.required.setdefault(name, whole.required[name])
    both = wholes[0].keywords.keys() & wholes[1].keywords.keys()
    for name in both & (rests[0].keywords.keys() ^ rests[1].keywords.keys()):
        if all(whole.keywords[name].is_below(whole.home) for whole in wholes):
            for whole, rest in zip(wholes, rests, strict=True):
                rest.keywords.setdefault(name, whole.keywords[name])
    if rests[0].is_stated != rests[1].is_stated and all(map(_states_type, wholes)):
        for whole, rest in zip(wholes, rests, strict=True):
            rest.types, rest.is_stated, rest.type_node = whole.types, True, whole.type_node


def _states_type(whole: View) -> bool:
    """Whether a schema says its type itself, or in a part that stands in it; not in one that is referred to,
    which says so for others too."""
    return whole.is_stated and whole.type_node is not None and whole.type_node.is_below(whole.home)


def _lists(sides: Sides) -> list[Node]:
    """The ``allOf`` of the revision: beside its reference, and of what that leads to."""
    return _whole(sides.pair.revision, sides.revision_views)


def _lists_of_base(sides: Sides) -> list[Node]:
    return _whole(sides.pair.base, sides.base_views)


def _whole(declared: Node, views: Views) -> list[Node]:
    """The lists of parts of a schema; where it is a reference, or has one part and says nothing beside it,
    those of what it leads to, if that has any."""
    home, outer = views.target(declared), list[Node]()
    for _ in range(_MOST_STEPS):
        here = declared if declared.get("allOf").exists else home
        part = sole_part(here)
        if part is here:
            break
        declared, home, outer = part, views.target(part), [here.get("allOf")]
    homes = [home] if declared.value is home.value else [declared, home]
    return [whole for each in homes if (whole := each.get("allOf")).exists] or outer


def compare_parts(sides: Sides, matches: PartMatches, *, is_equal: bool = False) -> None:
    """Tell of the parts that came, then of those that went; those without meaning apart.

    ``is_equal``: the schemas say the same as wholes; then to move what is said into a part is no change.
    """
    is_list = bool(_lists_of_base(sides) and _lists(sides))
    for parts, views, is_added in (
        (matches.added, sides.revision_views, True),
        (matches.removed, sides.base_views, False),
    ):
        for is_wording in (False, True):
            chosen = [part for part in parts if _is_wording(part, views) is is_wording]
            if chosen and (is_wording or is_list or not is_equal):
                facts = {"is_added": is_added, "is_wording": is_wording, "is_equal": is_equal}
                _report(sides, chosen, views, facts)


def _report(sides: Sides, parts: list[Node], views: Views, facts: dict[str, bool]) -> None:
    old = next(iter(_lists_of_base(sides)), None) if facts["is_added"] else parts[0]
    new = parts[0] if facts["is_added"] else next(iter(_lists(sides)), None)
    lost = {} if facts["is_added"] else _lost(sides, parts)
    sides.report(
        AllOfChanged,
        sides.place(new),
        sides.old_place(old),
        names=tuple(map(branch_name, parts)),
        is_demanding=any(views.of(part).required for part in parts),
        lost=tuple(lost),
        is_lost_required=any(lost.values()),
        **facts,
    )


def _lost(sides: Sides, parts: list[Node]) -> dict[str, bool]:
    """The properties that go with some parts, and whether they were required; those that are not sent, that
    the rest of the base declares as well, or that the revision has anywhere are not lost."""
    base = sides.base_views.of(sides.pair.base)
    revision = sides.revision_views.of(sides.pair.revision)
    kept = {*sides.base.properties, *revision.properties}
    for branch in revision.branches:
        kept.update(sides.revision_views.of(branch).properties)
    flag = HIDDEN[sides.pair.direction]
    declared: dict[str, Node] = {}
    for part in parts:
        declared |= sides.base_views.of(part).properties
    return {
        name: name in base.required
        for name, schema in declared.items()
        if name not in kept and not sides.base_views.of(schema).flag(flag)
    }


def _is_wording(part: Node, views: Views) -> bool:
    """Whether a part says nothing about values."""
    target = views.target(part)
    return all(node.is_map and node.value.keys() <= _WORDS for node in (part, target))
