"""Which files the ``files`` of an override mean: globs as Spectral's minimatch reads them.

A glob without a slash is the name of a file anywhere; ``*`` and ``?`` stop at slashes, ``**`` does not, and
none of them stands for a dot at the beginning of a name. Each part of a path has an expression of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from archlint.finding.regex import regex
from archlint.model.rulesets.patterns import Pattern, PatternError, read_pattern

_BRACES = regex(r"(?<!\$)\{([^{}]*)\}")
_RANGE = regex(r"(-?\d++)\.\.(-?\d++)\Z")
_CLASS = regex(r"\[(?P<not>[!^]?)(?P<signs>[^\]\\]++)\]")
_GROUP = regex(r"(?P<kind>[?*+@!])\((?P<inner>[^()]*+)\)")
_IN_CLASS = {ord(sign): f"\\{sign}" for sign in "[^"}
_SPECIAL = frozenset("^$.*+?()[]{}|/\\")
_MOST = 64
"""Globs that one with braces may stand for."""
_MOST_GROUPS = 6
_LONGEST = 1_000
_ANY_DEPTH = None
_Part = str | Pattern | None


class GlobError(Exception):
    """A glob that means no file; the text says why."""


def file_matcher(glob: str) -> Callable[[str], bool]:
    """Tells whether a path, relative to the folder of the ruleset, is meant; raises ``GlobError``."""
    text = glob.lstrip("!")
    is_negated = (len(glob) - len(text)) % 2 == 1
    if not text:
        raise GlobError("the pattern is empty")
    if len(text) > _LONGEST:
        raise GlobError(f"the pattern has more than {_LONGEST} signs")
    if text.startswith(("/", "~/", "./")):
        raise GlobError("files are compared as seen from the ruleset, without '/', '~/' or './' in front")
    wanted = [_parts(each) for each in _alternatives(text)]

    def is_meant(path: str) -> bool:
        names = path.split("/")
        found = any(_is_meant(each, names if len(each) > 1 else names[-1:]) for each in wanted)
        return found is not is_negated

    return is_meant


def _alternatives(glob: str) -> Iterator[str]:
    """The globs without braces that one stands for."""
    waiting, made = [glob], 0
    while waiting:
        current = waiting.pop()
        found = next((each for each in _BRACES.finditer(current) if _options(each[1])), None)
        if found is None:
            made += 1
            yield current
        else:
            options = _options(found[1])
            waiting += [f"{current[: found.start()]}{each}{current[found.end() :]}" for each in options]
        if made + len(waiting) > _MOST:
            raise GlobError("the pattern has too many alternatives; write them one by one")


def _options(text: str) -> Sequence[str]:
    """What stands between commas, or the numbers from one to another; nothing for braces that are a text."""
    between = _RANGE.match(text)
    if between is None:
        return text.split(",") if "," in text else ()
    first, last = int(between[1]), int(between[2])
    if abs(last - first) > _MOST:
        raise GlobError("the pattern has too many alternatives; write them one by one")
    step = 1 if last >= first else -1
    return [str(number) for number in range(first, last + step, step)]


def _parts(glob: str) -> tuple[_Part, ...]:
    names = [each for each in glob.split("/") if each] if "//" in glob else glob.split("/")
    if len(names) == 1:
        return (_part(names[0]),)
    return tuple(_ANY_DEPTH if each == "**" else _part(each) for each in names)


def _part(text: str) -> _Part:
    """The name itself where no sign stands for others."""
    if not any(sign in text for sign in "*?[\\("):
        return text
    if text.count("(") > _MOST_GROUPS:
        raise GlobError("a part of the pattern has too many groups in parentheses; write several patterns")
    start = "" if text.startswith((".", "\\.")) else r"(?!\.)"
    try:
        return read_pattern(f"^{start}(?=.)(?:{_expression(text)})$", "s")
    except PatternError:
        raise GlobError(f"'{text}' is not understood") from None


def _expression(text: str) -> str:
    """The regular expression for a part of a path, or what is left of one."""
    made, at = "", 0
    while at < len(text):
        sign = text[at]
        bracket = _CLASS.match(text, at)
        group = _GROUP.match(text, at)
        if group is not None:
            inner = "|".join(map(_expression, group["inner"].split("|")))
            rest = _expression(text[group.end() :])
            if group["kind"] == "!":
                return f"{made}(?:(?!(?:{inner}){rest}$).*?){rest}"
            return f"{made}(?:{inner}){group['kind'].strip('@')}{rest}"
        if sign == "\\" and at + 1 < len(text):
            made += _escaped(text[at + 1])
            at += 2
        elif bracket is not None:
            made += f"[{'^' if bracket['not'] else ''}{bracket['signs'].translate(_IN_CLASS)}]"
            at = bracket.end()
        else:
            made += {"*": ".*?", "?": "."}.get(sign) or _escaped(sign)
            at += 1
    return made


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign in _SPECIAL else sign


def _is_meant(parts: Sequence[_Part], names: Sequence[str]) -> bool:
    """Whether a whole path is meant; the first fit after each ``**`` suffices."""
    at = seen = 0
    retry: tuple[int, int] | None = None
    while at < len(names):
        part = parts[seen] if seen < len(parts) else ""
        if part is _ANY_DEPTH:
            seen += 1
            retry = (seen, at)
        elif _fits(part, names[at]):
            seen, at = seen + 1, at + 1
        elif retry is not None and not names[retry[1]].startswith("."):
            seen, at = retry[0], retry[1] + 1
            retry = (seen, at)
        else:
            return False
    return seen == len(parts)


def _fits(part: str | Pattern, name: str) -> bool:
    return part == name if isinstance(part, str) else part.is_in(name)
