"""The entry point: finds the command by name and imports only that one."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys
from io import StringIO
from pathlib import Path

import click

from archlint import __version__
from archlint.cli.exits import Exit, UsageProblem

COMMANDS = {
    "check": "Check the contracts and manifests below some paths.",
    "breaking": "Judge what a contract breaks against an older one.",
    "inventory": "Show every file by kind, which rules look at it, and what is not read and why.",
    "verify": "Hold contracts against recorded traffic.",
    "bundle": "Make one document from a contract of many files.",
    "gate": "Judge whether a release may go out.",
    "graph": "Show services and the calls between them.",
    "network": "Show who can connect to whom, by all network policies together.",
    "rules": "List all rules.",
    "explain": "Show the page of a rule.",
    "config": "Show what is in force, and from where.",
    "cache": "Delete what is kept between runs (cache clean).",
    "init": "Write a configuration, a pre-commit hook and a CI job.",
}
"""Name and help of each command; its code is ``archlint.cli.commands.<name>.command``."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run, so that ``--version`` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names."""
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a command that does not exist is told with what may have been meant."""
        if not ctx.resilient_parsing and args[0] not in COMMANDS and not args[0].startswith("-"):
            from archlint.cli.unknown import unknown_command

            raise UsageProblem(unknown_command(args[0], COMMANDS))
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"archlint.cli.commands.{cmd_name}").command
        if not ctx.resilient_parsing:
            return command
        from archlint.cli.completion import completed

        return completed(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help of all commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archlint")
def cli() -> None:
    """archlint reads the contracts and manifests of a repository and reports what is broken, unsafe, or about
    to break somebody."""


def run() -> None:
    """Run the command line and leave with the documented exit code."""
    # A run builds much and drops little: collecting seldom saves a tenth of a large one, and its peak of
    # memory stays the same.
    gc.set_threshold(20_000_000)
    try:
        if "_ARCHLINT_COMPLETE" in os.environ:
            from archlint.cli.completion import answer_bash

            answer_bash()
        code = cli.main(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except UsageProblem as problem:
        _say(f"archlint: {problem}")
        code = Exit.USAGE
    except click.ClickException as problem:
        _say(_shown(problem))
        code = Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone: nothing more can be said, and the interpreter must not try at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.OK
    except OSError as error:
        if error.errno not in _UNUSABLE_NAMES:
            code = _report_failure(error)
        else:  # a name that was given, or that a configuration gives, and that no system takes
            _say(f"archlint: a path cannot be used: {error.strerror}: {_short(str(error.filename))}")
            code = Exit.USAGE
    except Exception as error:  # whatever goes wrong inside, a user gets a sentence and the documented code
        code = _report_failure(error)
    gc.freeze()  # what is left goes with the process: nobody need look through it for circles
    sys.exit(int(code or 0))


_UNUSABLE_NAMES = frozenset((errno.ENAMETOOLONG, errno.ELOOP, errno.EILSEQ))


def _short(name: str) -> str:
    return name if len(name) <= 100 else f"{name[:97]}..."


def _say(text: str) -> None:
    """Print to standard error what may hold words of the repository under test."""
    from archlint.cli.output import say

    say(text)


def _shown(problem: click.ClickException) -> str:
    text = StringIO()
    problem.show(file=text)
    return text.getvalue().rstrip("\n")


def _report_failure(error: Exception) -> Exit:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    _say(f"archlint: internal error: {type(error).__name__}: {error}{where}")
    if os.environ.get("ARCHLINT_TRACEBACK"):
        _say("".join(traceback.format_exception(error)))
    else:
        _say("This is a defect of archlint; set ARCHLINT_TRACEBACK=1 to see more.")
    return Exit.FAILURE
