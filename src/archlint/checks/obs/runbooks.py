"""Alerts and what they tell the person who is called."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from archlint.checks import Observation, Options, join, observe
from archlint.checks.obs.customs import custom_of, like
from archlint.documents import Node, TextFile
from archlint.finding import Span
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.telemetry.alerts import AlertRule
from archlint.model.telemetry.handed_out import is_handed_out
from archlint.model.telemetry.headings import headings_of, may_lead_to
from archlint.model.telemetry.links import RunbookLink, page_stem
from archlint.model.world import World


@join(AlertRule)
def alert_without_runbook(alert: AlertRule, world: World, options: Options) -> Iterator[Observation]:
    """An alert that names no runbook, where others do so often that it is the custom of the repository."""
    is_silent = alert.severity in options["ignored-severities"] or alert.calls_nobody
    if is_silent or _runbook(alert, options) is not None:
        return
    names, ignored = options["annotations"], options["ignored-severities"]
    custom = custom_of(world, repr((names, ignored)), lambda item: _own_runbook(item, options), ignored)
    if custom.is_kept(options["share"]) and not alert.is_elsewhere:
        yield observe(
            alert.annotations.get(options["annotations"][0]).place(),
            related=like(custom),
            identity=(alert.group, alert.name),
            alert=alert.name,
            annotation=options["annotations"][0],
            known=custom.known,
            total=custom.total,
        )


def _own_runbook(alert: AlertRule, options: Options) -> Node | None:
    """The runbook of an alert, if it is not one that came with rules of somebody else."""
    node = _runbook(alert, options)
    return None if node is None or is_handed_out(node.text or "") else node


def _runbook(alert: AlertRule, options: Options) -> Node | None:
    named = (alert.annotations.get(name) for name in options["annotations"])
    return next((node for node in named if (node.text or "").strip()), None)


@join(RunbookLink)
def runbook_link_broken(link: RunbookLink, world: World, options: Options) -> Iterator[Observation]:
    """A link to a page, or a heading of one, that is not in the repository."""
    alert = link.alert
    identity = (alert.group, alert.name, str(link.node.route[-1]))
    if link.file is None:
        near = _nearest_page(link.path, world)
        hint = f" The nearest is '{near}'." if near else ""
        yield observe(link.node.value_place(), identity=identity, alert=alert.name, path=link.path, hint=hint)
    elif link.anchor and may_lead_to(world, link.file, link.anchor) is False:
        found = headings_of(world, link.file)
        names = {"-".join(heading.text.lower().split()): heading for heading in found}
        near = SimilarNames(names).nearest(link.anchor.lower())
        page = TextFile(link.file, world.tree.revision)
        shown = names[near] if near else found[0] if found else None
        yield observe(
            link.node.value_place(),
            "anchor",
            related=[(page.place(Span(shown.line, 1, shown.line, 2)), "a heading of the page")]
            if shown
            else [],
            identity=identity,
            alert=alert.name,
            path=link.file,
            anchor=link.anchor,
            hint=f" Did you mean '{names[near].text}'?" if near else "",
        )


def _nearest_page(path: str, world: World) -> str | None:
    """The page whose name is most like that of one that is missing, if it lies in the same folder."""
    pages = world.fact(_pages_by_folder).get(dirname(path), {})
    wanted = basename(path)
    near = SimilarNames(pages).nearest(page_stem(wanted) or wanted)
    return pages[near] if near else None


def _pages_by_folder(world: World) -> dict[str, dict[str, str]]:
    """The pages of each folder, by their names without ending."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(world.kinds):
        stem = page_stem(path)
        if stem:
            found.setdefault(dirname(path), {})[basename(stem)] = path
    return found
