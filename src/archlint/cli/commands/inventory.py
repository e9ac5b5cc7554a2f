"""``archlint inventory``: every file by kind, which rules look at it, and what is not read and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from archlint.cache import cache_folder
from archlint.cli.exits import Exit
from archlint.cli.flags import Flags
from archlint.cli.options import (
    CHOOSING,
    HELM,
    NO_CACHE,
    TRACKED,
    ProgramCommand,
    format_option,
    with_options,
)
from archlint.cli.output import tell
from archlint.cli.session import helm_program, open_session
from archlint.cli.sides import named_files
from archlint.engine.inventory import take_inventory
from archlint.engine.request import Request, Side
from archlint.files import WorldReach
from archlint.reports.inventory.json import inventory_json
from archlint.reports.inventory.text import inventory_text

FORMATS = ("text", "json")


@click.command("inventory", cls=ProgramCommand)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@format_option(FORMATS)
@with_options((*CHOOSING, HELM, TRACKED, NO_CACHE))
def command(paths: tuple[str, ...], **given: Any) -> Exit:
    """Show every file below PATHs (default: the current folder) by kind, which rules look at it, and what is
    not read and why."""
    flags = Flags(**given)
    named = paths or (".",)
    session = open_session(named, flags)
    files = named_files(named, session, flags, reach=WorldReach.PATHS)
    inventory = take_inventory(
        Request(
            revision=Side(files.tree(), files.paths, files.named),
            lies_below=files.scope.lies_below,
            root=str(session.root),
            registry=session.registry,
            rules=session.rules,
            settings=session.settings,
            helm=helm_program(flags),
            today=date.today(),
            cache_folder=None if flags.no_cache else cache_folder(),
            notices=(*session.notices, *files.notices),
            unread=files.unread,
        )
    )
    render = inventory_json if flags.format_name == "json" else inventory_text
    return tell(render(inventory), inventory.notices, language=flags.format_name)
