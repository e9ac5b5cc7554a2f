"""Commands in documentation that no longer do what is hoped for, by the table ``outdated_forms.toml``.

Sections that name an older version of the tool, and pages for one version, say on purpose what was; so does a
block that shows the new form as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.runbooks.commands import is_of_a_version, span_of
from archlint.model.runbooks.markdown import CodeLine, headings, shell_lines
from archlint.model.runbooks.shell import Word, simple_commands
from archlint.model.world import World

_RUNNERS = frozenset({"kubectl", "oc", "docker", "docker-compose", "podman", "nerdctl"})
_OLD = regex(r"\b(?:v?[0-9]{1,3}\.x|older|legacy|deprecated|before v?[0-9]|helm[ ]?v?2)", re.IGNORECASE)
_HISTORY = regex(r"(?:\A|/)(?:CHANGELOG|CHANGES|HISTORY|RELEASE|UPGRAD|MIGRAT)[^/]*\Z", re.IGNORECASE)
"""Pages that tell what was."""
_WITH_VALUE = frozenset(
    {
        *("-n", "--namespace", "--context", "--kubeconfig", "--kube-context", "-c", "--container", "-s"),
        *("--endpoints", "--cacert", "--cert", "--key", "--kong-addr", "--konnect-token", "--headers"),
    }
)
"""Options that stand before a subcommand, and are followed by their value."""
_MAKES = frozenset({"apply", "create", "replace", "patch", "edit"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a command, and what became of it."""

    programs: frozenset[str]
    words: tuple[str, ...]
    without: tuple[str, ...]
    under: tuple[str, ...]
    unless: tuple[str, ...]
    verdict: str
    because: str
    instead: str
    source: str


_EARLY = Form(
    frozenset({"kubectl"}),
    ("rollout", "restart"),
    (),
    (),
    (),
    "early",
    "pods read their settings when they start, and what brings the new ones is only run after it",
    "it again, or move it to the end",
    "https://kubernetes.io/docs/concepts/configuration/configmap/",
)


@cache
def outdated_forms() -> tuple[Form, ...]:
    """All forms of the table."""
    import tomllib

    table = tomllib.loads(Path(__file__).with_name("outdated_forms.toml").read_text("utf-8"))
    return tuple(_form(entry) for entry in table["form"])


@dataclass(frozen=True)
class OutdatedCommand:
    """A command that has such a form."""

    source: TextFile
    span: Span
    shown: str
    """Its program and the words by which it is known."""
    form: Form

    @classmethod
    def all(cls, world: World) -> Iterable[OutdatedCommand]:
        """Every one of shell blocks of Markdown files, by file and line."""
        for path in world.paths(Kind.MARKDOWN):
            text = world.text(path)
            if (
                text is not None
                and _known().search(text)
                and not (is_of_a_version(path) or _HISTORY.search(path))
            ):
                yield from _of_file(path, text)

    @property
    def object(self) -> ObjectRef:
        """The form that is met."""
        return ObjectRef("command", self.shown)

    @property
    def place(self) -> Place:
        """The program, or what is wrong behind it."""
        return self.source.place(self.span)


def _form(entry: dict[str, object]) -> Form:
    def texts(key: str) -> tuple[str, ...]:
        found = entry.get(key, ())
        return tuple(map(str, found)) if isinstance(found, list) else ()

    verdict, because, instead, source = (
        str(entry[key]) for key in ("verdict", "because", "instead", "source")
    )
    programs = frozenset(texts("program"))
    words, without, under, unless = map(texts, ("words", "without", "under", "unless"))
    return Form(programs, words, without, under, unless, verdict, because, instead, source)


@cache
def _known() -> re.Pattern[str]:
    """A quick look for a program, or for the word by which a form of ``kubectl`` is known."""
    rare = {
        form.words[-1] if program == "kubectl" else program
        for form in outdated_forms()
        for program in form.programs
    }
    return re.compile("|".join(map(re.escape, sorted({*rare, "rollout restart"}))))


