"""Policies compiled once, and what is known while one of them is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from archlint.adapters.admission.library import CARRIERS, UNREADABLE, Functions, UnknownValue
from archlint.adapters.admission.syntax import SyntaxProblem, TooDeep, Tree, parse
from archlint.adapters.admission.translation import Translation, Translator
from archlint.finding.regex import regex

LONGEST = 20_000
"""Characters of an expression; hand-written ones have some hundred."""
_POSITION = regex(r"ERROR: <input>:(\d+):(\d+): ([^\n]*)")
_NUMBERS_COMPARED = regex(
    r"'(?:_[<>=!]=?_|@in)' applied to '\((?:int|uint|double), (?:int|uint|double|list\(\w+\))\)'"
)
_NOT_IN_KUBERNETES = " (in container '')"
ELEMENT = "__elements"
"""The variable that holds the elements at which an explanation has arrived."""


_LITERALS = {"matches": "regular expression", "duration": "duration", "timestamp": "time"}
"""Functions whose argument has to be right where it is written down."""


class Problem(Exception):
    """An expression that is not evaluated; ``is_certain`` if Kubernetes refuses it as well."""

    def __init__(self, message: str, offset: int = 0, *, is_certain: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.is_certain = is_certain

    @property
    def is_of_numbers(self) -> bool:
        """Whether two kinds of number are compared, which Kubernetes allows and the library does not."""
        return _NUMBERS_COMPARED.search(self.message) is not None


class Failure(Exception):
    """The evaluation of an expression ends in an error; the text says in which."""


class Program:
    """A compiled expression."""

    __slots__ = ("program", "tree", "type", "written")

    def __init__(self, written: str, tree: Tree, program: Any) -> None:
        self.written = written
        self.tree = tree
        self.program = program
        self.type: str = program.return_type().name()


class Engine:
    """Compiles and evaluates; one policy and one request at a time are in its ``scope``."""

    def __init__(self, variables: Sequence[str] = ("object", "oldObject")) -> None:
        """``variables`` are what expressions see besides the functions."""
        from cel_expr_python import cel
        from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

        self.absent: dict[str, Any] = dict.fromkeys((*variables, ELEMENT))
        """What is in no scope is null."""
        self.scope: Scope = Scope({}, {}, None)
        functions = Functions(cel, self._variable, self._given)
        self.env: Any = cel.NewEnv(
            variables=dict.fromkeys((*variables, ELEMENT), cel.Type.DYN),
            extensions=[
                ext_strings.ExtStrings(),
                ext_bindings.ExtBindings(),
                ext_encoders.ExtEncoders(),
                ext_math.ExtMath(),
                ext_optional.ExtOptional(),
            ],
            functions=functions.declarations(),
        )

    def _variable(self, name: str) -> Any:
        return self.scope.variable(name)

    def _given(self, name: str) -> Any:
        return self.scope.given(name)

    def compile(self, written: str, translator: Translator, *, is_strict: bool) -> Program:
        """A program; raises ``Problem``. A policy is ``strict`` if its language is that of Kubernetes."""
        if len(written) > LONGEST:
            raise Problem(f"it has more than {LONGEST} characters")
        try:
            tree = parse(written)
            translation = translator.translate(written, tree)
        except SyntaxProblem as problem:
            raise Problem(str(problem), problem.offset, is_certain=True) from None
        except TooDeep:
            raise Problem("it is nested too deeply") from None
        try:
            program = Program(written, tree, self.env.compile(translation.text))
        except Exception as error:
            raise _problem_of(str(error), translation, written, is_strict=is_strict) from None
        self._ask_literals(written, tree, is_strict=is_strict)
        return program

    def _ask_literals(self, written: str, tree: Tree, *, is_strict: bool) -> None:
        """Raise ``Problem`` for a pattern, duration or time that is written down and is none."""
        for call in tree.calls(_LITERALS):
            last = call.arguments[-1] if call.arguments else None
            if last is None or last.kind != "literal" or len(call.arguments) + call.has_target > 2:
                continue
            text = written[last.start : last.end]
            asked = f"''.matches({text})" if call.word == "matches" else f"{call.word}({text})"
            try:
                found = self.env.compile(asked).eval(data={})
            except Exception:  # of another type than the function takes, which is told already
                continue
            if found.type().name() == "ERROR":
                raise Problem(f"{text} is no {_LITERALS[call.word]}", last.start, is_certain=is_strict)

    def evaluate(self, program: Any) -> Any:
        """The plain value of a program in the scope; raises ``Failure`` or ``UnknownValue``."""
        self.scope.unknown = None
        try:
            found = program.eval(self.scope.activation(self.env, self.absent))
            value = found.plain_value()
            failed = found.type().name() == "ERROR"
        except MemoryError:
            raise
        except Exception as error:
            raise UnknownValue(f"more than the library can do ({_one_line(str(error))})") from None
        if not failed:
            return bytes(value) if isinstance(value, bytearray) else value
        if self.scope.unknown is not None:
            raise UnknownValue(self.scope.unknown)
        if UNREADABLE in str(value):
            raise UnknownValue(UNREADABLE)
        raise Failure(_reason(str(value)))


class Scope:
    """What expressions see: the object, what is known of the request, and the variables of the policy."""

    def __init__(
        self, data: Mapping[str, Any], given: Mapping[str, Any], policy: CompiledPolicy | None
    ) -> None:
        self.data = dict(data)
        self._given = given
        self._policy = policy
        self._known: dict[str, tuple[bool, Any]] = {}
        self._activation: Any = None
        self.unknown: str | None = None
        """What an expression asked for that nobody knows."""

    def activation(self, env: Any, absent: Mapping[str, Any]) -> Any:
        """The data as the library takes it."""
        if self._activation is None:
            self._activation = env.Activation({**absent, **self.data})
        return self._activation

    def with_elements(self, elements: list[Any]) -> Scope:
        """The same scope with elements that an explanation has arrived at."""
        other = Scope({**self.data, ELEMENT: elements}, self._given, self._policy)
        other._known = self._known
        return other

    def given(self, name: str) -> Any:
        """What is known of the request; raises ``UnknownValue``."""
        if name not in self._given:
            self.unknown = name
            raise UnknownValue(name)
        return self._given[name]

    def variable(self, name: str) -> Any:
        """The value of a variable, evaluated once; raises what its evaluation raised."""
        assert self._policy is not None
        if name not in self._known:
            self._known[name] = self._policy.value_of(name)
        is_good, value = self._known[name]
        if is_good:
            return value
        if isinstance(value, UnknownValue):
            self.unknown = str(value)
        raise value


class CompiledPolicy:
    """A policy's programs, and what is wrong with those that are none."""

    def __init__(self, engine: Engine, said: Mapping[str, Any]) -> None:
        """``said`` is the policy of the request that ``worker`` describes."""
        self._engine = engine
        self._is_strict: bool = said["strict"]
        self.problems: list[tuple[str, int, Problem]] = []
        self.variables: dict[str, Program | Problem] = {}
        types: dict[str, str] = {}
        for index, (name, text) in enumerate(said["variables"]):
            program = self._compiled("variables", index, text, Translator(types))
            self.variables[name] = program
            types = {**types, name: program.type if isinstance(program, Program) else "DYN"}
        self.translator = Translator(types)
        self.conditions = self._all("conditions", said["conditions"], "BOOL")
        self.validations = self._all("validations", said["validations"], "BOOL")
        self.messages = self._all("messages", said["messages"], "STRING")
        self.mutations = self._all("mutations", said["mutations"], "")

    def _all(self, section: str, texts: list[str | None], wanted: str) -> list[Program | Problem | None]:
        return [
            None if text is None else self._compiled(section, index, text, self.translator, wanted)
            for index, text in enumerate(texts)
        ]

    def _compiled(
        self, section: str, index: int, text: str, translator: Translator, wanted: str = ""
    ) -> Program | Problem:
        try:
            program = self._engine.compile(text, translator, is_strict=self._is_strict)
            if wanted and program.type not in (wanted, "DYN"):
                kind = program.type.partition("<")[0].lower()
                raise Problem(f"it gives a value of type {kind}, not {wanted.lower()}", is_certain=True)
        except Problem as problem:
            self.problems.append((section, index, problem))
            return problem
        return program

    def value_of(self, name: str) -> tuple[bool, Any]:
        """Whether the variable has a value in the engine's scope, and this value or what is raised."""
        program = self.variables[name]
        if isinstance(program, Problem):
            return False, UnknownValue(f"variables.{name}, which is not evaluated")
        if program.type.startswith("OPTIONAL") or program.type.startswith("TYPE"):
            return False, UnknownValue(f"variables.{name}, whose type is {program.type.lower()}")
        before = self._engine.scope.unknown
        try:
            return True, self._engine.evaluate(program.program)
        except (Failure, UnknownValue) as problem:
            return False, problem
        finally:
            self._engine.scope.unknown = before


def _problem_of(text: str, translation: Translation, written: str, *, is_strict: bool) -> Problem:
    match = _POSITION.search(text)
    if match is None:
        return Problem(_one_line(text))
    line, column, message = int(match[1]), int(match[2]), match[3].replace(_NOT_IN_KUBERNETES, "")
    lines = translation.text.split("\n")
    offset = sum(len(item) + 1 for item in lines[: line - 1]) + column - 1
    is_ours = "__" in message or "map(dyn, dyn)" in message
    is_certain = is_strict and not is_ours and not (CARRIERS.search(written) and "overload" in message)
    return Problem(message, min(translation.at(offset), len(written)), is_certain=is_certain)


def _reason(text: str) -> str:
    """An error of the evaluation in the words of Kubernetes."""
    match = re.search(r'Key not found in map : "?([^"]*)"?', text)
    if match:
        return f"no such key: {match[1]}"
    match = re.search(r"Index error: index=(-?\d+) size=", text)
    if match:
        return f"index out of bounds: {match[1]}"
    return _one_line(re.sub(r"^[A-Z_]+: ", "", text))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
