"""Who sends and who receives, by the calls of client libraries in source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archlint.finding import Confidence, Place
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.messaging.call_forms import FORMS, CallForm
from archlint.model.messaging.expressions import Expressions, TopicName, pattern_of
from archlint.model.messaging.topics import KAFKA, Form, TopicUse
from archlint.model.services.configuration import configuration
from archlint.model.services.references import variables_of
from archlint.model.sources.arguments import Given, Stretch, given
from archlint.model.sources.literals import QUOTED, REST
from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.system.folders import SourceFolder
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World

_BEFORE_DOT = regex(r"(?<!\s)\s++(?=\.|->|\?\.|!!\.)|(?<=\.)\s++")
_BETWEEN = regex(r"[\s;{}=,&|]")
_REACH = 100
_PACKAGE = regex(r"(?m)^[ \t]*package[ \t]+([\w.]++)")
_TRAM_AGGREGATE = regex(r"\bAbstractAggregateDomainEventPublisher\s*<\s*(\w++)")
_TRAM_PUBLISHED = regex(
    rf"\b\w*[pP]ublisher\s*\.\s*publish\(\s*(?:(\w++)(?:\.class|::class\.java)|({QUOTED}{REST}*+))"
)
_LONGEST_TEXT = 120


def source_uses(world: World) -> Iterator[TopicUse]:
    """Every use that stands in the source of a folder that is built."""
    found = world.fact(source_files)
    reader = _Reader(world, Expressions(found))
    for unit, file in found.messaging():
        yield from reader.calls(unit, file)
        if "eventuate" in file.text.lower():
            yield from reader.aggregates(unit, file)


class _Reader:
    def __init__(self, world: World, expressions: Expressions) -> None:
        self._world = world
        self._expressions = expressions
        self._parties: Parties = world.fact(parties)
        self._given: dict[str, dict[str, list[tuple[str, Place]]]] = {}

    def calls(self, unit: SourceFolder, file: SourceFile) -> Iterator[TopicUse]:
        """The uses that calls of a file show."""
        lower = file.text.lower()
        forms = [form for form in _forms_of(file.language.name) if any(map(lower.__contains__, form.markers))]
        if not forms:
            return
        by_name: dict[tuple[str, str], list[CallForm]] = {}
        for form in forms:
            by_name.setdefault((form.name, form.opener), []).append(form)
        called = _called(frozenset(by_name))
        for match in called.finditer(file.code.plain) if called.search(file.text) else ():
            opener = file.code.plain[match.end() - 1]
            fitting = [
                form
                for form in by_name.get((match[1], opener), ())
                if self._is_received(form, file, match.start(1))
            ]
            if fitting:
                arguments = given(file, match.end() - 1)
                found = (use for form in fitting for use in self._uses(unit, form, arguments))
                yield from {(use.place, use.topic): use for use in found}.values()

    def _is_received(self, form: CallForm, file: SourceFile, at: int) -> bool:
        if not form.receivers:
            return True
        before = _BEFORE_DOT.sub("", file.code.plain[max(0, at - _REACH) : at])
        on = _BETWEEN.split(before)[-1].lower()
        return any(word in on for word in form.receivers)

    def _uses(self, unit: SourceFolder, form: CallForm, arguments: Given) -> Iterator[TopicUse]:
        if len(arguments.listed) + len(arguments.named) < form.least or not _begins_with(
            form.first, arguments
        ):
            return
        exchange = _first(arguments, form.exchange)
        if exchange is not None:
            names = self._expressions.names(exchange)
            if any(name.text or name.variable for name in names):
                yield from self._told(unit, form, exchange, names, Form.EXCHANGE)
                return
            if not _is_empty(exchange):
                return
        chosen = _first(arguments, form.topic)
        if chosen is None:
            return
        more = arguments.listed[1:] if form.takes_rest else ()
        for what in (chosen, *more):
            yield from self._told(unit, form, what, self._expressions.names(what), form.form)

    def _told(
        self, unit: SourceFolder, form: CallForm, what: Stretch, names: tuple[TopicName, ...], kind: Form
    ) -> Iterator[TopicUse]:
        for name in names:
            for meant in self._meant(unit, pattern_of(name) if form.is_pattern else name):
                if meant.text or meant.is_pattern:
                    yield TopicUse(
                        unit,
                        form.protocol,
                        meant.text,
                        form.sends,
                        what.file.place(what.start, what.end),
                        _line(what),
                        Confidence.HIGH,
                        kind,
                        is_pattern=meant.is_pattern,
                        named_at=meant.place,
                    )

    def _meant(self, unit: SourceFolder, name: TopicName) -> Iterator[TopicName]:
        """The name; of a variable what the folder's parties are given for it, else the default."""
        values = self._variables(unit).get(name.variable, ()) if name.variable else ()
        seen: set[str] = set()
        for text, place in values:
            if text and text not in seen:
                seen.add(text)
                yield TopicName(text, place, variable=name.variable)
        if not seen:
            yield name

    def _variables(self, unit: SourceFolder) -> dict[str, list[tuple[str, Place]]]:
        if unit.path not in self._given:
            found: dict[str, list[tuple[str, Place]]] = {}
            for party in self._parties.of(unit):
                known = self._world.fact(configuration)
                for workload in party.service.workloads if party.service else ():
                    for container in workload.containers:
                        for variable in variables_of(container, known):
                            found.setdefault(variable.name, []).append(
                                (variable.value, variable.node.value_place())
                            )
                for composed in party.composed:
                    for item in _composed(composed):
                        found.setdefault(item[0], []).append(item[1])
            self._given[unit.path] = found
        return self._given[unit.path]

    def aggregates(self, unit: SourceFolder, file: SourceFile) -> Iterator[TopicUse]:
        """The events that Eventuate Tram sends by the full name of the class that they are about."""
        plain = file.code.plain
        for match in (*_TRAM_AGGREGATE.finditer(plain), *_TRAM_PUBLISHED.finditer(plain)):
            what = Stretch(file, match.start(match.lastindex or 0), match.end(match.lastindex or 0))
            if match.lastindex == 2:
                literal = file.code.literal_at(what.start)
                topic = literal.text if literal else ""
            else:
                topic = _full_name(file, match[1])
            if topic:
                yield TopicUse(
                    unit, KAFKA, topic, True, file.place(what.start, what.end), _line(what), Confidence.HIGH
                )


