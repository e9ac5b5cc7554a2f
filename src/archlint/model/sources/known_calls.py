"""Calls whose result is known from what they are given: formats, defaults, and what changes a text little."""

from __future__ import annotations

FORMATS = frozenset({"sprintf", "format", "fmt", "printf", "formatted"})
SAME = frozenset(
    {
        *("uri", "url", "str", "string", "create", "parse", "tostring", "trim", "strip", "rstrip", "chomp"),
        *("trimsuffix", "trimend", "rtrim", "ofnullable", "freeze", "to_s", "encode", "lstrip", "trimstart"),
        *("stripsuffix", "removesuffix", "parseuri", "must", "httpurl", "tolowercase", "lower", "orempty"),
    }
)
"""Calls whose result is nearly the text that they are given."""
ELSE = frozenset({"orelse", "getorelse", "unwrap_or", "presence", "orelseget", "ifempty", "ifblank"})

FLAGS = frozenset({"string", "stringvar", "stringp", "stringvarp"})
"""Calls that declare an option of a command line in Go: the last but one of three or more arguments is its
default."""


def is_understood_call(name: str) -> bool:
    """Whether a call's result is known from what it is given: formats, and what changes a text little."""
    tail = last_name(name).lower()
    return tail in FORMATS or tail in SAME or tail in ELSE or tail in ("getordefault", "get", "getvalue")


def last_name(name: str) -> str:
    """The last part of a name such as ``self.host``, without the sign that marks names."""
    for sign in ("->", "::", "."):
        name = name.rpartition(sign)[2]
    return name.lstrip("$@")
