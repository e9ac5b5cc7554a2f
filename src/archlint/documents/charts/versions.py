"""Version constraints as charts write them: ``>=1.19.0-0``, ``2.x.x``, ``^1.2 || ~2.1``, ``1.2 - 1.4``.

Source: the rules of Masterminds/semver, which Helm uses.
"""

from __future__ import annotations

from archlint.finding.regex import regex

_VERSION = regex(
    r"v?(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?(-[0-9A-Za-z.-]{1,80})?(?:\+\S{1,80})?"
)
_PART = regex(r"(=|!=|>=|=>|<=|=<|>|<|~>?|\^)?\s*([^\s,]+)[\s,]*")
_RANGE = regex(r"(?<!\S)(\S+)\s+-\s+(\S+)")
_LONGEST = 300
Numbers = tuple[int, int, int]


def satisfies(version: str, constraint: str) -> bool | None:
    """Whether a version is one of those that a constraint allows; ``None`` if either cannot be read."""
    found = _VERSION.fullmatch(version.strip())
    if found is None or len(constraint) > _LONGEST:
        return None
    numbers, is_pre = _numbers(found.groups()), found[4] is not None
    results = [_all(numbers, is_pre, part) for part in constraint.split("||")]
    if any(result is None for result in results):
        return None
    return any(results)


def _all(version: Numbers, is_pre: bool, constraint: str) -> bool | None:
    text = _RANGE.sub(r">=\1 <=\2", constraint.strip()) or "*"
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        wanted = None if part is None else _VERSION.fullmatch(part[2])
        if part is None or wanted is None:
            return None
        if not _fits(version, part[1] or "", wanted.groups(), is_pre):
            return False
        at = part.end()
    return True


def _fits(version: Numbers, sign: str, wanted: tuple[str | None, ...], is_pre: bool) -> bool:
    if is_pre and wanted[3] is None:
        return False
    low = _numbers(wanted)
    fixed = next((at for at in range(3) if wanted[at] is None or wanted[at] in ("x", "X", "*")), 3)
    is_inside = version[:fixed] == low[:fixed]
    if sign in ("", "="):
        return is_inside
    if sign == "!=":
        return not is_inside
    if sign in (">=", "=>"):
        return version >= low
    if sign in ("<=", "=<"):
        return version <= low or is_inside
    if sign == ">":
        return version > low and not is_inside
    if sign == "<":
        return version < low
    if sign == "^":
        first = next((at for at in range(fixed) if low[at]), max(fixed - 1, 0))
        return version >= low and version[: first + 1] == low[: first + 1]
    return version >= low and version[: min(fixed, 2)] == low[: min(fixed, 2)]


def _numbers(groups: tuple[str | None, ...]) -> Numbers:
    first, second, third = (int(part) if part is not None and part.isdigit() else 0 for part in groups[:3])
    return first, second, third
