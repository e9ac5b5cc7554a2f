"""Observations become findings: message, severity, resolved places and fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from re import Match

from archlint.finding import (
    Finding,
    Location,
    ObjectRef,
    Observation,
    Place,
    RelatedPlace,
    Rule,
    Severity,
    Span,
)
from archlint.finding.articles import article
from archlint.finding.digest import blake2b
from archlint.finding.regex import regex
from archlint.judging.other_tools import names_elsewhere

_ARTICLES = ("the ", "a ", "an ", "each ")
_PLACEHOLDER = regex(r"\{([a-z_][a-z0-9_]*)\}")
_OPEN_ARTICLE = regex(r"\b([Aa]n?) (['`]?)(?=\{([a-z_][a-z0-9_]*)\})")
"""An article whose noun is an argument."""


def resolve(
    rule: Rule,
    seen: Observation,
    severities: Mapping[str, Severity],
    *,
    subject: ObjectRef | None = None,
    through: tuple[str, ...] = (),
) -> Finding:
    """The finding for what a rule has seen in a subject.

    ``severities`` are those that the configuration sets, by code or name elsewhere; ``through`` are the paths
    of the contract roots, kustomizations and the like that led to the subject.
    """
    about = seen.object or subject
    identity = seen.identity if seen.identity is not None else seen.place.source.names(seen.place.route)
    aliases = names_elsewhere(rule.aliases if seen.aliases is None else seen.aliases, about, seen.place)
    said = severities and _severity_of((rule.code, *aliases), severities)
    severity = said or seen.severity or rule.severity
    return Finding(
        code=rule.code,
        rule=rule.name,
        severity=severity,
        confidence=rule.confidence,
        message=format_message(rule.messages[seen.message_id], seen.arguments),
        message_id=seen.message_id,
        arguments=dict(seen.arguments),
        location=_locate(seen.place),
        fingerprint=fingerprint(rule.code, about, identity),
        object=about,
        operations=tuple(sorted(set(seen.operations))) if seen.operations else (),
        aliases=aliases,
        ignored_as=rule.ignored_as if seen.ignored_as is None else seen.ignored_as,
        related=_related(seen),
        fix=seen.fix,
        witness=seen.witness,
        unproved=seen.unproved if severity is Severity.ERROR and seen.witness is None else None,
        through=through,
    )


def _severity_of(names: Iterable[str], severities: Mapping[str, Severity]) -> Severity | None:
    """The severity that is set under the first of some names; of several names elsewhere the gravest."""
    code, *elsewhere = names
    return severities.get(code) or max(
        (severities[name] for name in elsewhere if name in severities), default=None
    )


def format_message(template: str, arguments: Mapping[str, str]) -> str:
    """The template with ``{name}`` replaced; a name without an argument stays as it is.

    An article before such a name becomes the one with which its argument is spoken. A sentence that begins
    with an article that an argument brings begins with a capital letter; names of schemas and keywords stay
    as they are written.
    """
    if _has_open_article(template):
        template = _OPEN_ARTICLE.sub(lambda found: _articled(found, arguments), template)
    try:
        text = _with_percents(template) % arguments
    except KeyError:
        text = _PLACEHOLDER.sub(lambda found: arguments.get(found[1], found[0]), template)
    return f"{text[0].upper()}{text[1:]}" if text.startswith(_ARTICLES) else text


@cache
def _has_open_article(template: str) -> bool:
    """Looked for once, as 10,000 findings may have the same template."""
    return _OPEN_ARTICLE.search(template) is not None


def _articled(found: Match[str], arguments: Mapping[str, str]) -> str:
    """An article as it has to be before the argument that follows it."""
    right = article(arguments.get(found[3], ""))
    return f"{right.capitalize() if found[1][0] == 'A' else right} {found[2]}"


@cache
def _with_percents(template: str) -> str:
    """The template as Python fills it in without a look for names."""
    return _PLACEHOLDER.sub(r"%(\1)s", template.replace("%", "%%"))


def fingerprint(code: str, about: ObjectRef | None, names: Iterable[str]) -> str:
    """A digest of what a finding is about: the rule, the object and the names below it, and no position."""
    parts = [code, *((about.kind, about.namespace or "", about.name) if about else ("", "", "")), *names]
    text = "\0".join(parts)
    if text.count("\0") >= len(parts):  # a name has one, as hardly any does
        text = "\0".join(part.replace("\0", "\\0") for part in parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _related(seen: Observation) -> tuple[Location, ...]:
    """The other places that matter, and where something built was put into its object, if that is another
    line than the one that set it."""
    told = tuple(_locate(other.place, other.message) for other in seen.related)
    around: Callable[[], RelatedPlace] | None = getattr(seen.place.source, "around", None)
    if around is None:
        return told
    here, there = _locate(seen.place), around()
    found = _locate(there.place, there.message)
    known = {(place.path, place.span.line) for place in (here, *told)}
    return told if (found.path, found.span.line) in known else (*told, found)


def _locate(place: Place, message: str = "") -> Location:
    span: Span = place.span()
    source = place.source
    return Location(source.path, span, source.index, place.pointer(), source.revision, message)
