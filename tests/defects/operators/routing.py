"""Routes of Alertmanager: made for the teams that a repository's alerts name, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.metamorphic.repositories import Files

PATH = "observability/alertmanager.yaml"
_TEAM = re.compile(r"(?m)^ +team: (?P<team>[\w-]+)$")
_OTHERS = ("payments", "platform")


def _teams(files: Files) -> list[str]:
    """The teams of alerts, and two more."""
    found = {match["team"] for text in files.values() if "alert:" in text for match in _TEAM.finditer(text)}
    return [*sorted(found), *_OTHERS]


def config(teams: list[str]) -> str:
    """One route and one receiver for each team."""
    routes = "".join(f"    - matchers: ['team=\"{team}\"']\n      receiver: pager-{team}\n" for team in teams)
    receivers = "".join(f"  - name: pager-{team}\n" for team in teams)
    return f"route:\n  receiver: everybody\n  routes:\n{routes}receivers:\n  - name: everybody\n{receivers}"


def as_file(text: str) -> tuple[str, int]:
    """A file of its own, and the lines before the configuration."""
    return text, 0


def as_secret(text: str) -> tuple[str, int]:
    """A Secret, as the operator of Prometheus takes it."""
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: alertmanager-main}\nstringData:\n"
    return head + "  alertmanager.yaml: |\n" + re.sub(r"(?m)^(?=.)", "    ", text), 5


def as_object(text: str) -> tuple[str, int]:
    """An AlertmanagerConfig."""
    head = "apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nmetadata: {name: shop}\n"
    inside = re.sub(r"(?m)^(?=.)", "  ", text)
    inside = re.sub(r"'team=\"([\w-]+)\"'", r"{name: team, value: \1}", inside)
    return head + "spec:\n" + inside, 4


FORMS: tuple[Callable[[str], tuple[str, int]], ...] = (as_file, as_secret, as_object)


@seeds("alert-receiver-undefined")
def receiver_misspelt(files: Files) -> Iterator[Defect]:
    """A route names a receiver that is called otherwise, or was taken out."""
    text = config(_teams(files))
    for match in re.finditer(r"(?m)^ +receiver: (?P<name>\S+)$", text):
        name = match["name"]
        for wrong in (f"{name}s", name[:-1], f"team-{name}", "slack"):
            spoilt = text[: match.start("name")] + wrong + text[match.end("name") :]
            for form in FORMS:
                written, shift = form(spoilt)
                first = line_of(spoilt, match.start("name")) + shift
                side = (PATH, line_of(spoilt, spoilt.index("receivers:")) + shift)
                yield Defect(
                    f"{form.__name__} {match.start()} {name} -> {wrong}",
                    {**files, PATH: written},
                    frozenset({(PATH, first)}),
                    frozenset({side}),
                )


@seeds("alert-owner-without-route")
def team_renamed(files: Files) -> Iterator[Defect]:
    """An alert is for a team that is called otherwise in the routes."""
    written, _ = as_file(config(_teams(files)))
    for path, text in sorted(files.items()):
        for match in _TEAM.finditer(text) if "alert:" in text else ():
            team = match["team"]
            for wrong in (f"{team}s", team[:-1], f"team-{team}", f"{team}-old", "growth", "search"):
                spoilt = text[: match.start("team")] + wrong + text[match.end("team") :]
                place = (path, line_of(text, match.start()))
                changed = {**edited(files, path, spoilt), PATH: written}
                sides = frozenset(
                    (PATH, number) for number, line in enumerate(written.split("\n"), 1) if "team=" in line
                )
                yield Defect(f"{path}:{match.start()} {team} -> {wrong}", changed, frozenset({place}), sides)
