"""``archlint bundle``: one document from a contract of many files."""

from __future__ import annotations

from pathlib import Path

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import ProgramCommand
from archlint.cli.output import tell, write_report
from archlint.cli.session import open_session
from archlint.cli.sides import named_files
from archlint.engine.reading import read_world
from archlint.files import Kind
from archlint.finding import Notice
from archlint.finding.words import number_of
from archlint.model.openapi import Contract
from archlint.model.openapi.bundling import Bundle, BundleTooLarge, Kept, bundle
from archlint.model.world import World
from archlint.reports.bundled import bundled_json, bundled_yaml

_MOST_TOLD = 20


@click.command("bundle", cls=ProgramCommand)
@click.argument("path", metavar="CONTRACT")
@click.option("--output", "bundle_file", metavar="FILE", help="Write to FILE, not to standard output.")
def command(path: str, bundle_file: str | None) -> Exit:
    """Make one document from an OpenAPI document and all files that it refers to.

    References are kept and lead to components; comments are not kept."""
    session = open_session([path], Flags())
    if Path(path).is_dir():
        raise UsageProblem(f"'{path}' is a folder; name an OpenAPI document")
    files = named_files([path], session, Flags())
    world = read_world(files.tree(), files.paths, files.named)
    found = world.all(Contract)
    if len(found) != 1:
        raise UsageProblem(f"'{path}' {_what_else(world)}")
    try:
        made = bundle(found[0])
    except (BundleTooLarge, RecursionError):
        raise UsageProblem(f"'{path}' refers to more than one document can hold") from None
    is_json = _is_json(bundle_file, found[0].document.path)
    text = bundled_json(made.data) if is_json else bundled_yaml(made.data)
    notices = [*session.notices, *files.notices, *_told(made)]
    language = "json" if is_json else "text"
    if bundle_file is None:
        code = tell(text, notices, language=language)
    else:
        write_report(bundle_file, text, language, session.root)
        code = tell("", notices)
    is_whole = all(kept.is_remote for kept in made.kept)
    return code or (Exit.OK if is_whole else Exit.FINDINGS)


def _is_json(wanted: str | None, contract: str) -> bool:
    """Whether the bundle is JSON: by the name of the file that it is written to, else of the contract."""
    ending = Path(wanted or "").suffix.lower()
    known = ending if ending in (".json", ".yaml", ".yml") else Path(contract).suffix.lower()
    return known == ".json"


def _what_else(world: World) -> str:
    """What a file is that is no contract to bundle."""
    if world.problems:
        return "cannot be read"
    is_of_events = bool(world.paths(Kind.ASYNCAPI))
    return (
        "is an AsyncAPI document; only OpenAPI documents are bundled"
        if is_of_events
        else "is no OpenAPI document"
    )


def _told(made: Bundle) -> list[Notice]:
    """What is not as it was, and what could not be taken in."""
    found = [_left(kept) for kept in made.kept[:_MOST_TOLD]]
    rest = len(made.kept) - _MOST_TOLD
    if rest > 0:
        found.append(Notice("warning", f"{number_of(rest, 'other reference')} stay as they are"))
    if made.identifiers:
        what = number_of(made.identifiers, "identifier")
        found.append(
            Notice("info", f"{what} of schemas ($id, $anchor) left out: references are pointers now")
        )
    if made.in_data:
        what = f"{number_of(len(made.in_data), 'reference')} to files"
        where = f"in extensions, examples or other data, such as '{made.in_data[0]}'"
        found.append(Notice("warning", f"left as written, as such data is not read: {what} {where}"))
    return found


def _left(kept: Kept) -> Notice:
    line = kept.node.get(kept.keyword).value_place().span().line
    why = f"line {line}: '{kept.text}' stays as it is: {kept.why}"
    return Notice("warning", why, kept.node.document.path)
