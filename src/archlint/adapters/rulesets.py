"""The rules of a house's ruleset as rules of archlint: each has a code, a page and a check."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import Any

from archlint.checks import Check, Observation, Options, Scope, observe
from archlint.documents import Document, TextFile
from archlint.finding import Confidence, Notice, ObjectRef, Place, Profile, Rule, Severity, Source, Status
from archlint.finding.digest import blake2b
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.rulesets.merging import MergedRule
from archlint.model.rulesets.ruleset import Ruleset
from archlint.model.world import World
from archlint.registry import HOUSE_PROVIDER

AREA = "HOUSE"
_ODD = regex(r"[^\w:.@$/-]++")
_DIGITS = 6
_TOOL = "spectral"
_LIMIT = "limit"
MESSAGES = {
    "default": "{text}",
    _LIMIT: "Rule '{rule}' was not run to its end over {path}: {reason}. Rewrite the rule.",
}
"""What rules of a house say: their own texts, and how far they came."""


@dataclass(frozen=True)
class Judged:
    """The world as the one subject of all rules of a ruleset."""

    source: Source
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> list[Judged]:
        """One subject for the whole world."""
        return [cls(TextFile(""))]


def house_rules(ruleset: Ruleset, taken: Collection[str]) -> list[Rule]:
    """The rules that a ruleset defines; ``taken`` are names that other rules have."""
    codes: set[str] = set()
    rules: list[Rule] = []
    for name in sorted(ruleset.defined):
        code = code_of(name, codes)
        codes.add(code)
        rules.append(_rule(ruleset.defined[name], code, called(name, taken), ruleset))
    return rules


def code_of(name: str, taken: Collection[str]) -> str:
    """A code that is made of the name alone, so that it lasts as long as that; the next free one if two
    names give the same."""
    number = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    while (code := f"{AREA}{number % 10**_DIGITS:0{_DIGITS}}") in taken:
        number += 1
    return code


def called(name: str, taken: Collection[str]) -> str:
    """The name of the house, unless a rule of archlint has it."""
    plain = _ODD.sub("-", name)
    return f"house:{plain}" if plain in taken else plain


def _rule(rule: MergedRule, code: str, name: str, ruleset: Ruleset) -> Rule:
    said = rule.definition
    description = said.get("description")
    description = " ".join(description.split()) if isinstance(description, str) else ""
    is_on = rule.is_enabled and rule.severity is not None
    return Rule(
        code=code,
        name=name,
        title=description or rule.name,
        summary=description,
        severity=rule.severity or Severity.WARNING,
        confidence=Confidence.HIGH,
        profile=Profile.MINIMAL if is_on else Profile.OPTIONAL,
        status=Status.STABLE,
        messages=MESSAGES,
        tags=tuple(dict.fromkeys(("house", *_tags(said)))),
        aliases=(f"{_TOOL}:{rule.name}",),
        provider=HOUSE_PROVIDER,
        text=_page(rule, ruleset),
        help_url=rule.help_url or "",
    )


def _tags(said: dict[str, Any]) -> Iterator[str]:
    tags = said.get("tags")
    yield from (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _page(rule: MergedRule, ruleset: Ruleset) -> str:
    """What ``archlint explain`` shows: what the ruleset says of the rule, and where."""
    said = rule.definition
    written = ruleset.place_of(rule)
    at = f"{written.document.path}:{written.place.span().line}" if written else ruleset.name
    given = said.get("given")
    lines = [f"# {rule.name}", ""]
    if isinstance(said.get("description"), str):
        lines += [said["description"].strip(), ""]
    lines += [f"A rule of this house, defined in {at}. It looks at:", ""]
    lines += [f"    {item}" for item in (given if isinstance(given, list) else [given])]
    functions = [
        f"`{item['function']}`" + (f" of `{item['field']}`" if item.get("field") else "")
        for item in rule.functions
    ]
    lines += ["", f"Judged by {', '.join(functions)}."]
    if rule.help_url:
        lines += ["", f"More: {rule.help_url}"]
    return "\n".join(lines) + "\n"


def not_run(ruleset: Ruleset) -> Iterator[Notice]:
    """One notice for each function that is a program, with the rules that name it."""
    from archlint.model.rulesets.functions import FUNCTIONS

    needed: dict[str, list[str]] = {}
    for name, rule in sorted(ruleset.defined.items()):
        for then in rule.functions:
            if then["function"] not in FUNCTIONS:
                needed.setdefault(then["function"], []).append(name)
    for function, names in sorted(needed.items()):
        which = f"rule {names[0]} is" if len(names) == 1 else f"rules {', '.join(names)} are"
        text = f"function '{function}' is a program, which is not run; {which} not judged by it"
        yield Notice("warning", text, ruleset.name)


def house_checks(rules: Sequence[Rule]) -> dict[str, Check]:
    """The checks of rules of a ruleset, which is the world's, by rule name."""
    batch = _Batch(rules)
    return {rule.name: Check(rule.name, Scope.WORLD, Judged, batch.check(rule)) for rule in rules}


class _Batch:
    """All rules of a ruleset that are in force, run together."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    def check(self, rule: Rule) -> Callable[..., Iterator[Observation]]:
        """The check of one of them."""
        name = _house_name(rule)

        def judge(subject: Judged, world: World, options: Options) -> Iterator[Observation]:
            yield from world.fact(self.said).get(name, ())

        return judge

    def said(self, world: World) -> dict[str, list[Observation]]:
        """What each rule says of the documents of a world."""
        if world.ruleset is None:
            return {}
        from archlint.model.rulesets.judging import HouseRun, UnfinishedRule

        names = {_house_name(rule) for rule in self._rules}
        forced = {_house_name(rule) for rule in self._rules if rule.profile is Profile.OPTIONAL}
        found: dict[str, list[Observation]] = {}
        undecided: dict[str, UnfinishedRule] = {}
        object_of = cache(contract_of)
        for said in HouseRun(world.ruleset, names, forced).over(world):
            if isinstance(said, UnfinishedRule):
                undecided.setdefault(said.rule.name, said)
            else:
                found.setdefault(said.rule.name, []).append(_observation(said, object_of))
        for name, each in undecided.items():
            found.setdefault(name, []).append(unfinished(each.at.value_place, name, each.path, each.reason))
        return found


def _house_name(rule: Rule) -> str:
    return rule.aliases[0].removeprefix(f"{_TOOL}:")


def _observation(said: Any, object_of: Callable[[Any], ObjectRef | None]) -> Observation:
    node = said.node
    is_scalar = node.exists and not node.is_map and not node.is_list and not said.is_key
    place = node.value_place() if is_scalar else node.place()
    return observe(
        place,
        object=object_of(node.document),
        severity=said.severity,
        related=led_by(said.document, node.document),
        text=said.text,
        element=pointer_of((*node.route, *said.missing)),
    )


def led_by(document: Document, other: Document) -> Sequence[tuple[Place, str]]:
    """The document that a rule looks at, where that leads to another one."""
    return () if document is other else ((document.root.place(), "the document that leads here"),)


def contract_of(document: Any) -> ObjectRef | None:
    """The contract that a document is."""
    root = document.root
    title = root.get("info", "title").text or ""
    if root.get("openapi").exists or root.get("swagger").exists:
        return ObjectRef("OpenAPI", title)
    return ObjectRef("AsyncAPI", title) if root.get("asyncapi").exists else None


def unfinished(at: Place, name: str, path: str, reason: str) -> Observation:
    """What is told of a rule that was not run to its end over a file."""
    return observe(at, _LIMIT, identity=(name,), rule=name, path=path, reason=reason)
