"""Expressions about custom resources, translated with what the schema says of the types of what they read.

The library knows no types of Kubernetes: to it ``self`` may be anything. So each value of which the schema
says that it is a text, a number or a time passes through a function with that result, by which the library
finds what does not fit together; and fields that the schema does not have are found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from archlint.adapters.admission.schema_types import INT, STRING, Declared
from archlint.adapters.admission.syntax import SyntaxProblem, Tree, parse
from archlint.adapters.admission.translation import (
    Edit,
    Translation,
    Translator,
    has_two_variables,
)

_OVER_ELEMENTS = frozenset(
    {"all", "exists", "existsOne", "exists_one", "filter", "map"}
    | {"transformList", "transformMap", "transformMapEntry"}
)
_NUMBERS = frozenset({"int", "double"})
_SAME_LIST = frozenset({"filter"})
_Bound = Mapping[str, Declared | None]


class SchemaTranslator(Translator):
    """Translates the expressions at one place of a schema."""

    WRAPS: ClassVar[Mapping[str, tuple[str, str]]] = {
        **{kind: (f"__as_{kind}(", ")") for kind in ("int", "double", "bool", "string", "bytes")},
        "timestamp": ("timestamp(__as_string(", "))"),
        "date": ("timestamp(__as_string(", ") + 'T00:00:00Z')"),
        "duration": ("duration(__as_string(", "))"),
    }
    """What stands around a value of each kind."""

    def __init__(self, self_type: Declared, *, is_optional: bool = False, has_numbers: bool = True) -> None:
        """``is_optional`` is about ``oldSelf``; without ``has_numbers`` all numbers compare with one
        another, as they do in Kubernetes, and no fault in their use is found."""
        super().__init__({})
        self._types: _Bound = {"self": self_type, "oldSelf": None if is_optional else self_type}
        self._is_optional = is_optional
        self._has_numbers = has_numbers

    def translate(self, written: str, tree: Tree | None = None) -> Translation:
        """The translation of a text; raises ``SyntaxProblem``, also for a field that there is not."""
        tree = parse(written) if tree is None else tree
        before: list[Edit] = []
        after: list[Edit] = []
        for part, kind in self._read(tree, self._types):
            opening, closing = self.WRAPS[kind]
            before.append((part.start, part.start, opening))
            after.append((part.end, part.end, closing))
        return Translation(written, [*after, *self._edits(tree, frozenset()), *before])

    def _replacement(self, tree: Tree, bound: frozenset[str]) -> str | None:
        if self._is_optional and (tree.kind, tree.word) == ("name", "oldSelf") and "oldSelf" not in bound:
            return "(__has_old ? optional.of(oldSelf) : optional.none())"
        return None

    def _read(self, tree: Tree, bound: _Bound) -> Iterator[tuple[Tree, str]]:
        """The parts of an expression that are scalars of a known kind."""
        if tree.kind == "call" and tree.word == "has" and not tree.has_target and len(tree.parts) == 1:
            field = tree.parts[0]
            self._type(field, bound)
            for part in field.parts:
                yield from self._read(part, bound)
            return
        found = self._type(tree, bound)
        if found is not None and self._is_wrapped(found):
            yield tree, found.kind
        if tree.kind == "name":
            return
        names, inner = self._bound(tree, bound)
        for part in tree.parts[1:] if tree.kind == "struct" else tree.parts:
            if part not in names:
                is_outside = part is tree.target or (_is_bind(tree) and part is tree.arguments[1])
                yield from self._read(part, bound if is_outside else inner)

    def _is_wrapped(self, found: Declared) -> bool:
        is_known = found.kind in self.WRAPS and not found.is_nullable
        return is_known and (self._has_numbers or found.kind not in _NUMBERS)

    def _type(self, tree: Tree, bound: _Bound) -> Declared | None:
        """The type of a part, where a schema says it; raises ``SyntaxProblem`` for an unknown field."""
        if tree.kind == "name":
            return bound.get(tree.word)
        holder = self._type(tree.parts[0], bound) if tree.has_target and not tree.is_optional else None
        if holder is None:
            return None
        if tree.kind == "select":
            if holder.kind == "object":
                field = holder.fields.get(tree.word.strip("`"))
                if field is None:
                    raise SyntaxProblem(f"undefined field '{tree.word}'", tree.word_at)
                return field[1]
            return holder.inner if holder.kind == "map" else None
        if tree.kind == "index":
            return holder.inner if holder.kind in ("list", "map") else None
        is_same = tree.kind == "call" and tree.word in _SAME_LIST and holder.kind == "list"
        return holder if is_same else None

    def _bound(self, tree: Tree, bound: _Bound) -> tuple[tuple[Tree, ...], _Bound]:
        """The names that a call gives a meaning of its own, and all names with their types within it."""
        if tree.kind != "call" or not tree.has_target:
            return (), bound
        if _is_bind(tree):
            name, value = tree.arguments[:2]
            return (name,), {**bound, name.word: self._type(value, bound)}
        if tree.word in ("optMap", "optFlatMap") and len(tree.arguments) == 2:
            return tree.arguments[:1], {**bound, tree.arguments[0].word: None}
        if tree.word not in _OVER_ELEMENTS or len(tree.arguments) < 2:
            return (), bound
        holder = self._type(tree.parts[0], bound)
        inner = None if holder is None else holder.inner
        is_map = holder is not None and holder.kind == "map"
        if has_two_variables(tree):
            first, second = tree.arguments[:2]
            key = None if holder is None else STRING if is_map else INT
            return (first, second), {**bound, first.word: key, second.word: inner}
        return tree.arguments[:1], {**bound, tree.arguments[0].word: STRING if is_map else inner}


def _is_bind(tree: Tree) -> bool:
    return (
        tree.kind == "call"
        and tree.has_target
        and tree.word == "bind"
        and (tree.parts[0].kind, tree.parts[0].word) == ("name", "cel")
        and len(tree.arguments) == 3
    )
