"""Compares what schemas say besides which values they take: defaults, discriminators, how long they stay."""

from __future__ import annotations

from collections import Counter

from archlint.comparison.openapi.limits import show
from archlint.comparison.openapi.pairs import Sides
from archlint.comparison.openapi.promises import SUNSET, stated_sunset
from archlint.comparison.openapi.schema_changes import (
    DefaultChanged,
    DiscriminatorChanged,
    EnumChanged,
    PropertyLifecycleChanged,
    PropertyStabilityChanged,
    PropertySunsetChanged,
    Transition,
)
from archlint.comparison.openapi.views import Aim, View
from archlint.comparison.terms import STABILITIES, ComparisonTerms
from archlint.documents import Node

_LEVEL = "x-stability-level"


def compare_annotations(sides: Sides, terms: ComparisonTerms) -> None:
    """Tell of everything that changes no set of values."""
    _compare_defaults(sides)
    _compare_discriminators(sides)
    _compare_extensible(sides)
    _compare_deprecation(sides)
    _compare_stability(sides, terms)


def _compare_defaults(sides: Sides) -> None:
    old, new = sides.base.keywords.get("default"), sides.revision.keywords.get("default")
    before, after = (None if node is None else node.value for node in (old, new))
    if before == after and type(before) is type(after):
        return
    sides.report_keyword(DefaultChanged, old, new, old=_value(old), new=_value(new))


def _value(node: Node | None) -> str:
    return "" if node is None or node.value is None else show(node) or '""'


def _compare_discriminators(sides: Sides) -> None:
    old, new = sides.base.keywords.get("discriminator"), sides.revision.keywords.get("discriminator")
    if old is None or new is None:
        if old is not new:
            transition = Transition.SET if old is None else Transition.UNSET
            stated = new if new is not None else old
            name = show(stated.get("propertyName")) if stated is not None else ""
            sides.report_keyword(
                DiscriminatorChanged,
                old,
                new,
                aspect="discriminator",
                transition=transition,
                old="" if old is None else name,
                new="" if new is None else name,
            )
        return
    names = old.get("propertyName"), new.get("propertyName")
    if names[0].value != names[1].value:
        _report_discriminator(
            sides, names, "propertyName", Transition.CHANGED, (show(names[0]), show(names[1]))
        )
    _compare_mappings(sides, old.get("mapping"), new.get("mapping"))


def _compare_mappings(sides: Sides, old: Node, new: Node) -> None:
    before, after = dict(old.items()), dict(new.items())
    aims = sides.base_views.aims_of(old), sides.revision_views.aims_of(new)
    implied = _implied(*aims), _implied(*reversed(aims))
    added = [key for key in after if key not in before and key not in implied[1]]
    removed = [key for key in before if key not in after and key not in implied[0]]
    changed = [key for key in after if key in before and aims[0][key] != aims[1][key]]
    for keys, transition in (
        (added, Transition.SET),
        (removed, Transition.UNSET),
        *(([key], Transition.CHANGED) for key in changed),
    ):
        if keys:
            one, two = before.get(keys[0], old), after.get(keys[0], new)
            texts = (", ".join(keys) if one is not old else "", ", ".join(keys) if two is not new else "")
            if transition is Transition.CHANGED:
                texts = (f"{keys[0]}: {show(one)}", f"{keys[0]}: {show(two)}")
            _report_discriminator(sides, (one, two), "mapping", transition, texts)


def _implied(aims: dict[str, Aim], others: dict[str, Aim]) -> set[str]:
    """The entries of a mapping that say what the other one means without them: a schema goes by its own name
    unless a mapping has another one for it."""
    entries = Counter((*aims.values(), *others.values()))
    return {key for key, aim in aims.items() if aim.component == key and entries[aim] == 1}


def _report_discriminator(
    sides: Sides, nodes: tuple[Node, Node], aspect: str, transition: Transition, texts: tuple[str, str]
) -> None:
    stated_old, stated_new = (node if node.exists else None for node in nodes)
    sides.report_keyword(
        DiscriminatorChanged,
        stated_old or sides.base.keywords.get("discriminator"),
        stated_new or sides.revision.keywords.get("discriminator"),
        aspect=aspect,
        transition=transition,
        old=texts[0],
        new=texts[1],
    )


def _compare_extensible(sides: Sides) -> None:
    old, new = sides.base.keywords.get("x-extensible-enum"), sides.revision.keywords.get("x-extensible-enum")
    if old is None or new is None:
        return
    kept = {item.text for item in new.elements()}
    gone = [item for item in old.elements() if item.text is not None and item.text not in kept]
    if gone:
        sides.report_keyword(
            EnumChanged,
            gone[0],
            new,
            added=(),
            removed=tuple(map(show, gone)),
            is_set=False,
            is_unset=False,
            keyword="x-extensible-enum",
        )


def _compare_deprecation(sides: Sides) -> None:
    before, after = sides.base.flag("deprecated"), sides.revision.flag("deprecated")
    old, sunset = sides.base.keywords.get(SUNSET), sides.revision.keywords.get(SUNSET)
    was = None if old is None else stated_sunset(old)
    ends = None if sunset is None else stated_sunset(sunset)
    if after and was is not None and was != ends:
        stated = sunset if sunset is not None else sides.revision.keywords.get("deprecated")
        sides.report_keyword(PropertySunsetChanged, old, stated, before=was, after=ends)
    if before == after:
        return
    sides.report_keyword(
        PropertyLifecycleChanged,
        sides.base.keywords.get("deprecated"),
        sides.revision.keywords.get("deprecated"),
        is_deprecated=after,
        sunset=ends if after else None,
    )


def _level(view: View) -> str:
    stated = view.keywords.get(_LEVEL)
    return "stable" if stated is None or not stated.is_set else str(stated.value)


def _compare_stability(sides: Sides, terms: ComparisonTerms) -> None:
    old, new = (_level(view) for view in (sides.base, sides.revision))
    if old == new or old not in STABILITIES:
        return
    sides.report_keyword(
        PropertyStabilityChanged,
        sides.base.keywords.get(_LEVEL),
        sides.revision.keywords.get(_LEVEL),
        old=old,
        new=new,
        is_less=new in STABILITIES and STABILITIES.index(new) < STABILITIES.index(old),
        is_promised=terms.promises(old),
        is_unknown=new not in STABILITIES,
    )
