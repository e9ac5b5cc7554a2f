"""How plain YAML scalars are read: like Kubernetes (go-yaml v2, YAML 1.1) or like OpenAPI (YAML 1.2 core).

Sources: the YAML 1.2.2 core schema (section 10.3.2) and the resolution table of go-yaml v2, which
sigs.k8s.io/yaml uses: ``y``, ``yes``, ``on`` and their opposites are booleans, ``0755`` is octal,
``1_000`` is a number, time stamps stay strings.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from archlint.finding.regex import regex

Scalar = str | int | float | bool | None


class Reading(StrEnum):
    """Which specification decides what a plain scalar means."""

    KUBERNETES = "kubernetes"
    CORE = "core"


_NULLS = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_CORE_WORDS: dict[str, Scalar] = {
    **_NULLS,
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_KUBERNETES_WORDS: dict[str, Scalar] = {
    **_CORE_WORDS,
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CORE_INT = regex(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_GO_INT = regex(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)\Z")
_MAY_BE_NUMBER = frozenset("0123456789+-.")
_MOST_DIGITS = 3500  # int() and str() refuse more than 4300, and no reader means a number


def read_core(text: str) -> Scalar:
    """The value of a plain scalar in the YAML 1.2 core schema."""
    if text in _CORE_WORDS:
        return _CORE_WORDS[text]
    if text[0] not in _MAY_BE_NUMBER or len(text) > _MOST_DIGITS:
        return text
    if _CORE_INT.match(text):
        return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
    return float(text) if _FLOAT.match(text) else text


def read_kubernetes(text: str) -> Scalar:
    """The value of a plain scalar as go-yaml v2, and so kubectl and the API server, read it."""
    if text in _KUBERNETES_WORDS:
        return _KUBERNETES_WORDS[text]
    if text[0] not in _MAY_BE_NUMBER or len(text) > _MOST_DIGITS:
        return text
    plain = text.replace("_", "")
    if _GO_INT.match(plain):
        return _go_integer(plain)
    return float(plain) if _FLOAT.match(plain) else text


def _go_integer(plain: str) -> int:
    digits = plain.lstrip("+-")
    sign = -1 if plain.startswith("-") else 1
    if len(digits) > 1 and digits[0] == "0" and digits[1] in "01234567":
        return sign * int(digits, 8)
    return sign * int(digits, 0)


READERS: dict[Reading, Callable[[str], Scalar]] = {
    Reading.CORE: read_core,
    Reading.KUBERNETES: read_kubernetes,
}
