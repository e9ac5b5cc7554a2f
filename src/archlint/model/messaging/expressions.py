"""What the name of a topic is in source: a string, a constant, a variable of the environment with a default.

Nothing is executed. A name is followed to where it is set: in its own file, in the class that is named with
it, then in its own folder; if it is set to several things it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.messaging.topics import literal_beginning
from archlint.model.sources.arguments import Stretch, parts
from archlint.model.sources.literals import QUOTED, REST, Literal
from archlint.model.sources.reading import SourceFile, SourceFiles

_DEEPEST = 6
_MOST_FILES = 400
"""Files of a folder in which a name is looked for."""
_STRING = rf"{QUOTED}{REST}*+"
_ONE_STRING = regex(rf"[&*]?({_STRING})(?:\.(?:to_s|freeze|toString\(\)|trim\(\)))?;?\Z")
_NAME = regex(r"[&*]?\$?[A-Za-z_][\w$]*+(?:(?:\.|::|->|\?\.|!!\.)\$?[A-Za-z_][\w$]*+){0,6};?\Z")
_CALL = regex(r"(?:[\w$]+\.)*([A-Za-z_]\w*)\(\s*\);?\Z")
_COLLECTION = regex(
    r"(?:(?:java\.util\.)?(?:List|Set|Arrays|Collections|ImmutableList)\.(?:of|asList|singletonList|singleton)"
    r"|(?:listOf|setOf|arrayOf|mutableListOf|arrayListOf)"
    r"|new\s{0,9}(?:List|HashSet|String|string)?(?:<\w+>)?\s{0,9}(?:\[\s{0,9}\])?\s{0,9}(?:\(\s{0,9}\))?|\[\]string)?"
    r"\s{0,9}[(\[{]"
)
_ENVIRONMENT = regex(
    r"(?:os\.(?:Getenv|getenv|LookupEnv|environ\.get)|(?:System|java\.lang\.System)\.getenv"
    r"|(?:System\.)?Environment\.GetEnvironmentVariable|getenv|env|ENV\.fetch|config|Env::get)"
    rf"\s{{0,9}}\(\s{{0,9}}({_STRING})|process\.env(?:\.([A-Z_][A-Z0-9_]*+)|\[\s?({_STRING})\s?\])"
    rf"|(?:os\.environ|ENV|\$_ENV)\[\s?({_STRING})\s?\]"
)
_DEFAULT = regex(rf"(?:\?\?|\?:|\|\||\bor\b|,)\s{{0,40}}({_STRING})\s{{0,9}}\)?;?\Z")
_PLACEHOLDER = regex(r"\$\{[^{}:]{1,120}(?::([^{}]{0,120}))?\}\Z")
_OF_QUEUES = frozenset({"name", "queue", "queuename"})
_DECLARED = regex(r"(?:await\s{1,9})?[\w$.]{1,80}\.(?:QueueDeclare|assertQueue|QueueDeclareAsync)\s{0,3}\(")
_RETURN = regex(r"\breturn\b\s*+")
_END = regex(r"[;\n,)]")


@dataclass(frozen=True, slots=True)
class TopicName:
    """One name that an expression may stand for."""

    text: str
    """How the names begin, where ``is_pattern``."""
    place: Place
    """Where the name is written; of a variable without a default where it is read."""
    is_pattern: bool = False
    variable: str = ""
    """The variable of the environment that is asked first."""


class Expressions:
    """Follows names through the source of a world."""

    def __init__(self, sources: SourceFiles) -> None:
        self._sources = sources
        self._known: dict[tuple[str, str, str], tuple[TopicName, ...]] = {}

    def names(self, what: Stretch, depth: int = 0) -> tuple[TopicName, ...]:
        """The names that an expression stands for; none if any of it is unknown."""
        code = what.plain
        if depth > _DEEPEST or not code:
            return ()
        alone = _ONE_STRING.match(code)
        if alone:
            literal = what.file.code.by_start.get(what.start + alone.start(1))
            return () if literal is None else self._literal(what.file, literal)
        asked = self._environment(what)
        if asked:
            return asked
        listed = _COLLECTION.match(code)
        if listed and code.rstrip(";")[-1:] in ")]}":
            inside = parts(what.file, what.start + listed.end() - 1)
            return tuple(name for part in inside for name in self.names(part, depth + 1))
        if _NAME.match(code):
            return self._named(what.file, code.strip("&*;$"), depth)
        called = _CALL.match(code)
        return self._returned(what.file, called[1], depth) if called else ()

    def _literal(self, file: SourceFile, literal: Literal) -> tuple[TopicName, ...]:
        place = file.place(literal.inner, literal.inner + len(literal.text))
        if literal.holes:
            begun = literal.text[: max(0, literal.holes[0][0] - literal.inner)].rstrip("${#(")
            return (TopicName(begun, place, True),) if begun else ()
        held = _PLACEHOLDER.match(literal.text)
        if held:
            return (TopicName(held[1], place),) if held[1] else ()
        is_name = literal.text and not _ODD.search(literal.text)
        return (TopicName(literal.text, place),) if is_name else ()

    def _environment(self, what: Stretch) -> tuple[TopicName, ...]:
        code = what.plain
        read = _ENVIRONMENT.search(code[:300])
        if read is None or read.start() > 40:
            return ()
        by_start = what.file.code.by_start
        group = next(number for number in range(1, 5) if read[number])
        literal = by_start.get(what.start + read.start(group)) if group != 2 else None
        variable = read[2] or (literal.text if literal else "")
        default = _DEFAULT.search(code[:600], read.end(group))
        fallback = by_start.get(what.start + default.start(1)) if default else None
        if fallback is not None and fallback.text and not fallback.holes:
            place = what.file.place(fallback.inner, fallback.inner + len(fallback.text))
            return (TopicName(fallback.text, place, variable=variable),)
        return (TopicName("", what.file.place(what.start, what.end), variable=variable),)

    def _named(self, file: SourceFile, path: str, depth: int) -> tuple[TopicName, ...]:
        steps = [step.strip("$") for step in re.split(r"\.|::|->|\?\.|!!\.", path)]
        name, qualifier = steps[-1], steps[-2] if len(steps) > 1 else ""
        key = (file.path, qualifier, name)
        if key not in self._known:
            self._known[key] = ()  # met again only by a name that is set to itself
            made = self._made(file, qualifier, depth) if name.lower() in _OF_QUEUES else ()
            self._known[key] = made or self._search(file, name, qualifier, depth)
        return self._known[key]

    def _made(self, file: SourceFile, name: str, depth: int) -> tuple[TopicName, ...]:
        """The queue that a variable holds since it was declared: ``queue.Name`` of amqp091-go."""
        for match in _setting(name).finditer(file.code.plain) if name else ():
            declared = _DECLARED.match(file.code.plain, match.end())
            first = next(parts(file, declared.end() - 1), None) if declared else None
            if first is not None:
                return self.names(first, depth + 1)
        return ()

    def _search(self, file: SourceFile, name: str, qualifier: str, depth: int) -> tuple[TopicName, ...]:
        for other in self._candidates(file, qualifier):
            if name in other.text:
                found = self._set_in(other, name, depth)
                if found:
                    return found
        return ()

    def _candidates(self, file: SourceFile, qualifier: str) -> Iterator[SourceFile]:
        """The file itself, the class that is named, then the files beside it."""
        is_class = qualifier[:1].isupper()
        named = [each for each in self._sources.by_class.get(qualifier, ()) if each is not file]
        if not is_class:
            yield file
        if len(named) == 1 or len({each.text for each in named}) == 1:
            yield named[0]
        if is_class:
            yield file
        beside = self._sources.by_home.get(file.home, ())
        for other in beside[:_MOST_FILES]:
            if other is not file and (
                not qualifier or qualifier in ("self", "this") or qualifier in other.text
            ):
                yield other

    def _set_in(self, file: SourceFile, name: str, depth: int) -> tuple[TopicName, ...]:
        """What a name is set to in a file, if that is one thing."""
        found: dict[tuple[str, str], TopicName] = {}
        for match in _setting(name).finditer(file.code.plain):
            for value in self.names(_statement(file, match.end()), depth + 1):
                found.setdefault((value.text, value.variable), value)
        for value in self._injected(file, name):
            found.setdefault((value.text, value.variable), value)
        known = [item for item in found.values() if item.text]
        if len(known) == 1:
            return (known[0],)
        return tuple(found.values()) if len(found) == 1 else ()

    def _injected(self, file: SourceFile, name: str) -> Iterator[TopicName]:
        for match in _injection(name).finditer(file.code.plain):
            literal = file.code.by_start.get(match.start(1))
            if literal is not None:
                yield from self._literal(file, literal)

    def _returned(self, file: SourceFile, function: str, depth: int) -> tuple[TopicName, ...]:
        """What a function of the same file returns, where only one thing of it is known."""
        found: dict[str, TopicName] = {}
        variable = ""
        for match in _definition(function).finditer(file.code.plain):
            body = file.code.plain[match.end() : match.end() + 2_000]
            end = re.search(r"\n\}|\n(?=\S)(?!\})", body)
            reach = end.start() if end else len(body)
            read = _ENVIRONMENT.search(body[:reach])
            if read is not None and read[1]:
                literal = file.code.by_start.get(match.end() + read.start(1))
                variable = literal.text if literal else ""
            for told in _RETURN.finditer(body[:reach]):
                for value in self.names(_statement(file, match.end() + told.end()), depth + 1):
                    found.setdefault(value.text, value)
        found.pop("", None)
        if len(found) != 1:
            return ()
        only = next(iter(found.values()))
        return (TopicName(only.text, only.place, only.is_pattern, only.variable or variable),)


_ODD = regex(r"[\s<>\"'%|\\]")
"""What names of topics do not hold."""


@lru_cache(maxsize=512)
def _setting(name: str) -> re.Pattern[str]:
    """Matches up to where a name is set: at a line's beginning, behind words such as ``static final``."""
    words = r"(?:(?:[\w@.\[\]<>*$]|\?(?=[ \t]))++[ \t]++){0,6}?"
    before = rf"(?m)(?:^|(?<=[{{;]))[ \t]*+{words}(?:self\.|this\.|\$this->|@|\$)?"
    kind = r"(?:,[ \t]*\w+|[ \t]*:[ \t]*[\w.<>?\[\]| ]{1,60}|[ \t]+\*?string)?"
    return re.compile(
        rf"{before}{re.escape(name)}{kind}[ \t]*(?:(?::=|=(?![=>~])|=>)\s*|[:(][ \t]*(?={QUOTED}))"
    )


