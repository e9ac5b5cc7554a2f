"""The names of buf's lint rules and of the sets that they are selected by, for each version of ``buf.yaml``.

Source: https://buf.build/docs/lint/rules/
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_MINIMAL = (
    *("DIRECTORY_SAME_PACKAGE", "PACKAGE_DEFINED", "PACKAGE_DIRECTORY_MATCH", "PACKAGE_NO_IMPORT_CYCLE"),
    "PACKAGE_SAME_DIRECTORY",
)
_SAME_OPTIONS = (
    *("PACKAGE_SAME_CSHARP_NAMESPACE", "PACKAGE_SAME_GO_PACKAGE", "PACKAGE_SAME_JAVA_MULTIPLE_FILES"),
    *("PACKAGE_SAME_JAVA_PACKAGE", "PACKAGE_SAME_PHP_NAMESPACE", "PACKAGE_SAME_RUBY_PACKAGE"),
    "PACKAGE_SAME_SWIFT_PREFIX",
)
_CASES = (
    *("ENUM_PASCAL_CASE", "ENUM_VALUE_UPPER_SNAKE_CASE", "FIELD_LOWER_SNAKE_CASE", "MESSAGE_PASCAL_CASE"),
    *("ONEOF_LOWER_SNAKE_CASE", "PACKAGE_LOWER_SNAKE_CASE", "RPC_PASCAL_CASE", "SERVICE_PASCAL_CASE"),
)
_BASIC = (
    *(*_MINIMAL, *_SAME_OPTIONS, *_CASES, "ENUM_FIRST_VALUE_ZERO", "ENUM_NO_ALLOW_ALIAS"),
    *("FIELD_NOT_REQUIRED", "IMPORT_NO_PUBLIC", "IMPORT_USED", "SYNTAX_SPECIFIED"),
)
_STYLE = (
    *("ENUM_VALUE_PREFIX", "ENUM_ZERO_VALUE_SUFFIX", "FILE_LOWER_SNAKE_CASE", "PACKAGE_VERSION_SUFFIX"),
    *("RPC_REQUEST_RESPONSE_UNIQUE", "RPC_REQUEST_STANDARD_NAME", "RPC_RESPONSE_STANDARD_NAME"),
    "SERVICE_SUFFIX",
)
_STANDARD = (*_BASIC, *_STYLE, "PROTOVALIDATE")
_COMMENTS = (
    *("COMMENT_ENUM", "COMMENT_ENUM_VALUE", "COMMENT_FIELD", "COMMENT_MESSAGE", "COMMENT_ONEOF"),
    *("COMMENT_RPC", "COMMENT_SERVICE"),
)
_UNARY = ("RPC_NO_CLIENT_STREAMING", "RPC_NO_SERVER_STREAMING")
_BY_NAME_ALONE = ("IMPORT_NO_WEAK", "STABLE_PACKAGE_NO_IMPORT_UNSTABLE")
_NEW_IN_V2 = frozenset({"FIELD_NOT_REQUIRED", "PACKAGE_NO_IMPORT_CYCLE", "STABLE_PACKAGE_NO_IMPORT_UNSTABLE"})
_NEW_IN_V1 = frozenset({"IMPORT_USED", "PROTOVALIDATE", "SYNTAX_SPECIFIED"})
_LAYOUT = ("DIRECTORY_SAME_PACKAGE", "PACKAGE_DIRECTORY_MATCH", "PACKAGE_SAME_DIRECTORY")
_SENSIBLE = ("ENUM_NO_ALLOW_ALIAS", "IMPORT_NO_PUBLIC", "PACKAGE_DEFINED")


def is_lint_rule(name: str) -> bool:
    """Whether buf has a lint rule of that name."""
    return name in known_rules("v2")


@cache
def known_rules(version: str) -> Mapping[str, frozenset[str]]:
    """The rules that each name stands for, in a file of a version: those of a set, else the rule itself."""
    sets = {
        "MINIMAL": _MINIMAL,
        "BASIC": _BASIC,
        "STANDARD": _STANDARD,
        "DEFAULT": _STANDARD,
        "COMMENTS": _COMMENTS,
        "UNARY_RPC": _UNARY,
    }
    if version == "v1beta1":
        sets |= _oldest_sets()
    off = frozenset() if version == "v2" else _NEW_IN_V2
    names = {*_STANDARD, *_COMMENTS, *_UNARY, *_BY_NAME_ALONE} - off
    names |= {"PACKAGE_NO_IMPORT_CYCLE"} if version == "v1" else set()
    names -= _NEW_IN_V1 if version == "v1beta1" else set()
    return {
        **{name: frozenset({name}) for name in names},
        **{name: frozenset(rules) - off for name, rules in sets.items()},
    }


def _oldest_sets() -> dict[str, tuple[str, ...]]:
    minimal = (*_LAYOUT, *_SAME_OPTIONS, *_SENSIBLE)
    standard = (*minimal, *_CASES, *_STYLE)
    return {
        "MINIMAL": minimal,
        "BASIC": (*minimal, *_CASES),
        "STANDARD": standard,
        "DEFAULT": standard,
        "FILE_LAYOUT": _LAYOUT,
        "PACKAGE_AFFINITY": _SAME_OPTIONS,
        "SENSIBLE": _SENSIBLE,
        "STYLE_BASIC": _CASES,
        "STYLE_DEFAULT": (*_CASES, *_STYLE),
        "STYLE_STANDARD": (*_CASES, *_STYLE),
        "OTHER": ("ENUM_FIRST_VALUE_ZERO",),
    }
