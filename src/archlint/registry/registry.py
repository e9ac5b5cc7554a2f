"""All rules that are known, and which of them a selector names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from archlint.finding import Profile, Rule, Status
from archlint.finding.foreign_names import are_about, foreign, is_foreign, tool_of
from archlint.judging.asked import EVERYTHING, Asked
from archlint.registry.page import PRESET

ALL = "ALL"
_EXACT, _AREA, _TAG, _ALL, _PROFILE, _NONE = 5, 4, 3, 2, 1, 0


_WITH_REQUESTS = ("kube-score:", "buf:")
"""How the aliases of rules begin that an annotation or the settings of that tool turn on."""


class UnknownRule(Exception):
    """A selector that names no rule; ``nearest`` is the most similar name, if there is one."""

    def __init__(self, selector: str, nearest: str | None) -> None:
        hint = f"; did you mean '{nearest}'?" if nearest else "; `archlint rules` lists all"
        what = "no rule stands for" if is_foreign(selector) else "no rule, area or tag is called"
        super().__init__(f"{what} '{selector}'{hint}")
        self.selector = selector
        self.nearest = nearest


class Registry:
    """The rules of archlint and of its plugins."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Raises ``ValueError`` if two rules share a code or a name."""
        self.rules: tuple[Rule, ...] = tuple(sorted(rules, key=lambda rule: rule.code))
        self.by_code = {rule.code: rule for rule in self.rules}
        self._names: dict[str, Rule] = {}
        for rule in self.rules:
            if self.by_code[rule.code] is not rule or rule.name in self._names:
                raise ValueError(f"two rules are called {rule.code} or '{rule.name}'")
            self._names[rule.name] = rule
        self._former = {old: rule for rule in self.rules for old in rule.formerly}
        self._areas = {rule.area for rule in self.rules}
        self._tags = {tag for rule in self.rules for tag in rule.tags}
        self._elsewhere: dict[str, list[Rule]] | None = None

    def find(self, name: str) -> Rule | None:
        """The rule with this code or name, present or former."""
        return self.by_code.get(name) or self._names.get(name) or self._former.get(name)

    def named(self, name: str) -> Sequence[Rule]:
        """The rule with this code or name, or all that another tool's name stands for."""
        rule = self.find(name)
        if rule is not None:
            return (rule,)
        return self._foreign().get(name, ()) if is_foreign(name) else ()

    def _foreign(self) -> Mapping[str, Sequence[Rule]]:
        """The rules by their names elsewhere."""
        if self._elsewhere is None:
            self._elsewhere = {}
            for rule in self.rules:
                for name in dict.fromkeys((*rule.aliases, *rule.ignored_as)):
                    self._elsewhere.setdefault(name, []).append(rule)
        return self._elsewhere

    def successor(self, name: str) -> Rule | None:
        """The rule that once was called ``name``, if it is called otherwise now."""
        return None if name in self._names else self._former.get(name)

    def require(self, selector: str) -> None:
        """Raise ``UnknownRule`` unless the selector names a rule, an area, a tag or ALL."""
        if not self.matches(selector):
            from difflib import get_close_matches

            words = self._words_elsewhere(selector) if is_foreign(selector) else self._words()
            near = get_close_matches(selector, words, n=1, cutoff=0.6)
            raise UnknownRule(selector, near[0] if near else None)

    def matches(self, selector: str) -> bool:
        """Whether the selector names a rule, an area, a tag or ALL."""
        return (
            selector == ALL
            or selector in self._areas
            or (selector.startswith("tag:") and selector[4:] in self._tags)
            or bool(self.named(selector))
        )

    def codes(self, selector: str) -> frozenset[str]:
        """The codes of the rules that a selector names; none if it names nothing."""
        exact = self.named(selector)
        if exact or is_foreign(selector):
            return frozenset(rule.code for rule in exact)
        return frozenset(rule.code for rule in self.rules if self.specificity(selector, rule))

    def complaint(self, selector: str) -> str:
        """A sentence that says that a selector names nothing, and what may have been meant."""
        try:
            self.require(selector)
        except UnknownRule as error:
            return str(error)
        return ""

    def _words(self) -> list[str]:
        return [*self._names, *self.by_code, *self._areas, *(f"tag:{tag}" for tag in self._tags), ALL]

    def _words_elsewhere(self, selector: str) -> list[str]:
        """The names that the tool has of which a selector speaks; all names if it is none that is known."""
        tool = tool_of(selector)
        return [name for name in self._foreign() if tool_of(name) == tool] or [*self._foreign()]

    def choose(
        self, profile: Profile, select: Sequence[str], ignore: Sequence[str], *, with_tag: str = ""
    ) -> tuple[Rule, ...]:
        """The rules in force; the most specific of the selectors that name a rule wins, then ``ignore``.

        Optional rules of the tag ``with_tag`` count as rules of the profile.
        """
        select, ignore = _distinct(select), _distinct(ignore)
        names = _presets(select)
        wanted_by, unwanted_by = self._exactness(select), self._exactness(ignore, whole=True)
        chosen: list[Rule] = []
        for rule in self.rules:
            presets = [rule.presets.get(name) for name in names] if names else []
            if _is_on(rule, profile, presets, (wanted_by(rule), unwanted_by(rule)), with_tag):
                chosen.append(rule)
        return tuple(chosen)

    def asked(self, profile: Profile, select: Sequence[str], ignore: Sequence[str]) -> Asked:
        """Which findings of the rules in force are asked for, where names of other tools choose some."""
        wanted, ignored = foreign(select), foreign(ignore)
        if not wanted and not ignored:
            return EVERYTHING
        own = self.choose(profile, [item for item in select if item not in wanted], ignore)
        otherwise = {rule.code for rule in own}
        only: dict[str, set[str]] = {}
        for name in wanted:
            for rule in self.named(name):
                if rule.code not in otherwise:
                    only.setdefault(rule.code, set()).add(name)
        cut = {rule.code for name in ignored for rule in self.named(name)}.union(only)
        return Asked({code: frozenset(names) for code, names in only.items()}, ignored, frozenset(cut))

    def on_request(self, chosen: Sequence[Rule], ignore: Sequence[str]) -> tuple[Rule, ...]:
        """The other rules that an annotation of an object, or another tool's settings, may turn on, as nobody
        has put them off."""
        left_out = self._exactness(_distinct(ignore), whole=True)
        in_force = {rule.code for rule in chosen}
        return tuple(
            rule
            for rule in self.rules
            if rule.code not in in_force
            and rule.status is Status.STABLE
            and any(alias.startswith(_WITH_REQUESTS) for alias in rule.aliases)
            and not left_out(rule)
        )

    def with_presets(
        self, select: Sequence[str], options: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Mapping[str, Any]]:
        """Options by rule code, with those that the presets in ``select`` set where ``options`` do not: what
        one of them leaves as it is, no other one takes away."""
        found = dict(options)
        names = _presets(select)
        for rule in self.rules if names else ():
            wanted = [said for name in names if isinstance(said := rule.presets.get(name), Mapping)]
            agreed = wanted[0].items() if wanted else ()
            set_ = {key: value for key, value in agreed if all(said.get(key) == value for said in wanted)}
            if set_:
                found[rule.code] = {**set_, **found.get(rule.code, {})}
        return found

    def _exactness(self, selectors: Sequence[str], *, whole: bool = False) -> Callable[[Rule], int]:
        """How exactly some selectors name a rule at most; configurations may name hundreds of rules.

        Names of other tools name it as a ``whole`` only together.
        """
        elsewhere = foreign(selectors)
        named = {rule.code for item in selectors if (rule := self.find(item)) is not None}
        named |= {
            rule.code
            for item in elsewhere
            for rule in self.named(item)
            if not whole or are_about(elsewhere, rule.aliases, rule.ignored_as)
        }
        wide = [item for item in selectors if not is_foreign(item) and self.find(item) is None]
        if not wide:
            return lambda rule: _EXACT if rule.code in named else _NONE
        return lambda rule: (
            _EXACT if rule.code in named else max(self.specificity(item, rule) for item in wide)
        )

    def specificity(self, selector: str, rule: Rule) -> int:
        """How exactly a selector names a rule: 0 means not at all."""
        if self.find(selector) is rule or (is_foreign(selector) and rule in self.named(selector)):
            return _EXACT
        if selector == rule.area:
            return _AREA
        if selector.startswith("tag:") and selector[4:] in rule.tags:
            return _TAG
        return _ALL if selector == ALL else _NONE