def _of_file(path: str, text: str) -> Iterator[OutdatedCommand]:
    lines = text.split("\n")
    sections = headings(lines)
    righted: dict[Form, int] = {}
    commands: list[_Shown] = []
    for line in shell_lines(text):
        titles = sections[line.starts[0][1] - 1]
        for words in simple_commands(line.text) if not _OLD.search(titles) else ():
            commands.append(_Shown(line, words[_program(words) :], titles))
    for shown in commands:
        for form in outdated_forms():
            word = _met(form, shown.words) if _is_about(form, shown.titles) else None
            if word is None:
                continue
            if form.unless and form not in righted:
                righted[form] = _first_with(form.unless, lines)
            if not form.unless or shown.line.starts[0][1] <= righted[form]:
                named = " ".join((_name(shown.words[0].text), *form.words))
                yield OutdatedCommand(TextFile(path), span_of(shown.line, word), named, form)
                break
    yield from _restarted_too_early(path, commands)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A command as a page shows it."""

    line: CodeLine
    words: Sequence[Word]
    titles: str


def _restarted_too_early(path: str, commands: Sequence[_Shown]) -> Iterator[OutdatedCommand]:
    """Restarts that are followed by the settings that they were to bring, and by no other restart."""
    waiting: _Shown | None = None
    for shown in (*commands, None):
        if shown is None or (waiting is not None and shown.titles != waiting.titles):
            waiting = None
        if shown is None or _name(shown.words[0].text) != "kubectl":
            continue
        texts = [word.text for word in shown.words]
        if "rollout" in texts and "restart" in texts:
            waiting = shown
        elif waiting is not None and not _MAKES.isdisjoint(texts) and _is_about_settings(texts):
            word = next(word for word in waiting.words if word.text == "restart")
            yield OutdatedCommand(
                TextFile(path), span_of(waiting.line, word), "kubectl rollout restart", _EARLY
            )
            waiting = None


def _is_about_settings(texts: Sequence[str]) -> bool:
    return any("configmap" in text.lower() or text in ("cm", "secret") for text in texts)


def _first_with(words: Sequence[str], lines: Sequence[str]) -> int:
    """The number of the first line that holds one of some words; one past the end if none does."""
    numbered = enumerate(lines, 1)
    return next(
        (number for number, line in numbered if any(word in line.lower() for word in words)), len(lines) + 1
    )


def _name(word: str) -> str:
    return word.rpartition("/")[2].removesuffix(".sh")


def _program(words: Sequence[Word]) -> int:
    """Where the command begins that is run in a container, else at the first word."""
    if words[0].text in _RUNNERS and any(word.text in ("exec", "run") for word in words):
        known = {name for form in outdated_forms() for name in form.programs} - _RUNNERS
        return next((at for at, word in enumerate(words) if _name(word.text) in known), 0)
    return 0


def _met(form: Form, words: Sequence[Word]) -> Word | None:
    """The word by which a command is known to have a form."""
    if _name(words[0].text) not in form.programs:
        return None
    plain = [
        word
        for before, word in pairwise(words)
        if not word.text.startswith("-") and before.text not in _WITH_VALUE
    ]
    found = words[0]
    commands = [each for each in form.words if not each.startswith("-")]
    if form.without and any(word.text in form.without for word in words):
        return None
    is_option_first = any(each.startswith("-") for each in form.words)
    for at, each in enumerate(commands):
        here = plain if is_option_first else plain[at : at + 1]
        meant = next((word for word in here if word.text == each), None)
        if meant is None:
            return None
        found = meant
    for each in form.words:
        if each.startswith("-"):
            meant = next(
                (word for word in words if word.text == each or word.text.startswith(f"{each}=")), None
            )
            if meant is None:
                return None
            found = meant
    return found


def _is_about(form: Form, titles: str) -> bool:
    """Whether the section is about what the form is wrong for."""
    return not form.under or any(word in titles.lower() for word in form.under)
