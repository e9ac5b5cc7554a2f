"""What a name stands for that is set elsewhere: in its own file, in the class that is named with it, in the
files beside it.

``Reading`` takes what stands nearest, for what is told as a guess. Here a name that is set to several things
is unknown, and so is whatever is known in part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from archlint.finding.regex import regex
from archlint.model.sources.answers import Answers
from archlint.model.sources.arguments import Stretch, parts
from archlint.model.sources.assignments import Assignments, definitions, names_set
from archlint.model.sources.expressions import Reading
from archlint.model.sources.parsing import ExpressionParser
from archlint.model.sources.reading import SourceFile, SourceFiles
from archlint.model.sources.traced import Traced
from archlint.model.sources.values import NOTHING, Argument, Values

_DEEPEST = 6
_MOST_FILES = 400
"""Files of a folder in which a name is looked for."""
_MOST_READINGS = 50
"""Files whose expressions are kept."""
_LONGEST_STATEMENT, _LONGEST_BODY = 1_500, 2_000
_COLLECTION = regex(
    r"(?:(?:java\.util\.)?(?:List|Set|Arrays|Collections|ImmutableList)\.(?:of|asList|singletonList|singleton)"
    r"|(?:listOf|setOf|arrayOf|mutableListOf|arrayListOf)"
    r"|new\s{0,9}(?:List|HashSet|String|string)?(?:<\w+>)?\s{0,9}(?:\[\s{0,9}\])?\s{0,9}(?:\(\s{0,9}\))?|\[\]string)?"
    r"\s{0,9}[(\[{]"
)
_STEP = regex(r"\.|::|->|\?\.|!!\.")
_NAME = regex(r"\w++")
_RETURN = regex(r"\breturn\b\s*+")
_BODY_END = regex(r"\n\}|\n(?=\S)(?!\})")

Declared = Callable[[Stretch], Stretch | None]
"""What the member of something stands for that a statement makes: ``None`` if it makes nothing known."""


class MeantValue(NamedTuple):
    """One thing that an expression comes to."""

    text: Traced | None
    """``None`` where it is all a variable's."""
    variable: str = ""
    """The environment variable that is asked first."""


