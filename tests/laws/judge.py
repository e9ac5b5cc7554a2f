"""Judges values by schemas of a contract where they stand, without anything of archlint.

jsonschema-rs judges contracts from 3.1 on, the validators of openapi-schema-validator those before, as only
they know ``nullable``. Patterns are read by an ECMA engine, formats by the table of the tests; nothing is
retrieved. ``None`` is the answer where nobody could tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, cached_property, partial
from typing import Any
from urllib.parse import quote

import jsonschema
import jsonschema_rs
from jsonschema.validators import extend
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from regress import Regex, RegressError

from tests.laws.documents import (
    FORMAT,
    PATTERN,
    REFERENCE,
    Documents,
    Json,
    Version,
    Way,
    at,
    prepared,
    target_of,
)
from tests.laws.formats import FORMATS

_HOST = "https://side.invalid/"
"""Where the files of a side seem to be; nothing is ever asked for there."""


class Side:
    """The schemas of one side of a comparison."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self._prepared: dict[tuple[str, Way], Json] = {}
        self._validators: dict[tuple[str, str, Way], Callable[[Json], bool] | None] = {}
        self._registries: dict[Way, Any] = {}

    def accepts(self, path: str, pointer: str, value: Json, way: Way) -> bool | None:
        """Whether the schema at a place of a file takes a value; ``None`` if that cannot be told."""
        key = (path, pointer, way)
        if key not in self._validators:
            self._validators[key] = self._validator(*key)
        validator = self._validators[key]
        if validator is None:
            return None
        try:
            return validator(value)
        except (Undecided, RecursionError, ValueError, OverflowError):
            return None

    def has_discriminator(self, path: str, pointer: str) -> bool:
        """Whether a discriminator may have a say at a place, on which readers do not agree."""
        waiting: list[tuple[Json, str]] = [(at(self.documents.file(path), pointer), path)]
        seen: set[int] = set()
        while waiting:
            node, here = waiting.pop()
            if id(node) in seen or not isinstance(node, dict | list):
                continue
            seen.add(id(node))
            if isinstance(node, list):
                waiting.extend((item, here) for item in node)
                continue
            if isinstance(node.get("discriminator"), dict | str):
                return True
            waiting.extend((item, here) for item in node.values())
            if isinstance(node.get("$ref"), str):
                try:
                    waiting.append(self.documents.resolve(node["$ref"], here))
                except LookupError:
                    continue
        return False

    def file(self, path: str, way: Way) -> Json:
        """A file as a validator is to read it for a direction; raises ``LookupError`` where there is none."""
        if (path, way) not in self._prepared:
            self._prepared[path, way] = prepared(self.documents, path, way, partial(_Target, self, path, way))
        return self._prepared[path, way]

    def _validator(self, path: str, pointer: str, way: Way) -> Callable[[Json], bool] | None:
        try:
            schema = at(self.file(path, way), pointer)
        except LookupError:
            return None
        if isinstance(schema, bool):
            return lambda value: bool(schema)
        fragment = "#" + quote(pointer, safe=_PLAIN)
        if self.documents.version is Version.MODERN:
            return self._modern(_HOST + quote(path) + fragment, way)
        return _older({REFERENCE: _Target(self, path, way, fragment)}, way)

    def _modern(self, reference: str, way: Way) -> Callable[[Json], bool] | None:
        try:
            validator = jsonschema_rs.Draft202012Validator(
                {"$ref": reference},
                registry=self._modern_registry(way),
                retriever=_refuse,
                keywords={PATTERN: _Pattern, FORMAT: _Format},
                validate_formats=False,
            )
        except (ValueError, jsonschema_rs.ReferencingError):
            return None
        return validator.is_valid

    def _modern_registry(self, way: Way) -> Any:
        if way not in self._registries:
            files = [(_HOST + quote(path), self.file(path, way)) for path in self.documents.reachable]
            self._registries[way] = jsonschema_rs.Registry(files, retriever=_refuse)
        return self._registries[way]


class _Target:
    """What a reference of a contract before 3.1 leads to: looked up once, where the library would for each
    value anew."""

    def __init__(self, side: Side, path: str, way: Way, text: str) -> None:
        self._side, self._path, self._way, self._text = side, path, way, text

    @cached_property
    def schema(self) -> Json:
        try:
            path, pointer = target_of(self._text, self._path)
            return at(self._side.file(path, self._way), pointer)
        except LookupError:
            raise Undecided(self._text) from None


def _older(schema: Json, way: Way) -> Callable[[Json], bool]:
    validator = _OLDER[way](schema)

    def is_valid(value: Json) -> bool:
        try:
            return bool(validator.is_valid(value))
        except (jsonschema.exceptions.UnknownType, TypeError, AttributeError) as problem:
            raise Undecided(str(problem)) from problem

    return is_valid


_PLAIN = "/~!$&'()*+,;=:@"


def _refuse(uri: str) -> Json:
    raise LookupError(uri)


class Undecided(Exception):
    """Nobody can tell, as a keyword is not written as it has to be."""


@cache
def _regex(text: str) -> Regex:
    """A pattern as ECMA-262 reads it, with Unicode as JSON Schema asks for, else as older engines do."""
    try:
        return Regex(text, "u")
    except RegressError:
        try:
            return Regex(text)
        except RegressError as problem:
            raise Undecided(str(problem)) from problem


def matches(text: str, value: Json) -> bool:
    """Whether a value meets a pattern; what is no text does."""
    return not isinstance(value, str) or _regex(text).find(value) is not None


def is_formatted(name: str, value: Json) -> bool:
    """Whether a value meets a format."""
    test = FORMATS.get(name)
    return test is None or test(value)


class _Keyword:
    """A keyword of the tests for jsonschema-rs."""

    def __init__(self, schema: Json, value: Json, path: list[str | int]) -> None:
        self.value = value

    def validate(self, instance: Json) -> None:
        if not self.holds(instance):
            raise ValueError(self.value)

    def holds(self, instance: Json) -> bool:
        raise NotImplementedError


class _Pattern(_Keyword):
    def holds(self, instance: Json) -> bool:
        return matches(self.value, instance)


class _Format(_Keyword):
    def holds(self, instance: Json) -> bool:
        return is_formatted(self.value, instance)


_Errors = Iterator[jsonschema.ValidationError]


def _pattern(validator: Any, text: str, instance: Json, schema: Json) -> _Errors:
    if not matches(text, instance):
        yield jsonschema.ValidationError(f"no match of {text}")


def _format(validator: Any, name: str, instance: Json, schema: Json) -> _Errors:
    if not is_formatted(name, instance):
        yield jsonschema.ValidationError(f"no {name}")


def _refer(validator: Any, target: _Target, instance: Json, schema: Json) -> _Errors:
    yield from validator.descend(instance, target.schema)


def _multiple(validator: Any, factor: Json, instance: Json, schema: Json) -> _Errors:
    """By exact decimals, as written: 4.35 is a multiple of 0.01."""
    if validator.is_type(instance, "number") and Decimal(str(instance)) % Decimal(str(factor)):
        yield jsonschema.ValidationError(f"no multiple of {factor}")


_OWN = {PATTERN: _pattern, FORMAT: _format, REFERENCE: _refer, "multipleOf": _multiple}
_OLDER = {Way.WRITE: extend(OAS30WriteValidator, _OWN), Way.READ: extend(OAS30ReadValidator, _OWN)}
