"""Matching rules of Pact files: which rule is in force for which part of a message.

Versions 3 and 4 keep rules by category (``body``, ``header``, ``query``, ``path``, ``status``), version 2 in
one map whose paths begin with the category. A path is ``$``, followed by names and positions, of which ``*``
means any. For a part of a body the rule with the greatest weight counts: two for each step that is named and
one for each ``*``, multiplied, and longer paths before shorter ones. A rule holds for all below, too, unless
it is about the keys and items of one value alone.

Source: Pact Specification, versions 2 to 4, "Matching rules" and "Matcher path expressions".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

Step = str | int
ANY = "*"
_LONGEST = 2_000
_MOST = 5_000
_STEP = regex(
    r"""\.(?P<name>[^.\[\]]++)|\[(?P<at>\d{1,6}+)\]|\[(?P<any>\*)\]"""
    r"""|\['(?P<single>(?:[^'\\]|\\.)*+)'\]|\["(?P<double>(?:[^"\\]|\\.)*+)"\]"""
)
_ALONE = frozenset(("values", "eachKey", "eachValue", "arrayContains", "notEmpty", "contentType"))
"""Matchers about the keys and items of one value, which say nothing of what is below."""
_HEADERS = ("header", "headers")


@dataclass(frozen=True, slots=True)
class Matchers:
    """What a rule says: one matcher or several, of which all have to hold, or any."""

    each: tuple[Mapping[str, Any], ...]
    is_any: bool = False

    @property
    def cascades(self) -> bool:
        """Whether they hold for what is below, too."""
        return not any(matcher.get("match") in _ALONE for matcher in self.each)

    def named(self, name: str) -> Mapping[str, Any] | None:
        """The first matcher of a name."""
        return next((matcher for matcher in self.each if matcher.get("match") == name), None)


class _Branch:
    """Rules whose paths begin alike."""

    __slots__ = ("below", "depth", "rule")

    def __init__(self, depth: int) -> None:
        self.below: dict[Step, _Branch] = {}
        self.depth = depth
        self.rule: Matchers | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """A part of a message, with the rules that its path has led along."""

    ahead: tuple[tuple[_Branch, int], ...]
    """The branches that fit so far, each with its weight."""
    best: Matchers | None = None
    is_own: bool = False
    """Whether the rule is about this very part, and not about one around it."""
    rank: tuple[int, int] = (0, 0)

    def below(self, step: Step) -> Reach:
        """The part one step further."""
        ahead: list[tuple[_Branch, int]] = []
        for branch, weight in self.ahead:
            for wanted, factor in ((step, 2), (ANY, 1)):
                found = branch.below.get(wanted)
                if found is not None:
                    ahead.append((found, weight * factor))
        inherited = self.best if self.best is not None and self.best.cascades else None
        return _ranked(tuple(ahead), inherited, self.rank if inherited else (0, 0))


def _ranked(
    ahead: tuple[tuple[_Branch, int], ...], inherited: Matchers | None, rank: tuple[int, int]
) -> Reach:
    best, is_own = inherited, False
    for branch, weight in ahead:
        mine = (weight * branch.depth, branch.depth)
        if branch.rule is not None and mine >= rank:
            best, is_own, rank = branch.rule, True, mine
    return Reach(ahead, best, is_own, rank)


class MatchingRules:
    """The rules of a request, a response or a message, by category."""

    def __init__(self, node: Node) -> None:
        self._roots: dict[str, _Branch] = {}
        self._left = _MOST
        for key, rules in node.items():
            if key.startswith("$"):
                self._add_old(key, rules)
            elif _matchers(rules) is not None:
                self._put(key, (), rules)
            else:
                for path, rule in rules.items():
                    self._add(_category(key), path, rule)

    @classmethod
    def of_variant(cls, rules: Node) -> Reach:
        """The rules of a variant of ``arrayContains``, whose paths begin at the item."""
        found = cls(Node(rules.document, (), {}))
        for path, rule in rules.items():
            found._put("body", steps_of_path(path), rule)
        return found.of("body")

    def of(self, category: str) -> Reach:
        """The whole of a category, from which its parts are reached."""
        root = self._roots.get(category)
        return Reach(()) if root is None else _ranked(((root, 2),), None, (0, 0))

    def each(self, category: str) -> Iterator[tuple[tuple[Step, ...], Matchers]]:
        """Every rule of a category with its path."""
        root = self._roots.get(category)
        waiting: list[tuple[tuple[Step, ...], _Branch]] = [] if root is None else [((), root)]
        while waiting:
            steps, branch = waiting.pop()
            if branch.rule is not None:
                yield steps, branch.rule
            waiting.extend(((*steps, step), below) for step, below in reversed(branch.below.items()))

    def _add(self, category: str, path: str, rule: Node) -> None:
        if path.startswith("$"):
            steps = steps_of_path(path)
            if steps is not None and steps[:1] == (category,) and category != "body":
                steps = steps[1:]
            self._put(category, steps, rule)
        else:
            self._put(category, (path,), rule)

    def _add_old(self, key: str, rule: Node) -> None:
        """A rule of version 2, whose path begins with what it is about."""
        steps = steps_of_path(key)
        if steps:
            self._put(_category(str(steps[0])), steps[1:], rule)

    def _put(self, category: str, steps: tuple[Step, ...] | None, rule: Node) -> None:
        found = _matchers(rule)
        if steps is None or found is None or self._left <= 0:
            return
        self._left -= 1 + len(steps)
        branch = self._roots.setdefault(category, _Branch(1))
        for step in steps:
            branch = branch.below.setdefault(step, _Branch(branch.depth + 1))
        branch.rule = found


def _category(name: str) -> str:
    return "header" if name in _HEADERS else name


def _matchers(node: Node) -> Matchers | None:
    """What a rule says, in the form of any version; ``None`` if it is none."""
    listed = node.get("matchers")
    if listed.is_list:
        each = tuple(item.value for item in listed.elements() if _is_matcher(item))
        return Matchers(each, node.get("combine").text == "OR")
    if node.get("match").text is not None:
        return Matchers((node.value,))
    bounds = {name: node.value[name] for name in ("min", "max") if node.get(name).integer is not None}
    if bounds:  # version 2 leaves out the name where only a bound is given
        return Matchers(({"match": "type", **bounds},))
    if node.get("regex").text is not None:
        return Matchers(({"match": "regex", "regex": node.value["regex"]},))
    return None


def _is_matcher(node: Node) -> bool:
    name = node.get("match")
    return node.is_map and (name.text is not None or not name.exists)


def steps_of_path(text: str) -> tuple[Step, ...] | None:
    """The steps of a path that begins with ``$``; ``None`` if it cannot be read."""
    return None if len(text) > _LONGEST or not text.startswith("$") else _steps(text)


def _steps(text: str) -> tuple[Step, ...] | None:
    steps: list[Step] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found["at"] is not None:
            steps.append(int(found["at"]))
        elif found["any"] is not None:
            steps.append(ANY)
        else:
            quoted = found["single"] if found["single"] is not None else found["double"]
            steps.append(found["name"] if quoted is None else quoted.replace("\\'", "'").replace('\\"', '"'))
    return tuple(steps)