class Following:
    """Follows names through the source of a world."""

    def __init__(
        self, files: SourceFiles, members: Iterable[str] = (), declared: Declared | None = None
    ) -> None:
        """``declared`` is asked for the members of these names of whatever a statement makes."""
        self._files = files
        self._members = frozenset(members)
        self._declared = declared
        self._answers = Answers()
        self._readings: dict[str, _OneFile] = {}
        self._setting: dict[str, dict[str, list[SourceFile]]] = {}
        """By folder, the files that may set a name, by the name."""
        self._depth = 0

    def values(self, what: Stretch) -> tuple[MeantValue, ...]:
        """What an expression comes to, or each part of one that is a list; none if any of it is unknown."""
        if self._depth > _DEEPEST:
            self._answers.cut()
            return ()
        code = what.plain
        if not code:
            return ()
        self._depth += 1
        try:
            listed = _COLLECTION.match(code)
            if listed and code.rstrip(";")[-1:] in ")]}":
                inside = parts(what.file, what.start + listed.end() - 1)
                return tuple(value for part in inside for value in self.values(part))
            return tuple(_each(self._reading(what.file).between(what.start, what.end)))
        finally:
            self._depth -= 1

    def _reading(self, file: SourceFile) -> _OneFile:
        code = file.code
        known = self._readings.get(file.path)
        if known is None or known.code is not code:
            if len(self._readings) >= _MOST_READINGS:
                self._readings.clear()
            known = self._readings[file.path] = _OneFile(self, file)
        return known

    def of_name(self, file: SourceFile, path: str) -> Values:
        """What a name stands for in a file."""
        steps = [step.strip("$@&* ") for step in _STEP.split(path)]
        name, qualifier = steps[-1], steps[-2] if len(steps) > 1 else ""

        def find() -> Values:
            made = self._made(file, qualifier) if qualifier and name.lower() in self._members else NOTHING
            return made if made != NOTHING else self._search(file, name, qualifier)

        return self._answers.of((file.path, qualifier, name), self._depth, find)

    def _made(self, file: SourceFile, name: str) -> Values:
        for place in self._reading(file).assignments.statements(name):
            told = self._declared(_statement(file, place)) if self._declared else None
            if told is not None:
                return _one(self.values(told))
        return NOTHING

    def _search(self, file: SourceFile, name: str, qualifier: str) -> Values:
        found = self._first_set_in(self._nearest(file, qualifier), name)
        if found != NOTHING:
            return found
        qualifier = "" if qualifier in ("self", "this") else qualifier

        def find() -> Values:
            return self._first_set_in(self._beside(file.home, name, qualifier), name)

        return self._answers.of(("beside", file.home, qualifier, name), self._depth, find)

    def _first_set_in(self, files: Iterable[SourceFile], name: str) -> Values:
        """What a name is set to in the first of some files in which that is one thing."""
        for file in files:
            found = self._set_in(file, name)
            if found != NOTHING:
                return found.standing_in(file.path)
        return NOTHING

    def _nearest(self, file: SourceFile, qualifier: str) -> Iterator[SourceFile]:
        """The file itself, and the class that is named."""
        is_class = qualifier[:1].isupper()
        named = [each for each in self._files.by_class.get(qualifier, ()) if each is not file]
        if not is_class:
            yield file
        if len(named) == 1 or len({each.text for each in named}) == 1:
            yield named[0]
        if is_class:
            yield file

    def _beside(self, home: str, name: str, qualifier: str) -> Iterator[SourceFile]:
        """The files of a folder that may set a name, and have the word before it."""
        files: Sequence[SourceFile] = self._files.by_home.get(home, ())[:_MOST_FILES]
        files = self._that_set(home, files, name) if _NAME.fullmatch(name) else files
        return (file for file in files if not qualifier or qualifier in file.text)

    def _that_set(self, home: str, files: Iterable[SourceFile], name: str) -> Sequence[SourceFile]:
        if home not in self._setting:
            setting = self._setting[home] = defaultdict(list)
            for file in files:
                for word in names_set(file.text):
                    setting[word].append(file)
        return self._setting[home].get(name, ())

    def _set_in(self, file: SourceFile, name: str) -> Values:
        """What a name is set to in a file, if that is one thing."""
        question = (file.path, "=", name)
        return self._answers.of(question, self._depth, lambda: self._one_set_in(file, name), may_recur=True)

    def _one_set_in(self, file: SourceFile, name: str) -> Values:
        if name not in file.text:
            return NOTHING
        reading = self._reading(file)
        found = [
            value
            for place in reading.assignments.statements(name)
            for value in self.values(_statement(file, place))
        ]
        for place in reading.assignments.injected(name):
            found += _each(reading.between(place, place + 1))
        return _one(found)

    def returned(self, file: SourceFile, function: str) -> Values:
        """What a function of a file returns that takes nothing, where only one thing of it is known."""
        question = (file.path, "()", function)
        return self._answers.of(question, self._depth, lambda: self._returned(file, function))

    def _returned(self, file: SourceFile, function: str) -> Values:
        found: list[MeantValue] = []
        plain = file.code.plain
        for start in definitions(plain, function):
            end = _BODY_END.search(plain, start, start + _LONGEST_BODY)
            for told in _RETURN.finditer(plain, start, end.start() if end else start + _LONGEST_BODY):
                found += self.values(_statement(file, told.end()))
        known = {value.text.text: value for value in found if value.text is not None}
        if len(known) != 1:
            return NOTHING
        variable = next((value.variable for value in found if value.variable), "")
        text = next(iter(known.values())).text
        return Values((text,) if text else ()).as_default((variable,) if variable else ())


class _OneFile(Reading):
    """Reads the expressions of one file, and asks for names that are set in others."""

    is_strict = True

    def __init__(self, following: Following, file: SourceFile) -> None:
        self.assignments = Assignments(file.code)
        super().__init__(file.code, self.assignments.places)
        self._following = following
        self._file = file

    def between(self, start: int, end: int) -> Values:
        """What the expression comes to that reaches from one place to another, if all of it is understood."""
        parser = ExpressionParser(self, self.plain, 0, start, end)
        values = parser.whole()
        return values if parser.is_at_end else NOTHING

    def of_name(self, name: str, before: int) -> Values:
        """What a name stands for, wherever it is set."""
        return self._following.of_name(self._file, name)

    def of_call(self, name: str, given: list[Argument]) -> Values:
        """What a function of the file returns; of any other, the variables that it is given."""
        if not given:
            return self._following.returned(self._file, name)
        return Values((), tuple(name for item in given for name in item.values.variables))


def _each(values: Values) -> Iterator[MeantValue]:
    variable = next(iter(values.variables), "")
    for text in values.texts:
        yield MeantValue(text, next((piece.variable for piece in text.pieces if piece.variable), ""))
    if variable and not values.texts:
        yield MeantValue(None, variable)


def _one(found: Iterable[MeantValue]) -> Values:
    """The one thing that all come to, besides variables of which nothing else is known."""
    texts = {(value.text.text, value.variable): value.text for value in found if value.text is not None}
    if len(texts) == 1:
        return Values(tuple(texts.values()), tuple(variable for _, variable in texts if variable))
    variables = {value.variable for value in found}
    return Values((), tuple(variables)) if not texts and len(variables) == 1 else NOTHING


def _statement(file: SourceFile, start: int) -> Stretch:
    """What stands from a place to the end of its statement."""
    plain = file.code.plain
    depth, at = 0, start
    limit = min(len(plain), start + _LONGEST_STATEMENT)
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