@lru_cache(maxsize=512)
def _injection(name: str) -> re.Pattern[str]:
    """Matches a field that Spring sets from a property."""
    words = r"(?:\s{1,40}(?:private|protected|public|final|lateinit|var|val|static)){0,5}"
    field = rf"(?:\s{{1,40}}String\s{{1,9}}{re.escape(name)}\b|\s{{1,40}}{re.escape(name)}\s{{0,9}}:)"
    return re.compile(rf"@Value\(\s{{0,9}}({QUOTED}{REST}*+)\s{{0,9}}\){words}{field}")


@lru_cache(maxsize=512)
def _definition(function: str) -> re.Pattern[str]:
    """Matches the head of a function without arguments."""
    return re.compile(rf"(?m)^[^\n=]{{0,120}}?\b{re.escape(function)}\(\s*\)[^\n]{{0,80}}")


def _statement(file: SourceFile, start: int) -> Stretch:
    """What stands from a place to the end of its statement."""
    plain = file.code.plain
    depth, at = 0, start
    limit = min(len(plain), start + 1_500)
    while at < limit:
        sign = plain[at]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        if (
            depth < 0
            or (depth == 0 and sign in ";,")
            or (depth == 0 and sign == "\n" and not _goes_on(plain, at))
        ):
            break
        at += 1
    return Stretch(file, start, at).trimmed()


def _goes_on(plain: str, at: int) -> bool:
    """Whether a statement goes on in the next line."""
    following = plain[at : at + 200].lstrip()
    return following.startswith(("??", "?:", "||", ".")) or plain[max(0, at - 3) : at].rstrip().endswith(
        ("=", "||", "??")
    )


def pattern_of(name: TopicName) -> TopicName:
    """The same as the pattern that it is taken for."""
    return TopicName(literal_beginning(name.text), name.place, True, name.variable)
