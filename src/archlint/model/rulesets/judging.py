"""Runs the rules of a house's ruleset over documents, as Spectral does.

Each rule chooses values by JSONPath, in the document as it is written or with its references followed, and
hands each to functions. What these say is told where the value is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route, Severity
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.model.openapi.references import References
from archlint.model.rulesets.fields import KEYS, keys_of, steps_of_field, value_at
from archlint.model.rulesets.formats import SCHEMA_FORMATS, formats_of, named_format
from archlint.model.rulesets.functions import FUNCTIONS, FunctionContext
from archlint.model.rulesets.jsonpath import Match, Path, PathError, PathLimit, compile_path, matches_of_all
from archlint.model.rulesets.layers import WrittenAt
from archlint.model.rulesets.merging import AliasFault, MergedRule
from archlint.model.rulesets.patterns import PatternError, PatternLimit
from archlint.model.rulesets.resolving import Origin, ResolvedDocument
from archlint.model.rulesets.ruleset import Ruleset, Variant
from archlint.model.rulesets.values import UNDEFINED
from archlint.model.rulesets.wording import dotted_property, worded
from archlint.model.world import World

_UNQUOTED = "-_.!~*'()/"
MOST_VALUES = 1_000_000
"""Values that are handed to one function, those behind references counted as often as they are met."""


@dataclass(frozen=True, eq=False)
class Said:
    """What a rule says of a value."""

    rule: MergedRule
    document: Document
    """The document that was looked at."""
    node: Node
    """What is said to be wrong, which may stand in another file; what should have it if it is missing."""
    missing: Route
    """The steps from there to what is missing."""
    text: str
    severity: Severity
    is_key: bool


@dataclass(frozen=True, eq=False)
class UnfinishedRule:
    """A rule that could not be run to its end over a document."""

    rule: MergedRule
    at: WrittenAt
    path: str
    reason: str


def judged_paths(world: World, ruleset: Ruleset) -> Sequence[str]:
    """Contracts, schemas, and what a user names together with a ruleset."""
    paths = world.paths(Kind.OPENAPI, Kind.ASYNCAPI, Kind.JSON_SCHEMA)
    return sorted({*paths, *world.named}) if ruleset.is_named else paths


def judged_documents(world: World, ruleset: Ruleset) -> Iterator[Document]:
    """The documents that rules look at."""
    for path in judged_paths(world, ruleset):
        yield from world.loaded(path).documents[:1]


class HouseRun:
    """Runs some rules of a ruleset over the documents of a world."""

    def __init__(self, ruleset: Ruleset, names: Collection[str], forced: Collection[str]) -> None:
        """``names`` are the rules to run, ``forced`` those of them that the ruleset has off."""
        self._ruleset = ruleset
        self._names = names
        self._forced = forced
        self._paths: dict[str, Path | PathError] = {}

    def over(self, world: World) -> list[Said | UnfinishedRule]:
        """What the rules say, each thing once."""
        references = world.fact(References)
        found: list[Said | UnfinishedRule] = []
        for document in judged_documents(world, self._ruleset):
            found += self._over_document(document, references, world)
        return found

    def _over_document(
        self, document: Document, references: References, world: World
    ) -> Iterator[Said | UnfinishedRule]:
        formats = formats_of(document.data)
        variant = self._ruleset.variant(document.path)
        is_contract = world.kinds.get(document.path) in (Kind.OPENAPI, Kind.ASYNCAPI)
        rules = [
            rule
            for rule in variant.rules.values()
            if self._is_run(rule, variant) and _is_about(rule, formats, is_contract or self._ruleset.is_named)
        ]
        if not rules:
            return
        run = _DocumentRun(document, ResolvedDocument(document, references), variant, formats)
        seen = variant.formats & formats
        for is_resolved in (True, False):
            asked: list[tuple[MergedRule, Path]] = []
            for rule in rules:
                if rule.is_resolved is is_resolved:
                    yield from self._asked(rule, seen, document, asked)
            yield from self._told(asked, run, is_resolved)

    def _is_run(self, rule: MergedRule, variant: Variant) -> bool:
        is_wanted = rule.name in self._names and rule.is_defined
        return is_wanted and (variant.is_on(rule) or rule.name in self._forced)

    def _asked(
        self,
        rule: MergedRule,
        formats: Collection[str],
        document: Document,
        asked: list[tuple[MergedRule, Path]],
    ) -> Iterator[UnfinishedRule]:
        """Add the paths of a rule to what is asked of a document; those that cannot be are undecided."""
        try:
            expressions = rule.expressions(sorted(formats))
        except AliasFault as fault:
            yield self._undecided(rule, document, str(fault))
            return
        for text in dict.fromkeys(expressions):
            path = self._path(text)
            if isinstance(path, PathError):
                yield self._undecided(rule, document, f"'{text}' cannot be followed: {path.message}")
            else:
                asked.append((rule, path))

    def _told(
        self, asked: Sequence[tuple[MergedRule, Path]], run: _DocumentRun, is_resolved: bool
    ) -> list[Said | UnfinishedRule]:
        """What rules say of what their paths choose: in one walk, or one by one if that is too long."""
        told: list[Said | UnfinishedRule] = []
        if not asked:
            return told
        by_path: dict[Path, list[MergedRule]] = {}
        for rule, path in asked:
            by_path.setdefault(path, []).append(rule)
        paths = list(by_path)
        try:
            matches = list(matches_of_all(paths, run.data(is_resolved), once=is_resolved))
        except PathLimit as limit:
            matches = []
            for at, path in enumerate(paths):
                try:
                    found = matches_of_all([path], run.data(is_resolved), once=is_resolved)
                    matches += [(at, match) for _, match in found]
                except PathLimit:
                    told += [self._undecided(rule, run.document, str(limit)) for rule in by_path[path]]
        stopped: set[str] = set()
        asked_of = [[(rule, _demands(rule)) for rule in by_path[path]] for path in paths]
        for at, match in matches:
            for rule, demands in asked_of[at]:
                if rule.name in stopped:
                    continue
                try:
                    run.ask(rule, demands, match, is_resolved, told)
                except (PathError, PathLimit, PatternError, PatternLimit) as limit:
                    stopped.add(rule.name)  # it would be met again and again
                    told.append(self._undecided(rule, run.document, str(limit)))
        return told

    def _undecided(self, rule: MergedRule, document: Document, reason: str) -> UnfinishedRule:
        place = self._ruleset.place_of(rule) or WrittenAt(document, ())
        return UnfinishedRule(rule, place.below("given"), document.path, reason)

    def _path(self, text: str) -> Path | PathError:
        if text not in self._paths:
            try:
                self._paths[text] = compile_path(text)
            except PathError as error:
                self._paths[text] = error
        return self._paths[text]


def _is_about(rule: MergedRule, formats: Collection[str], takes_all: bool) -> bool:
    """Whether a rule looks at a document: one without formats looks at contracts, and at what is named."""
    if rule.formats is None:
        return takes_all
    named = {named_format(name) for name in rule.formats}
    return not named.isdisjoint(formats if takes_all else SCHEMA_FORMATS.intersection(formats))


class _DocumentRun:
    """One document, as rules look at it."""

    def __init__(
        self, document: Document, resolved: ResolvedDocument, variant: Variant, formats: Collection[str]
    ) -> None:
        self.document = document
        self._resolved = resolved
        self._variant = variant
        self._formats = formats
        self._told: set[tuple[str, Document, Route, str]] = set()
        self._context = FunctionContext((), formats, self._referenced)
        """Where functions looked last: many rules look at one value."""

    def data(self, is_resolved: bool) -> Any:
        """The document with its references followed, or as it is written."""
        return self._resolved.data if is_resolved else self.document.data

    def ask(
        self,
        rule: MergedRule,
        demands: Sequence[_Demand],
        match: Match,
        is_resolved: bool,
        told: list[Said | UnfinishedRule],
    ) -> None:
        """Add what a rule says of a value; what it said before it came to a limit counts."""
        for demand in demands:
            for below, target in demand.targets(match.value):
                here = (*match.route, *below) if below else match.route
                if demand.is_schema and self._resolved.size(target, MOST_VALUES) >= MOST_VALUES:
                    raise PathLimit(f"there are more than {MOST_VALUES} values behind its references")
                if self._context.route is not here:
                    self._context = FunctionContext(here, self._formats, self._referenced)
                for result in demand.function(target, demand.options, self._context):
                    is_key = match.is_key or demand.field == KEYS
                    route = here if result.route is None else result.route
                    said = self._said(rule, route, result.message, is_key, is_resolved)
                    if said is not None:
                        told.append(said)

    def _referenced(self) -> frozenset[str]:
        return self._resolved.referenced

    def _said(
        self, rule: MergedRule, route: Route, message: str, is_key: bool, is_resolved: bool
    ) -> Said | None:
        origin = self._resolved.origin(route) if is_resolved else _origin(self.document, route)
        node = origin.node
        severity = self._variant.severity(rule, node.document.path, node.route) or (
            None if self._variant.is_on(rule) else Severity.WARNING
        )
        if severity is None:
            return None
        text = _text(rule, origin, message)
        key = (rule.name, node.document, node.route, text)
        if key in self._told:
            return None
        self._told.add(key)
        return Said(rule, self.document, node, origin.missing, text, severity, is_key)


def _origin(document: Document, route: Route) -> Origin:
    """Where an element is written, in a document whose references are not followed."""
    here = document.existing(route)
    return Origin(document.at(here), tuple(route[len(here) :]))


class _Demand:
    """One function of a rule, with what of each value it gets."""

    def __init__(self, then: Mapping[str, Any]) -> None:
        self.function = FUNCTIONS[then["function"]]
        self.options = then.get("functionOptions")
        self.is_schema = then["function"] == "schema"
        field = then.get("field")
        self.field = field if isinstance(field, str) else None
        self._steps = steps_of_field(field) if isinstance(field, str) else ()

    def targets(self, value: Any) -> Iterable[tuple[Route, Any]]:
        """What of a value the function gets, with the way to it."""
        field = self.field
        if field is None or not isinstance(value, (dict, list)):
            return (((), value),)
        if isinstance(value, dict) and field in value and field != KEYS:
            return ((self._steps, value[field]),)
        if field == KEYS:
            return [((key,), key) for key in keys_of(value)] or [((), UNDEFINED)]
        if field.startswith("$"):
            found = [(match.route, match.value) for match in compile_path(field).matches(value)]
            return found or [((), UNDEFINED)]
        is_there, target = value_at(value, self._steps)
        return ((self._steps, target if is_there else UNDEFINED),)


def _demands(rule: MergedRule) -> list[_Demand]:
    """What a rule asks of each value, as far as it is run."""
    return [_Demand(then) for then in rule.functions if then["function"] in FUNCTIONS]


def _text(rule: MergedRule, origin: Origin, message: str) -> str:
    """The message of a rule, with what its placeholders stand for here."""
    route = origin.node.route
    if origin.missing:
        missing = (*route, *origin.missing)
        name = dotted_property(missing[max(len(route) - 1, 0) if route else -1 :])
    else:
        name = str(route[-1]) if route else ""
    words = {
        "property": name,
        "error": message,
        "description": rule.definition.get("description"),
        "value": origin.node.value if origin.node.exists else UNDEFINED,
    }
    stated = rule.definition.get("message")
    if "path" in message or (isinstance(stated, str) and "path" in stated):
        words["path"] = f"#{quote(pointer_of(route), safe=_UNQUOTED)}"
    error = words["error"] = worded(message, words)
    if isinstance(stated, str):
        return worded(stated, words).strip()
    description = rule.definition.get("description")
    return description.strip() if isinstance(description, str) else error.strip()
