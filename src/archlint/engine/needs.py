"""What a check needs to find anything, as far as that can be told before its module is imported."""

from __future__ import annotations

from collections.abc import Iterable, Set

from archlint.checks import Scope, announced
from archlint.checks.discovery import Announced
from archlint.files import Kind
from archlint.finding import Rule
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World
from archlint.registry.page import HOUSE_PROVIDER, POLICY_PROVIDER, REDOCLY_PROVIDER

UNWRITTEN = (f"{POLICY_PROVIDER}.", f"{HOUSE_PROVIDER}.", f"{REDOCLY_PROVIDER}.")
"""How the names of packages begin that stand for rules without check functions."""


def needed_words(world: World, kinds: Iterable[Kind]) -> set[str]:
    """What checks may say that they need: the kinds of file, the kinds and API groups of objects, a group's
    last two labels too, and ``team-rules``, ``team-calls`` and ``ruleset`` if the configuration has these."""
    found: set[str] = {*kinds}
    if Kind.KUBERNETES in found:
        for kind, group in {(base.kind, base.group) for base in world.all(KubernetesObject)}:
            found |= {kind, group, ".".join(group.rsplit(".", 2)[-2:])}
    values = (world.team_rules, world.team_calls, world.ruleset or world.redocly)
    return found | {name for name, value in zip(_GIVEN, values, strict=True) if value}


_GIVEN = ("team-rules", "team-calls", "ruleset")
_KNOWN = frozenset((*Kind, *_GIVEN))


def fault_of_needs(package: str, rule: Rule) -> str:
    """What is wrong with the words that a check needs, as no repository can have one of them: its rule would
    be silent for ever. Kinds and groups of objects may be anybody's, and are told by how they look."""
    for word in sorted(needs_of(package, rule) - _KNOWN):
        if "." not in word and not word[:1].isupper():
            from difflib import get_close_matches

            told = _told_of(package, rule)
            near = get_close_matches(word, sorted(_KNOWN), 1)
            return (
                f"cannot run: NEEDS in {told.needs_at if told else package} has '{word}', which is no kind "
                "of file, no kind of object (with a capital letter) and no API group (with a dot)"
                f"{f'. Write {near[0]!r}' if near else ''}"
            )
    return ""


def needs_of(package: str, rule: Rule) -> Set[str]:
    """Words of ``needed_words`` of which one must be there; empty for a check that may always find something,
    or if nobody knows."""
    told = None if package.startswith(UNWRITTEN) else _told_of(package, rule)
    return frozenset() if told is None else told.needs


def scope_of(rule: Rule) -> Scope | None:
    """How much a rule must see, as far as that can be told before its check is imported."""
    return scope_in(package_of(rule), rule)


def scope_in(package: str, rule: Rule) -> Scope | None:
    """As ``scope_of``, of a rule whose package is known."""
    if package.startswith(UNWRITTEN):
        return Scope.WORLD
    told = _told_of(package, rule)
    return None if told is None else told.scope


def _told_of(package: str, rule: Rule) -> Announced | None:
    try:
        return announced(package).get(rule.name)
    except Exception:  # a plugin may raise anything while it is imported, which is told when its rules run
        return None


def package_of(rule: Rule) -> str:
    """The package that has the check of a rule."""
    return f"{rule.provider}.{rule.area.lower()}"
