"""``archlint cache``: what is kept between runs."""

from __future__ import annotations

import click

from archlint.cache import cache_folder, clean
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.output import tell
from archlint.cli.unknown import NamedGroup
from archlint.finding.words import number_of


@click.group("cache", cls=NamedGroup)
def command() -> None:
    """Look after what is kept between runs."""


@command.command("clean")
def clean_cache() -> Exit:
    """Delete all that archlint has kept, of every repository. The next runs read their files anew."""
    folder = cache_folder()
    if folder is None:
        raise UsageProblem("there is no home folder to keep a cache in; ARCHLINT_CACHE_DIR names one")
    try:
        count, size = clean(folder)
    except OSError as error:
        raise UsageProblem(f"the cache cannot be deleted: {error.strerror}: {error.filename}") from None
    if not count:
        return tell(f"There is no cache in {folder}.\n")
    return tell(f"Deleted {number_of(count, 'file')} with {size / 1_000_000:.1f} MB in {folder}.\n")
