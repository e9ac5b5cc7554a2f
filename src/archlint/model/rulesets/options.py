"""Which options the core functions of Spectral take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archlint.model.rulesets.patterns import PatternError, written_pattern
from archlint.model.rulesets.values import type_of

__all__ = ["check_options"]

_CASES = ("flat", "camel", "pascal", "kebab", "cobol", "snake", "macro")
_DIALECTS = ("auto", "draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")
_Options = Mapping[str, Any]


def check_options(name: str, options: Any) -> list[str]:
    """What is wrong with the options of a function; nothing, if it can be called with them.

    Absent options are ``None``.
    """
    if (check := _CHECKS.get(name)) is None:
        return [] if options is None else [f"{name} takes no options"]
    known, required, judge = check
    if options is None and name == "alphabetical":
        return []
    if not isinstance(options, dict):
        return [f"{name} takes options: an object with {_listed(known)}"]
    found = [f"{name} has no option {key!r}: it has {_listed(known)}" for key in options if key not in known]
    found += [f"{name} needs the option {key!r}" for key in required if key not in options]
    return found or judge(options)


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _alphabetical(options: _Options) -> list[str]:
    return [] if isinstance(options.get("keyedBy", ""), str) else ["keyedBy is the name of a property"]


def _casing(options: _Options) -> list[str]:
    if options["type"] not in _CASES:
        return [f"type is {options['type']!r} and has to be one of {_listed(_CASES)}"]
    if not isinstance(options.get("disallowDigits", False), bool):
        return ["disallowDigits is true or false"]
    if "separator" not in options:
        return []
    separator = options["separator"]
    if (
        not isinstance(separator, dict)
        or "char" not in separator
        or separator.keys() - {"char", "allowLeading"}
    ):
        return ["separator has a char, and allowLeading if it likes"]
    if not isinstance(separator["char"], str) or len(separator["char"]) > 1:
        return ["char of separator is one character"]
    return [] if isinstance(separator.get("allowLeading", False), bool) else ["allowLeading is true or false"]


def _enumeration(options: _Options) -> list[str]:
    values = options["values"]
    plain = isinstance(values, list) and not any(isinstance(value, (dict, list)) for value in values)
    return [] if plain else ["values is a list of texts, numbers, booleans and nulls"]


def _length(options: _Options) -> list[str]:
    if not options:
        return ["length needs min, max or both"]
    return [f"{key} is a number" for key, value in options.items() if type_of(value) != "number"]


def _properties(options: _Options) -> list[str]:
    names = options["properties"]
    if isinstance(names, list) and len(names) > 1 and all(isinstance(name, str) for name in names):
        return []
    return ["properties is a list of two names or more"]


def _pattern(options: _Options) -> list[str]:
    if not options:
        return ["pattern needs match, notMatch or both"]
    found = []
    for key, value in options.items():
        if not isinstance(value, str):
            found.append(f"{key} is a regular expression as a text")
            continue
        try:
            written_pattern(value)
        except PatternError as error:
            found.append(f"{key}: {error}")
    return found


def _schema(options: _Options) -> list[str]:
    if not isinstance(options["schema"], dict):
        return ["schema is a JSON Schema, an object"]
    if options.get("dialect", "auto") not in _DIALECTS:
        return [f"dialect is one of {_listed(_DIALECTS)}"]
    return [] if isinstance(options.get("allErrors", False), bool) else ["allErrors is true or false"]


def _unreferenced(options: _Options) -> list[str]:
    location = options["reusableObjectsLocation"]
    if isinstance(location, str) and (location == "#" or location.startswith("#/")):
        return []
    return ["reusableObjectsLocation is a pointer into the document, such as #/components/schemas"]


_CHECKS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[_Options], list[str]]]] = {
    "alphabetical": (("keyedBy",), (), _alphabetical),
    "casing": (("type", "disallowDigits", "separator"), ("type",), _casing),
    "enumeration": (("values",), ("values",), _enumeration),
    "length": (("min", "max"), (), _length),
    "or": (("properties",), ("properties",), _properties),
    "pattern": (("match", "notMatch"), (), _pattern),
    "schema": (("schema", "dialect", "allErrors", "prepareResults"), ("schema",), _schema),
    "unreferencedReusableObject": (("reusableObjectsLocation",), ("reusableObjectsLocation",), _unreferenced),
    "xor": (("properties",), ("properties",), _properties),
}
"""The options of each function, those that it needs, and what is asked of their values."""