def _is_on(
    rule: Rule, profile: Profile, presets: Sequence[Any], named: tuple[int, int], with_tag: str
) -> bool:
    """Whether a rule is in force that is ``named`` so exactly, by what selects and by what leaves out."""
    wanted, unwanted = named
    if rule.status is Status.PREVIEW:
        return wanted == _EXACT > unwanted
    if rule.profile is Profile.OPTIONAL or rule.status is Status.DEPRECATED:
        if with_tag in rule.tags and rule.status is Status.STABLE:
            return max(wanted, _PROFILE) > unwanted
        is_named = wanted in (_EXACT, _ALL) or any(isinstance(preset, Mapping) for preset in presets)
        return is_named and wanted > unwanted
    if False in presets and wanted in (_PROFILE, _NONE):
        return False
    if rule.profile <= profile:
        wanted = max(wanted, _PROFILE)
    return wanted > unwanted


def _distinct(selectors: Sequence[str]) -> tuple[str, ...]:
    """The selectors without repetitions, each where it stands last, of which only so many can name a rule."""
    return tuple(reversed(dict.fromkeys(reversed(selectors))))


def _presets(select: Sequence[str]) -> list[str]:
    """The names of the presets among some selectors; of two that disagree the later one comes first."""
    start = f"tag:{PRESET}"
    return [item.removeprefix(start) for item in reversed(select) if item.startswith(start)]
