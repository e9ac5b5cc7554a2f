"""Strings: patterns, lengths, formats and single values that are shut out."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.schemas import formats, patterns
from archlint.comparison.schemas.answers import Found, Outcome, Unknown
from archlint.comparison.schemas.facts import Facts, Solver, excluded, first_fit, none
from archlint.comparison.schemas.languages import Language, Unsupported, find_string
from archlint.comparison.schemas.languages.automaton import Automaton
from archlint.comparison.schemas.values import Undecided

_LONGEST = 1_000_000
"""Characters of a string that is still built where no pattern has to be asked."""


def find_text(solver: Solver, facts: Facts) -> Outcome:
    """A string that meets the conditions."""
    shortest = facts.least("minLength", "maxLength")
    longest = facts.most("maxLength", "minLength")
    if longest is not None and shortest > longest:
        return none("no length lies within the bounds")
    for name in facts.violated.get("format", ()):
        if any(formats.implies(known, name) for known in facts.fulfilled.get("format", ())):
            return none(f"every string of the format is one of {name}")
    found = first_fit(solver, facts, _likely(facts, shortest, longest))
    if found is not None:
        return found
    try:
        return _search(solver, facts, shortest, longest)
    except (Undecided, Unsupported) as problem:
        return Unknown(str(problem))


def _likely(facts: Facts, shortest: int, longest: int | None) -> Iterator[str]:
    """Strings to try before patterns are asked: of the format, then plain ones."""
    for name in facts.fulfilled.get("format", ()):
        yield from formats.SAMPLES[name]
        for limit in (shortest, longest):
            text = formats.stretched(name, limit) if limit and limit <= _LONGEST else None
            if text is not None:
                yield text
    length = max(shortest, 1 if longest is None else min(1, longest))
    if length <= _LONGEST:
        for char in "axA0-":
            yield char * length
    if shortest == 0:
        yield ""


def _search(solver: Solver, facts: Facts, shortest: int, longest: int | None) -> Outcome:
    wanted: list[Automaton] = []
    unwanted: list[Automaton] = []
    for source, sign in ((facts.fulfilled, True), (facts.violated, False)):
        for part in source.get("pattern", ()):
            (wanted if part.wanted is sign else unwanted).append(part.automaton)
    for name in facts.fulfilled.get("format", ()):
        known = patterns.parts(formats.PATTERNS[name]) if name in formats.PATTERNS else ()
        wanted.extend(part.automaton for part in known if not isinstance(part, str))
    shut = [text for text in excluded(facts) if isinstance(text, str)]
    if shut:
        unwanted.append(patterns.exactly(tuple(sorted(set(shut)))))
    search = solver.search()
    for longer in range(8):
        text = find_string(Language(tuple(wanted), tuple(unwanted), shortest + longer, longest), search)
        if text is None:
            return none("no string matches the one and not the other") if not longer else _gave_up(facts)
        if facts.test(solver, text):
            return Found(text)
        if facts.opaque:
            break
    return _gave_up(facts)


def _gave_up(facts: Facts) -> Unknown:
    if facts.opaque:
        return Unknown(facts.opaque)
    names = [*facts.fulfilled.get("format", ()), *facts.violated.get("format", ())]
    return Unknown(f"no string was found, formats: {', '.join(names)}" if names else "no string was found")
