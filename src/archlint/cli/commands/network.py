"""``archlint network``: who can connect to whom, by all network policies together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG, EXCLUDE, ISOLATED, NO_CACHE, TRACKED, format_option, with_options
from archlint.cli.output import tell
from archlint.cli.session import Session, open_session
from archlint.cli.sides import given_side, named_files, start_of
from archlint.cli.unknown import NamedGroup
from archlint.engine.network import compare_networks, explain_network, list_network, suggest_network
from archlint.engine.request import Request, Side, covers_everything
from archlint.files import GitProblem, InputError, WorldReach
from archlint.finding import Notice
from archlint.model.network.connectivity import ALL, ConnectionSet
from archlint.model.network.connectivity.connections import PROTOCOLS
from archlint.reports.network.explanation import explanation_json, explanation_text
from archlint.reports.network.listing import FORMATS, diff_json, diff_text, list_json, list_text
from archlint.reports.network.suggestion import FORMATS as SUGGESTION_FORMATS
from archlint.reports.network.suggestion import policies_yaml, suggestion_json, suggestion_yaml

_READING = (EXCLUDE, CONFIG, NO_CACHE)
_LISTING = (ISOLATED, TRACKED, format_option(FORMATS), *_READING)
_PICTURED = (*FORMATS, "html", "svg")


def _connections(ctx: click.Context, param: click.Parameter, value: str | None) -> ConnectionSet:
    """The connections to a port such as ``8080`` or ``53/udp``; all without one."""
    if value is None:
        return ALL
    number, _, protocol = value.partition("/")
    wanted = protocol.upper() or "TCP"
    if not (number.isascii() and number.isdigit() and len(number) <= 5 and wanted in PROTOCOLS):
        raise click.BadParameter(f"'{value}' is no port; write 8080, or 53/udp", ctx, param)
    found = ConnectionSet.to_port(wanted, int(number))
    if not found:
        raise click.BadParameter(f"'{value}' is no port; they go from 1 to 65535", ctx, param)
    return found


@click.group("network", cls=NamedGroup)
def command() -> None:
    """Show who can connect to whom, by all network policies together."""


@command.command("list")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--exposure", is_flag=True, help="Show to whom else they are open: pods that no file describes."
)
@with_options((ISOLATED, TRACKED, format_option(_PICTURED), *_READING))
def list_connections(paths: tuple[str, ...], exposure: bool, **given: Any) -> Exit:
    """Show every connection of the workloads below PATHs (default: the current folder) that the policies of
    the repository allow."""
    flags = Flags(**given)
    if exposure and flags.format_name == "svg":
        raise UsageProblem("--exposure is not part of a drawing; take --format html, text or json")
    found = list_network(_listing_request(paths or (".",), flags), with_exposure=exposure)
    if flags.format_name in ("html", "svg"):
        from archlint.reports.network.html import list_picture

        named = [path for path in paths if path != "."]
        text = list_picture(found.connections, found.workloads, named, flags.format_name, found.exposure)
    else:
        render = list_json if flags.format_name == "json" else list_text
        text = render(found.connections, found.exposure)
    return tell(text, found.notices, language=flags.format_name)


def _listing_request(named: Sequence[str], flags: Flags) -> Request:
    """All of the repository is read; the named paths choose what is reported."""
    session = open_session(named, flags)
    reach = WorldReach.PATHS if flags.isolated else WorldReach.ROOT
    files = named_files(named, session, flags, reach=reach)
    asked = (*files.scope.folders, *files.scope.files)
    side = Side(files.tree(), files.paths, files.named, asked)
    chosen = covers_everything if files.scope.is_whole else files.scope.lies_below
    return _request(session, flags, side, files.notices, chosen)


@command.command("diff")
@click.argument("base")
@click.argument("revision")
@with_options((format_option(_PICTURED), *_READING))
def show_changes(base: str, revision: str, **given: Any) -> Exit:
    """Show what REVISION opens and closes against BASE; each is a file, a folder, or REV:PATH."""
    flags = Flags(**given)
    session = open_session([start_of(base, revision)], flags)
    try:
        old = given_side(base, session.root, "base", session.settings.exclude)
        new = given_side(revision, session.root, None, session.settings.exclude)
    except (InputError, GitProblem) as problem:
        raise UsageProblem(problem.message) from None
    request = _request(session, flags, new.side, (*old.notices, *new.notices))
    found = compare_networks(request, old.side)
    if flags.format_name in ("html", "svg"):
        from archlint.reports.network.html import diff_picture

        text = diff_picture(found.changes, found.revision, (base, revision), flags.format_name)
    else:
        text = (diff_json if flags.format_name == "json" else diff_text)(found.changes)
    return tell(text, found.notices, language=flags.format_name)


@command.command("explain")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@click.argument("port", required=False, callback=_connections, metavar="[PORT]")
@click.option(
    "--path", "paths", multiple=True, metavar="PATH", help="Where to look (default: the current folder)."
)
@with_options(_LISTING)
def explain_connection(
    source: str, destination: str, port: ConnectionSet, paths: tuple[str, ...], **given: Any
) -> Exit:
    """Show why SRC may connect to DST, or not: every rule that says something about it, in the order in which
    it counts, and what to write to change it. Both are workloads (shop/cart), addresses, or
    ingress-controller; PORT is a number, or such as 53/udp."""
    flags = Flags(**given)
    request = _listing_request(paths or (".",), flags)
    found = explain_network(request, source, destination)
    if isinstance(found, str):
        raise UsageProblem(found)
    render = explanation_json if flags.format_name == "json" else explanation_text
    return tell(render(found.explanations, port), found.notices, language=flags.format_name)


@command.command("suggest")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@with_options((ISOLATED, TRACKED, format_option(SUGGESTION_FORMATS, "yaml"), *_READING))
def suggest_policies(paths: tuple[str, ...], **given: Any) -> Exit:
    """Print NetworkPolicies for the workloads below PATHs (default: the current folder) that allow what these
    are known to need and nothing else. A workload of which not all is known is left as it is, and named."""
    flags = Flags(**given)
    found = suggest_network(_listing_request(paths or (".",), flags), policies_yaml)
    render = suggestion_json if flags.format_name == "json" else suggestion_yaml
    return tell(render(found.suggestion), found.notices, language=flags.format_name)


def _request(
    session: Session,
    flags: Flags,
    side: Side,
    notices: tuple[Notice, ...],
    lies_below: Callable[[str], bool] = covers_everything,
) -> Request:
    """What to read. All of it is read, whatever is reported: a policy elsewhere may restrict these pods."""
    return Request(
        revision=side,
        root=str(session.root),
        registry=session.registry,
        rules=(),
        settings=session.settings,
        today=date.today(),
        cache_folder=None if flags.no_cache else cache_folder(),
        notices=(*session.notices, *notices),
        lies_below=lies_below,
    )
