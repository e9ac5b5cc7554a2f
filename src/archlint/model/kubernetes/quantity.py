"""Kubernetes quantities (``500m``, ``1.5Gi``, ``1e3``) as exact numbers.

Source: the grammar in ``k8s.io/apimachinery/pkg/api/resource``: a signed decimal number, then nothing, one of
the decimal suffixes n u m k M G T P E, one of the binary suffixes Ki Mi Gi Ti Pi Ei, or a decimal exponent.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from archlint.finding.regex import regex

_QUANTITY = regex(
    r"([+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?\Z"
)
_LONGEST = 64  # more characters mean no quantity, and exact arithmetic on them would cost time
_FACTORS = {
    **{suffix: Fraction(10) ** power for suffix, power in zip("num", (-9, -6, -3), strict=True)},
    **{suffix: Fraction(1000) ** power for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": Fraction(1024) ** power for power, suffix in enumerate("KMGTPE", 1)},
}


def parse_quantity(value: object) -> Fraction | None:
    """The exact number that a quantity means, in its base unit (cores, bytes); ``None`` if it is no quantity.

    Takes text and plain numbers, since manifests may write ``cpu: 2`` and ``cpu: 0.5`` without quotes.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return _parse(value if isinstance(value, str) else _digits(value))


def _digits(number: int | float) -> str:
    """The text of a number; one too long to be a quantity becomes a text that is none."""
    if isinstance(number, int) and number.bit_length() > 4 * _LONGEST:
        return ""
    return repr(number)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Fraction | None:
    found = _QUANTITY.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    number = Fraction(Decimal(found[1]))
    if found[2]:
        return number * _FACTORS[found[2]]
    return number * Fraction(10) ** int(found[3]) if found[3] else number