def _composed(service: ComposeService) -> Iterator[tuple[str, tuple[str, Place]]]:
    for variable in service.variables:
        if variable.value.is_known:
            yield variable.name, (variable.text, variable.place)


def _first(arguments: Given, which: tuple[int | str, ...]) -> Stretch | None:
    return next((found for item in which if (found := arguments.get(item)) is not None), None)


def _begins_with(name: str, arguments: Given) -> bool:
    """Whether the first argument ends with a name, if one is asked for."""
    first = arguments.get(0) if name else None
    return not name or (
        first is not None and first.file.code.plain[first.start : first.end].rstrip().endswith(name)
    )


def _is_empty(what: Stretch) -> bool:
    """Whether an exchange is the default one, which leads to the queue that the routing key names."""
    literal = what.file.code.literal_at(what.start)
    return literal is not None and not literal.text and literal.end == what.end


def _line(what: Stretch) -> str:
    """The line of source that a use stands in."""
    line = what.file.code.lines.lines(what.file.code.lines.position(what.start)[0]).strip()
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def _full_name(file: SourceFile, name: str) -> str:
    """The full name of a class: as it is imported, else of the file's own package."""
    imported = re.search(rf"(?m)^[ \t]*import[ \t]+([\w.]+\.{name})\b", file.code.plain)
    if imported:
        return imported[1]
    package = _PACKAGE.search(file.code.plain)
    return f"{package[1]}.{name}" if package else ""


@cache
def _forms_of(language: str) -> tuple[CallForm, ...]:
    return tuple(form for form in FORMS if not form.languages or language in form.languages.split())


@cache
def _called(names: frozenset[tuple[str, str]]) -> re.Pattern[str]:
    """Matches the calls of some names, up to their bracket."""
    words = "|".join(sorted((re.escape(name) for name, _ in names), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\w$@])({words})(?:\s{{0,3}}<[\w\s.,?<>\[\]]{{0,80}}>)?\s{{0,3}}[({{]")
