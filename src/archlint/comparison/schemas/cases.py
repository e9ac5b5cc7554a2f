"""One case of looking for a value of one type: conditions that are certain, and choices that are
still open."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archlint.comparison.schemas.clauses import Item, Option, Shape, Signed, clauses
from archlint.comparison.schemas.facts import Facts
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.options import Apart, options
from archlint.comparison.schemas.schema import Schema
from archlint.finding.records import dataclass


@dataclass(frozen=True)
class Choice:
    """One of the options has to hold; ``source`` is the signed item that says so."""

    source: Signed
    options: tuple[Option, ...]


Refute = Callable[[bytes, bool, Callable[[object], "bool | None"]], bool]


@dataclass(frozen=True)
class Setting:
    """What is the same for all cases of one search."""

    kind: str
    loose: bool
    apart: Apart
    spend: Callable[[int], None]
    """Is told how much work was done."""
    refute: Refute | None = None
    """Whether what is assumed of pairs of schemas contradicts one more schema, given the signs of others."""
    question: frozenset[bytes] = frozenset()
    """The keys of the schemas that are asked about."""


class Case:
    """The state of one case. ``learn`` adds to it; ``fork`` makes a case of its own."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.seen: dict[object, bool] = {}
        """Whether each item that was met is to be fulfilled or violated."""
        self.members: set[tuple[str, bytes]] = set()
        """Names of members with the keys of schemas that they fulfil."""
        self.literals: list[Signed] = []
        self.choices: list[Choice] = []
        self.closed = False

    def fork(self, without: Choice) -> Case:
        """A copy without one choice."""
        made = Case(self.setting)
        made.seen = dict(self.seen)
        made.members = set(self.members)
        made.literals = list(self.literals)
        made.choices = [choice for choice in self.choices if choice is not without]
        made.closed = self.closed
        return made

    def learn(self, signed: Iterable[Signed]) -> bool:
        """Add signed items and all that follows at once; ``False`` if they contradict what is known."""
        waiting = list(signed)
        while waiting:
            sign, item = waiting.pop()
            if item.kind == "schema":
                if not self._learn_schema(sign, item, waiting):
                    return False
                continue
            known = self.seen.get(item.key)
            if known is not None:
                if known is not sign:
                    return False
                continue
            self.seen[item.key] = sign
            if not self._learn_item(sign, item, waiting):
                return False
        return True

    def _learn_schema(self, sign: bool, item: Item, waiting: list[Signed]) -> bool:
        schema: Schema = item.value
        known = self.seen.get(item.key)
        if known is not None:
            return known is sign
        self.seen[item.key] = sign
        if schema.base is not None:
            self.closed = True
            if self.seen.setdefault(key(schema.base), True) is False:
                return False
        if self.setting.refute is not None and self.setting.refute(item.key, sign, self.seen.get):
            return False
        found = clauses(schema, self.setting.kind, self.setting.loose)
        if sign:
            if found is None:
                return False
            waiting.extend((True, part) for part in found)
            return True
        return found is None or self._choose((False, item), waiting)

    def _learn_item(self, sign: bool, item: Item, waiting: list[Signed]) -> bool:
        if item.kind == "shape" and sign:
            shape: Shape = item.value
            self.members.update((name, key(child.plain)) for name, child in shape.named.items())
        return self._choose((sign, item), waiting)

    def _choose(self, source: Signed, waiting: list[Signed]) -> bool:
        """Keep a choice, or follow it at once if there is only one option."""
        setting = self.setting
        found = options(*source, setting.kind, setting.apart, setting.loose)
        setting.spend(len(found or ()) // 8)
        if found is None:
            self.literals.append(source)
            return True
        if len(found) == 1:
            waiting.extend(found[0])
            return True
        if found:
            self.choices.append(Choice(source, tuple(found)))
        return bool(found)

    def settle(self) -> bool:
        """Drop options that cannot be, and follow choices with one left; ``False``: a contradiction."""
        changed = True
        while changed:
            changed = False
            self.setting.spend(sum(len(choice.options) for choice in self.choices) // 32)
            for choice in list(self.choices):
                left = tuple(option for option in choice.options if not self._refuted(option))
                if len(left) == len(choice.options):
                    continue
                if not left:
                    return False
                self.choices.remove(choice)
                if len(left) == 1:
                    if not self.learn(left[0]):
                        return False
                    changed = True
                else:
                    self.choices.append(Choice(choice.source, left))
        return True

    def _refuted(self, option: Option) -> bool:
        return any(self._is_wrong(sign, item) for sign, item in option)

    def _is_wrong(self, sign: bool, item: Item) -> bool:
        known = self.seen.get(item.key)
        if known is not None:
            return known is not sign
        if item.kind == "value" and not sign:
            name, schema = item.value
            return (name, key(schema.plain)) in self.members or self.seen.get(("required", name)) is False
        if item.kind == "schema":
            schema = item.value
            if schema.base is not None and self.seen.get(key(schema.base)) is False:
                return True
            found = clauses(schema, self.setting.kind, self.setting.loose)
            return found is None if sign else found == ()
        return False

    def facts(self) -> Facts:
        """The conditions for a theory."""
        maybe: list[Schema] = []
        if self.closed:
            for choice in self.choices:
                sign, item = choice.source
                if sign and item.kind in ("any", "one", "if"):
                    maybe.extend(schema for schema in item.value if schema.base is not None)
                elif sign and item.kind == "dependent" and item.value[1].base is not None:
                    maybe.append(item.value[1])
        return Facts(self.literals, maybe, self.closed and self.setting.kind == "object")
