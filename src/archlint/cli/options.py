"""Flags that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click

from archlint.reports import FORMATS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error that shows the form."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date; write it as YYYY-MM-DD", param, ctx)


_Targets = tuple[tuple[str, str], ...]


def targets(formats: Sequence[str]) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], _Targets]:
    """Reads values such as ``json=report.json`` with one of some formats."""

    def read(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> _Targets:
        pairs: list[tuple[str, str]] = []
        for value in values:
            name, separator, path = value.partition("=")
            if name not in formats or not separator or path in ("", "-"):
                raise click.BadParameter(
                    f"'{value}' is not FORMAT=FILE with one of {', '.join(formats)}", ctx, param
                )
            pairs.append((name, path))
        return tuple(pairs)

    return read


def names(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...] | None:
    """The rules in all values of a flag, also those separated by commas; ``None`` without the flag."""
    given = tuple(name.strip() for value in values for name in value.split(",") if name.strip())
    return given or None


CONFIG = click.option("--config", "config_file", metavar="FILE", help="Configuration file to use.")
EXCLUDE = click.option(
    "--exclude", multiple=True, metavar="GLOB", help="Leave out matching files; repeatable."
)
CHOOSING = (
    click.option(
        "--select", multiple=True, metavar="RULES", callback=names, help="Rules to add to the profile."
    ),
    click.option("--ignore", multiple=True, metavar="RULES", callback=names, help="Rules to leave out."),
    click.option(
        "--profile",
        type=click.Choice(["minimal", "recommended", "strict"]),
        help="The set of rules to begin with.",
    ),
    CONFIG,
    EXCLUDE,
)
"""Which rules and which files."""
ISOLATED = click.option(
    "--isolated", is_flag=True, help="Take the PATHs for all there is; read nothing else."
)
TRACKED = click.option("--tracked", is_flag=True, help="Read only what git tracks, as it is on disk.")
HELM = click.option(
    "--helm",
    metavar="[=PATH]",
    envvar="ARCHLINT_HELM",
    help="Render charts with the program helm, the one on PATH or at a path of its own, not with the package"
    " helm-python-sdk.",
)
NO_CACHE = click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")


def format_option(formats: Sequence[str], default: str = "text") -> Decorator:
    """The flag that chooses what is written to standard output."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(formats),
        default=default,
        show_default=True,
        help="Format on standard output.",
    )


_SHARED = (
    *CHOOSING,
    format_option(FORMATS),
    click.option(
        "--output",
        "outputs",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=targets(FORMATS),
        help="Also write a report to a file; repeatable.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "info", "never"]),
        default="error",
        show_default=True,
        help="Least severity that makes the exit code 1.",
    ),
    click.option("--baseline", metavar="FILE", help="Findings that are known and do not count."),
    click.option("--update-baseline", is_flag=True, help="Write all present findings to the baseline."),
    click.option("--show-suppressed", is_flag=True, help="Report suppressed findings too."),
    click.option("--today", type=_Day(), help="The day on which dates are judged."),
    click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use."),
    NO_CACHE,
    click.option("--statistics", is_flag=True, help="Show counts by rule instead of findings."),
    click.option("-q", "--quiet", is_flag=True, help="Only findings: no summary and no warnings."),
    click.option("-v", "--verbose", is_flag=True, help="Tell what is done on standard error."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="When to use colours in text.",
    ),
)


def shared_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags that ``check`` and ``breaking`` have in common."""
    return with_options(_SHARED)(function)


class ProgramCommand(click.Command):
    """A command whose flags that name a program take a value only after ``=``: no PATH is taken for one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, with the program's plain name where none is given."""
        end = args.index("--") if "--" in args else len(args)
        options = [f"{arg}={arg.removeprefix('--')}" if arg in _PROGRAMS else arg for arg in args[:end]]
        return super().parse_args(ctx, options + args[end:])


_PROGRAMS = ("--kube-score", "--helm")


def with_options(options: Sequence[Decorator]) -> Decorator:
    """Adds several flags, in the order in which help shows them."""

    def added(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return added
