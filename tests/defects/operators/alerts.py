"""Alerts: what they say to the person who is called, and who that is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_LINK = re.compile(r"(?m)^ +runbook_url: (?P<url>https?://\S+?/(?P<page>[\w./-]+))(?:#(?P<anchor>[\w-]+))?$")
_HEADING = re.compile(r"(?m)^##+ (?P<text>.+)$")


def _links(files: Files) -> Iterator[tuple[str, re.Match[str]]]:
    for path, text in sorted(files.items()):
        if "alert:" in text and "/templates/" not in path:
            for match in _LINK.finditer(text):
                yield path, match


def _page_of(files: Files, link: re.Match[str]) -> str | None:
    found = [path for path in files if path.endswith(f"/{link['page']}.md")]
    return found[0] if found else None


def _lines(path: str, text: str, match: re.Match[str]) -> frozenset[Line]:
    return frozenset({(path, line_of(text, match.start("url")))})


@seeds("runbook-link-broken")
def page_misspelt(files: Files) -> Iterator[Defect]:
    """The link of an alert leads to a page that is called otherwise."""
    for path, match in _links(files):
        text = files[path]
        for wrong in (
            f"{match['page']}s",
            match["page"][:-1],
            f"{match['page']}-old",
            f"old/{match['page']}",
        ):
            spoilt = text[: match.start("page")] + wrong + text[match.end("page") :]
            what = f"{path}:{match.start()} {match['page']} -> {wrong}"
            yield Defect(what, edited(files, path, spoilt), _lines(path, text, match))


@seeds("runbook-link-broken")
def anchor_misspelt(files: Files) -> Iterator[Defect]:
    """The link of an alert leads to a heading that is called otherwise."""
    for path, match in _links(files):
        text, page = files[path], _page_of(files, match)
        if match["anchor"] and page:
            for wrong in (f"{match['anchor']}s", f"about-{match['anchor']}"):
                spoilt = text[: match.start("anchor")] + wrong + text[match.end("anchor") :]
                what = f"{path}:{match.start()} #{match['anchor']} -> {wrong}"
                yield Defect(what, edited(files, path, spoilt), _lines(path, text, match))


@seeds("runbook-link-broken")
def heading_renamed(files: Files) -> Iterator[Defect]:
    """A runbook's heading is renamed, and the alert still leads to the one before."""
    for path, match in _links(files):
        page = _page_of(files, match)
        for heading in _HEADING.finditer(files[page]) if page and match["anchor"] else ():
            if re.sub(r"\W+", "-", heading["text"].lower()) == match["anchor"]:
                renamed = (
                    files[page][: heading.start("text")] + "What to do" + files[page][heading.end("text") :]
                )
                what = f"{page}: {heading['text']} renamed, {path}:{match.start()}"
                yield Defect(what, edited(files, page, renamed), _lines(path, files[path], match))


_USUAL = 0.7


def _without_label(files: Files, label: str) -> Iterator[Defect]:
    """A label is taken out of one alert, or emptied."""
    alert = re.compile(r"(?m)^ +- alert: (?P<name>\w+)\n(?:(?! +- (?:alert|record): ).*\n?)*")
    told = [
        (path, text, match)
        for path, text in sorted(files.items())
        if "alert:" in text and "/templates/" not in path
        for match in alert.finditer(text)
    ]
    labelled = sum(f" {label}: " in match[0] for _, _, match in told)
    if labelled - 1 < _USUAL * len(told):
        return  # the label is no custom there
    for path, text, match in told:
        first = line_of(text, match.start())
        places = frozenset((path, first + step) for step in range(match[0].count("\n") + 1))
        for pattern, new in (
            (rf"(?m)^( +){label}: .*\n", ""),
            (rf"(?m)^( +){label}: .*\n", r"\1x-" + label + ": page\n"),
            (rf"(?m)^( +){label}: .*\n", r"\1" + label + ': ""\n'),
            (rf"(?m)^( +){label}: .*\n", r"\1" + label + ": null\n"),
            (r"(?m)^ +labels:\n(?:            .*\n)+", ""),
            (r"(?m)^ +labels:\n((?:            .*\n)+)", r"          x-labels:\n\1"),
        ):
            spoilt = re.sub(pattern, new, match[0], count=1)
            if spoilt != match[0]:
                changed = text[: match.start()] + spoilt + text[match.end() :]
                what = f"{path} {match['name']} without {label}: {pattern} {new!r}"
                yield Defect(what, edited(files, path, changed), places)


@seeds("alert-without-severity")
def severity_lost(files: Files) -> Iterator[Defect]:
    """An alert of which nobody knows how urgent it is."""
    return _without_label(files, "severity")


@seeds("alert-without-owner")
def owner_lost(files: Files) -> Iterator[Defect]:
    """An alert of which nobody knows whom it calls."""
    return _without_label(files, "team")
