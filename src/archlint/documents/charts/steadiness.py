"""What differs from one rendering to the next (passwords, certificates, the time) is held still, so that what
is found stays the same.

The time is rewritten in the text of actions. What is left is found by rendering twice: a scalar that differs
gets a stand-in of the same length, which keeps the beginning that both have in common up to a sign. Numbers
and booleans that differ are unknown, as variables without a value are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import commonprefix
from typing import Any

from archlint.documents.charts.template_marks import actions
from archlint.finding.regex import regex

_NOW = regex(r'"(?:[^"\\\n]|\\.)*+"?|`[^`]*+`?|(?<![\w.$])now(?!\w)')
_FIXED = '(toDate "2006-01-02" "2026-01-01")'
_CHANGING = regex(
    r"\b(?:rand\w+|uuidv4|shuffle|gen\w*(?:CA|Cert|Key)\w*|htpasswd|bcrypt|encryptAES|derivePassword|unixEpoch|ago)\b"
)
_COSTS = regex(r"\bgen(?:CA|SignedCert|SelfSignedCert|PrivateKey)")
_COSTLY = regex(
    r'"(?:[^"\\\n]|\\.)*+"?|`[^`]*+`?'
    r"|(?<![\w.$])(?:(gen(?:CA|SignedCert|SelfSignedCert)(?:WithKey)?)(?!\w)"
    r'|(genPrivateKey(?=\s{1,20}"rsa")))'
)
_CERTIFICATE = r'(print "-----BEGIN CERTIFICATE-----\nMII" (repeat 1050 "x") "\n-----END CERTIFICATE-----\n")'
_KEY = r'(print "-----BEGIN RSA PRIVATE KEY-----\nMII" (repeat 1600 "x") "\n-----END RSA PRIVATE KEY-----\n")'
UNKNOWN = "${random}"
_SIGN = regex(r"[^-_./:@ ]+$")


def with_fixed_time(text: str) -> str:
    """The text of a template in which it is always the same day."""
    if "now" not in text:
        return text
    parts: list[str] = []
    here = 0
    for start, end in actions(text):
        parts += [text[here:start], _NOW.sub(_fixed, text[start:end])]
        here = end
    return "".join([*parts, text[here:]])


def _fixed(found: re.Match[str]) -> str:
    return _FIXED if found[0] == "now" else found[0]


def with_cheap_secrets(text: str) -> str:
    """The text of a template that makes no keys and certificates, which take a second each, but what looks
    like them."""
    if not _COSTS.search(text):
        return text
    parts: list[str] = []
    here = 0
    for start, end in actions(text):
        parts += [text[here:start], _COSTLY.sub(_cheap, text[start:end])]
        here = end
    return "".join([*parts, text[here:]])


def _cheap(found: re.Match[str]) -> str:
    """What takes the same arguments: ``dict`` takes those of certificates for more entries."""
    if found[1]:
        return f'dict "Cert" {_CERTIFICATE} "Key" {_KEY}'
    return f"print {_KEY}" if found[2] else found[0]


def may_change(texts: Iterable[str]) -> bool:
    """Whether templates use anything that gives another result each time."""
    return any(_CHANGING.search(text) for text in texts)


def steady(one: Any, other: Any) -> Any:
    """What two renderings of one thing have in common, with stand-ins for scalars that differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: steady(item, other[key]) if key in other else item for key, item in one.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [steady(a, b) for a, b in zip(one, other, strict=True)]
    if one == other or isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return one
    if isinstance(one, str) and isinstance(other, str):
        common = _SIGN.sub("", commonprefix([one, other]))
        return common + "x" * (min(len(one), len(other)) - len(common))
    return UNKNOWN
