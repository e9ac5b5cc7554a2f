"""Decisions of a team: numbers that two of them have, statuses, and later ones that replace earlier ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import permutations

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_FILE = re.compile(r"(?P<folder>.*(?:adr|adrs|decisions))/(?P<number>\d{4})-(?P<slug>[\w-]+)\.md\Z")
_WORKLOAD = re.compile(r"(?m)^kind: Deployment\nmetadata:\n  name: (?P<name>[\w-]+)$")
_STATUS = re.compile(r"(?m)^Status: .*$")


def _decisions(files: Files) -> list[tuple[str, re.Match[str], str]]:
    return [
        (path, match, text)
        for path, text in sorted(files.items())
        if (match := _FILE.match(path)) is not None
    ]


def _with_status(text: str, status: str) -> tuple[str, int]:
    """The text with another status, and the line where that begins."""
    match = _STATUS.search(text)
    assert match is not None
    changed = text[: match.start()] + status + text[match.end() :]
    return changed, line_of(text, match.start())


@seeds("decision-number-doubled")
def two_of_one_number(files: Files) -> Iterator[Defect]:
    """Another decision that was written on another branch at the same time."""
    for path, match, text in _decisions(files):
        for slug in ("use-queues", "one-cluster", "no-shared-code", "aardvarks"):
            for form in ("{0:04}-{1}.md", "{0}-{1}.md", "adr-{0:03}-{1}.md"):
                number = int(match["number"])
                other = f"{match['folder']}/{form.format(number, slug)}"
                both = frozenset({(path, 1), (other, 1)})
                changed = {**files, other: f"# {number}. {slug}\n\n{text.partition(chr(10) * 2)[2]}"}
                yield Defect(f"{other} beside {path}", changed, both, both)


def _stated(files: Files, forms: Iterable[str]) -> Iterator[Defect]:
    """Each decision with each of some statuses, whose last line is wrong."""
    for path, _, text in _decisions(files):
        for form in forms:
            changed, line = _with_status(text, form)
            at = line + form.count("\n")
            yield Defect(f"{path}: {form!r}", edited(files, path, changed), frozenset({(path, at)}))


@seeds("decision-status-unknown")
def misspelt_status(files: Files) -> Iterator[Defect]:
    """A word that is none of those for the state of a decision."""
    wrong = ("acepted", "aproved", "propsed", "rejcted", "suposed to be", "unclear", "see below", "maybe")
    forms = ("Status: {}", "## Status\n\n{}", "* **Status:** {}")
    yield from _stated(files, [form.format(word) for word in wrong for form in forms])


@seeds("decision-replaced-by-none")
def replaced_by_what_is_not_there(files: Files) -> Iterator[Defect]:
    """A decision that names another one, which was never written or has another number."""
    forms = (
        "Status: superseded by [ADR 41](0041-other.md)",
        "## Status\n\nSuperseded by ADR-0041",
        "* Status: superseded by 0041",
        "Status: accepted\n\nSupersedes ADR 41",
        "Status: accepted\n\n- Replaces: [the old way](./0041-old.md)",
        "Status: **Replaced by ADR-41**",
        "Status: accepted\nSupersedes: 0041",
    )
    yield from _stated(files, forms)


@seeds("decision-replaced-and-in-force")
def replaced_and_still_accepted(files: Files) -> Iterator[Defect]:
    """A decision that a later one replaces, and whose own status was not changed."""
    forms = (
        "Status: accepted\n\nSupersedes [ADR {0}]({1})",
        "Status: accepted\n\n* Supersedes: ADR-{0:04}",
        "## Status\n\nAccepted, supersedes ADR {0}",
        "Status: accepted\n\nReplaces [{0:04}]({1}).",
    )
    found = _decisions(files)
    for (old, match, before), (path, later, text) in permutations(found, 2):
        if int(match["number"]) >= int(later["number"]):
            continue
        for form in forms:
            for word in ("accepted", "Accepted", "approved"):
                status = form.format(int(match["number"]), old.rpartition("/")[2])
                changed, line = _with_status(text, status)
                earlier, at = _with_status(before, f"Status: {word}")
                side: frozenset[Line] = frozenset({(path, line + status.count("\n"))})
                both = {**files, path: changed, old: earlier}
                yield Defect(f"{path} replaces {old} ({word})", both, frozenset({(old, at)}), side)


@seeds("decision-names-gone-service")
def service_that_was_removed(files: Files) -> Iterator[Defect]:
    """A service that is deleted while a decision in force speaks of it."""
    homes = {
        match["name"]: path
        for path, text in sorted(files.items())
        if "/templates/" not in path and "/rendered/" not in path and "kind: Service\n" in text
        if (match := _WORKLOAD.search(text)) is not None
    }
    forms = ("It is `{}` that keeps it.", "The {} service alone keeps it.", "Ask the service {} for it.")
    for name, home in sorted(homes.items()):
        for path, _, text in _decisions(files):
            for form in forms:
                before = {**files, path: f"{text}\n{form.format(name)}\n"}
                after = {key: value for key, value in before.items() if key != home}
                line = before[path].count("\n")
                side = frozenset({(home, number) for number in range(1, files[home].count("\n") + 1)})
                what = f"{name} is gone from {path} ({form})"
                yield Defect(what, after, frozenset({(path, line)}), side, base=before)
