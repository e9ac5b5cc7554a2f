"""Messages that senders and receivers agree on by a type or a pattern, and not by the name of a topic.

Sources: MassTransit (``IConsumer<T>``, ``Publish``), NServiceBus and Rebus (``IHandleMessages<T>``), EasyNetQ
(``Subscribe<T>``), CAP (``CapSubscribe``), NestJS microservices (``@EventPattern``, ``emit``). Such a message
counts where both ends stand in the repository, in two programs: one end alone is often a call in the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from archlint.finding import Confidence
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.messaging.expressions import Expressions
from archlint.model.messaging.topics import TopicUse
from archlint.model.sources.arguments import Stretch, given
from archlint.model.sources.literals import QUOTED, REST
from archlint.model.sources.reading import SourceFile, source_files
from archlint.model.system.folders import SourceFolder
from archlint.model.world import World

_TYPE = r"\s{0,9}([A-Za-z_]\w*)\s{0,9}"
_HANDLED = regex(
    rf"[:,]\s{{0,20}}I(?:Consumer|HandleMessages|AmStartedByMessages|IntegrationEventHandler)<{_TYPE}>"
    rf"|\.(?:Subscribe|SubscribeAsync|AddSubscription)<{_TYPE}[,>]"
)
_SENT = regex(
    rf"\.\s{{0,40}}(?:Publish|Send)(?:Async)?(?:<{_TYPE}>)?"
    r"\(\s{0,40}+(?![A-Za-z_]\w{0,40}\s{0,9}=>)(?:new\s{1,9}([A-Za-z_]\w*)|([A-Za-z_]\w*)\s{0,9}[,)])?"
)
_OF_CAP = regex(
    rf"\[\s{{0,9}}(?P<takes>CapSubscribe)\(\s{{0,9}}({QUOTED}{REST}*+)"
    rf"|\.\s{{0,40}}Publish(?:Async)?(?:<[^<>()]{{0,80}}>)?\(\s{{0,40}}({QUOTED}{REST}*+)"
)
_MADE = regex(rf"new\s{{1,9}}([A-Za-z_]\w*)|<{_TYPE}>\s{{0,9}}\(")
_NEST = ("@nestjs/microservices", "ClientProxy", "ClientKafka", "EventPattern")
_OF_NEST = regex(
    r"@(?P<takes>EventPattern)\("
    r"|\b\w{0,40}(?i:client|proxy|service|kafka|broker)\w{0,20}\s{0,9}\.\s{0,40}emit(?:<[^()]{0,80}>)?\("
)
_REACH = 3_000
_LONGEST_LINE = 120
_MOST_SENT = 300
"""Calls of one file that are looked at."""


@dataclass(frozen=True)
class _End:
    unit: SourceFolder
    message: str
    sends: bool
    file: SourceFile
    start: int
    end: int


def agreed_uses(world: World) -> Iterator[TopicUse]:
    """Both ends of every message that some folder sends and another one handles."""
    found = world.fact(source_files)
    expressions = Expressions(found)
    ends: list[_End] = []
    for unit, file in found.messaging():
        if file.language.name == "csharp":
            ends += _in_csharp(unit, file)
        elif file.language.name in ("typescript", "javascript") and any(map(file.text.__contains__, _NEST)):
            ends += _in_nest(unit, file, expressions)
    paths: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for end in ends:
        paths[end.message, end.sends].add(end.unit.path)
    names = {name for name, sends in paths if sends and (name, False) in paths}
    agreed = {name for name in names if len(paths[name, True] | paths[name, False]) > 1}
    for end in ends:
        if end.message in agreed:
            place = end.file.place(end.start, end.end)
            line = end.file.code.lines.lines(place.span().line).strip()[:_LONGEST_LINE]
            yield TopicUse(end.unit, "", end.message, end.sends, place, line, Confidence.MEDIUM)


def _in_csharp(unit: SourceFolder, file: SourceFile) -> Iterator[_End]:
    plain = file.code.plain
    for match in _HANDLED.finditer(plain):
        part = 1 if match[1] else 2
        yield _End(unit, match[part], False, file, *match.span(part))
    for match in islice(_SENT.finditer(plain), _MOST_SENT):
        name = match[1] or match[2] or (_type_of(plain, match.start(), match[3]) if match[3] else "")
        if name:
            part = next(at for at in (1, 2, 3) if match[at])
            yield _End(unit, name, True, file, *match.span(part))
    for match in _OF_CAP.finditer(plain):
        start = match.start(2 if match["takes"] else 3)
        literal = file.code.literal_at(start)
        if literal is not None and literal.text:
            yield _End(unit, literal.text, not match["takes"], file, start, literal.end)


def _type_of(plain: str, at: int, name: str) -> str:
    """The type of a variable by what was last written to it, or by its declaration."""
    before = plain[max(0, at - _REACH) : at]
    written = list(re.finditer(rf"(?<![\w.]){re.escape(name)}\s{{0,9}}=(?!=)([^;]{{0,400}})", before))
    made = _MADE.search(written[-1][1]) if written else None
    if made is not None:
        return made[1] or made[2] or ""
    declared = list(re.finditer(rf"(?<![\w.])([A-Z]\w*)\s{{1,9}}{re.escape(name)}\b", before))
    return declared[-1][1] if declared else ""


def _in_nest(unit: SourceFolder, file: SourceFile, expressions: Expressions) -> Iterator[_End]:
    for match in _OF_NEST.finditer(file.code.plain):
        arguments = given(file, match.end() - 1).listed
        for name in _patterns(arguments[0], expressions) if arguments else ():
            yield _End(unit, name, not match["takes"], file, arguments[0].start, arguments[0].end)


def _patterns(what: Stretch, expressions: Expressions) -> list[str]:
    """A pattern as it is compared: a text, or the values of a map."""
    if not what.plain.startswith("{"):
        return [name.text for name in expressions.names(what) if name.text and not name.variable]
    values = given(what.file, what.start).named
    texts = [next((name.text for name in expressions.names(part)), "") for _, part in sorted(values.items())]
    return [" ".join(texts)] if texts and all(texts) else []
