"""What a shell offers at the tab key: rules, formats, tools and files; no repository is read for it.

Parameters get it by their names when click completes, so that commands need not know of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from archlint.cache import cache_folder
from archlint.config.foreign import tools
from archlint.documents.kubernetes.definitions import definitions
from archlint.finding.foreign_names import is_foreign
from archlint.registry import ALL, load_rules
from archlint.reports import FORMATS


class _Text(click.ParamType[str]):
    """A text that is taken as it is."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text."""
        return str(value)


class _Rules(_Text):
    """Rules, separated by commas: names, codes, areas and tags, and after ``tool:`` what that tool says."""

    def __init__(self, *, groups: bool) -> None:
        self._groups = groups
        """Whether names of several rules are offered."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Those that begin with what follows the last comma."""
        done, comma, begun = incomplete.rpartition(",") if self._groups else ("", "", incomplete)
        rules = load_rules(cache_folder())
        offered: dict[str, str] = {}
        for rule in rules:
            offered[rule.name] = f"{rule.code}: {rule.title}"
            if begun:
                offered[rule.code] = f"{rule.name}: {rule.title}"
            if is_foreign(begun):
                offered.update(dict.fromkeys(rule.aliases, rule.name))
        if self._groups:
            offered[ALL] = "every rule"
            offered.update((rule.area, "an area") for rule in rules)
            offered.update((f"tag:{tag}", "a tag") for rule in rules for tag in rule.tags)
        return [
            CompletionItem(f"{done}{comma}{name}", help=said)
            for name, said in sorted(offered.items())
            if name.lower().startswith(begun.lower())
        ]


class _Targets(_Text):
    """``FORMAT=FILE``."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The formats, then files."""
        name, given, file = incomplete.partition("=")
        if given:
            return [CompletionItem(file, type="file")]
        return [CompletionItem(f"{each}=") for each in FORMATS if each.startswith(name)]


class _Tools(_Text):
    """Tools whose configuration can be imported."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """All that begin so."""
        return [CompletionItem(name) for name in sorted(tools()) if name.startswith(incomplete)]


class _Versions(_Text):
    """Versions of Kubernetes whose schemas are known."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """All that begin so, the newest first."""
        known = definitions()
        versions = [f"1.{minor}" for minor in range(known.newest, known.oldest - 1, -1)]
        return [CompletionItem(version) for version in versions if version.startswith(incomplete)]


class _Files(_Text):
    """Files and folders, which the shell knows best."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Whatever the shell finds; ``config`` has a word that is a command."""
        is_word = ctx.info_name == "config" and isinstance(param, click.Argument)
        if is_word and incomplete and "import".startswith(incomplete):
            return [CompletionItem("import", help="Translate the configuration of another tool.")]
        return [CompletionItem(incomplete, type="file")]


_OPTIONS: Mapping[str, _Text] = {
    **dict.fromkeys(("select", "ignore"), _Rules(groups=True)),
    **dict.fromkeys(("config_file", "baseline", "stdin_filename", "policy", "audit"), _Files()),
    **dict.fromkeys(
        ("exclude", "schemas", "ruleset", "diagrams", "added", "bundle_file", "contracts", "coverage"),
        _Files(),
    ),
    "kubernetes_version": _Versions(),
    "outputs": _Targets(),
    "tool": _Tools(),
}
_ARGUMENTS: Mapping[str, _Text] = {
    "rule": _Rules(groups=False),
    "selectors": _Rules(groups=True),
    **dict.fromkeys(("paths", "path", "file", "base", "revision", "evidence"), _Files()),
}


def completed(command: click.Command) -> click.Command:
    """A command whose parameters offer what they take."""
    for parameter in command.params:
        known = _ARGUMENTS if isinstance(parameter, click.Argument) else _OPTIONS
        if parameter.name in known:
            parameter.type = known[parameter.name]
    return command


class _Bash(BashComplete):
    """Bash takes ``tag:security`` and ``--select=KUBE`` for three words; the last is replaced."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that one, with colons inside of words."""
        words, last = super().get_completion_args()
        joined = _joined([*words, last])
        if last == "=":
            joined.append("")
        self._cut = len(joined[-1].rpartition(":")[0]) + 1 if ":" in joined[-1] else 0
        return joined[:-1], joined[-1]

    def format_completion(self, item: CompletionItem[str]) -> str:
        """What follows the last colon that stands there already."""
        return f"{item.type},{item.value[self._cut :]}"


def _joined(words: Iterable[str]) -> list[str]:
    found: list[str] = []
    is_open = False
    for word in words:
        if word == "=" and found and found[-1].startswith("--"):
            continue
        if found and not found[-1].startswith("-") and (is_open or word.startswith(":")):
            found[-1] += word
        else:
            found.append(word)
        is_open = found[-1].endswith(":")
    return found


def answer_bash() -> None:
    """Answer bash in its own way; click knows how for the other shells."""
    add_completion_class(_Bash)
