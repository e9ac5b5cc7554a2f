"""Who is called: all services of a repository say it, and all owners have a route of alerts, but for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.operators.dashboards import NAMES, as_config_map, as_files, dashboard
from tests.metamorphic.repositories import Files

_COMPONENT = re.compile(
    r"(?ms)^kind: Component\nmetadata:\n  name: (?P<name>[\w-]+)\n.*?^  annotations:\n"
    r".*?^  type: service\n.*?^  owner: (?P<owner>[\w-]+)$"
)
_NOTES = (
    "pagerduty.com/service-id",
    "pagerduty.com/integration-key",
    "opsgenie.com/component-selector",
    "opsgenie.com/team",
)
_ROUTES = "observability/alertmanager.yaml"


def _components(files: Files) -> list[tuple[str, re.Match[str]]]:
    """The services of the catalog, one for each file."""
    return [
        (path, match)
        for path, text in sorted(files.items())
        if path.endswith("catalog-info.yaml") and (match := _COMPONENT.search(text))
    ]


@seeds("on-call-unknown")
def nobody_to_call(files: Files) -> Iterator[Defect]:
    """All services but one say whom to call."""
    found = _components(files)
    for left, component in found:
        for note in _NOTES:
            changed = dict(files)
            sides: set[Line] = set()
            for path, match in found:
                at = (
                    match.end("name")
                    - match.start()
                    + match[0][match.end("name") - match.start() :].index("  annotations:\n")
                )
                at += match.start() + len("  annotations:\n")
                if path != left:
                    text = files[path]
                    changed[path] = f"{text[:at]}    {note}: {match['name']}\n{text[at:]}"
                    sides.add((path, line_of(text, at)))
            first = line_of(files[left], component.start("name"))
            last = line_of(files[left], component.start("owner"))
            places = frozenset((left, number) for number in range(first, last + 1))
            yield Defect(f"{component['name']} without {note}", changed, places, frozenset(sides))


def _by_value(label: str, values: list[str]) -> str:
    entries = "".join(f"    - matchers: ['{label}=\"{value}\"']\n      receiver: pager\n" for value in values)
    return f"route:\n  receiver: nobody\n  routes:\n{entries}"


def _by_object(label: str, values: list[str]) -> str:
    entries = "".join(f"    - match:\n        {label}: {value}\n      receiver: pager\n" for value in values)
    return f"route:\n  receiver: nobody\n  routes:\n{entries}"


@seeds("owner-without-route")
def no_route_for_the_owner(files: Files) -> Iterator[Defect]:
    """Alertmanager has a route for each owner of services but one."""
    found = _components(files)
    owners = sorted({match["owner"] for _, match in found})
    for left in owners:
        places = {
            (path, line_of(files[path], match.start("owner")))
            for path, match in found
            if match["owner"] == left
        }
        for label, cut in (("team", ""), ("owner", "team-"), ("squad", "team-")):
            values = [owner.removeprefix(cut) for owner in owners if owner != left]
            for write in (_by_value, _by_object):
                text = write(label, values) + "receivers: [{name: nobody}, {name: pager}]\n"
                sides = frozenset((_ROUTES, number) for number in range(1, text.count("\n") + 1))
                yield Defect(
                    f"no route for {left} by {label} ({write.__name__})",
                    {**files, _ROUTES: text},
                    frozenset(places),
                    sides,
                )


@seeds("service-without-dashboard")
def none_for_one(files: Files) -> Iterator[Defect]:
    """Each service has a dashboard but one."""
    named = re.compile(r"(?m)^kind: Deployment\nmetadata:\n  name: (?P<name>[\w-]+)$")
    queries = (
        'sum(rate(http_requests_total{{job="{0}"}}[5m]))',
        "rate({1}_calls_total[5m])",
        'up{{app="{0}"}}',
    )
    for left in NAMES:
        lines = {
            (path, line_of(text, match.start("name")))
            for path, text in files.items()
            if path.endswith(".yaml") and "/templates/" not in path
            for match in named.finditer(text)
            if match["name"] == left
        }
        for number, query in enumerate(queries):
            made = {
                name: dashboard(name, name, "metrics", query.format(name, name.replace("-", "_")))
                for name in NAMES
                if name != left
            }
            written = (as_files, as_config_map)[number % 2](made)
            texts = {path: text for path, text, _ in written.values()}
            sides = frozenset(
                (path, line) for path, text in texts.items() for line in range(1, text.count("\n") + 2)
            )
            yield Defect(f"{left} has none ({number})", {**files, **texts}, frozenset(lines), sides)
