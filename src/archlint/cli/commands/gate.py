"""``archlint gate``: one verdict on a release, with an audit record before and after."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from archlint.audit.record import AuditTrail, who
from archlint.audit.writing import AuditProblem, AuditSink
from archlint.cli.delivery import report_of
from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.gate_request import GateWishes, open_release
from archlint.cli.options import HELM, NO_CACHE, ProgramCommand, format_option, targets
from archlint.cli.output import print_text, say, say_notice, write_report
from archlint.cli.progress import progress
from archlint.engine.gate.judging import GateQuestion, Judged, judge
from archlint.files import Git, GitProblem, git_top
from archlint.finding import Notice
from archlint.finding.records import replace
from archlint.judging.release.verdict import GateVerdict, Outcome
from archlint.reports import render
from archlint.reports.gate.json import gate_json
from archlint.reports.gate.markdown import gate_markdown
from archlint.reports.gate.text import gate_text

_OF_GIT = ".git"
FORMATS = ("text", "json", "markdown", "sarif")


@click.command("gate", cls=ProgramCommand)
@click.option(
    "--base", required=True, metavar="REV", help="What HEAD is judged against: a tag, else their merge base."
)
@click.option("--released", metavar="REV", help="The last release, for versions (default: the nearest tag).")
@click.option(
    "--policy", metavar="FILE|REV:PATH", help="The policy (default: the configuration at the base)."
)
@click.option("--audit", metavar="FILE|-", envvar="ARCHLINT_AUDIT", help="Append audit records to a file.")
@click.option("--user", metavar="NAME", help="Who asks (default: what the CI service says).")
@click.option("--ticket", metavar="ID", help="The change ticket.")
@click.option("--environment", metavar="NAME", help="Where the release goes.")
@click.option("--kube-score", metavar="[=PATH]", help="Ask kube-score too.")
@HELM
@format_option(FORMATS)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=targets(FORMATS),
    help="Also write a file.",
)
@NO_CACHE
@click.option("-q", "--quiet", is_flag=True, help="No warnings and no progress.")
def command(**given: Any) -> Exit:
    """Judge whether HEAD may be released: contracts, versions, manifests, the way back, the system.

    The policy is that of the base: what a release changes in it is told, and not obeyed."""
    top = git_top(Path.cwd())
    if top is None:
        raise UsageProblem("this folder lies in no git repository; a release is judged against a revision")
    git = Git(Path(os.path.realpath(top)))
    asked = who(given.pop("user"), given.pop("ticket"), given.pop("environment"))
    audit = given.pop("audit")
    sink = None if audit is None else AuditSink(None if audit == "-" else Path(audit), git.root)
    trail = AuditTrail(asked, ["archlint", *sys.argv[1:]])
    flags = Flags(
        format_name=given.pop("format_name"),
        outputs=given.pop("outputs"),
        quiet=given.pop("quiet"),
        no_cache=given.pop("no_cache"),
        helm=given.pop("helm"),
    )
    _refuse_shared(git, audit, [path for _, path in flags.outputs])
    written = [path for path in (audit, *(path for _, path in flags.outputs)) if path not in (None, "-")]
    wishes = GateWishes(**given, ticket=asked.ticket, written=tuple(written))
    return _audited(_Gate(git, wishes, flags), sink, trail)


class _Terminated(BaseException):
    """The process is asked to end."""


def _refuse_shared(git: Git, audit: str | None, outputs: Sequence[str]) -> None:
    """An audit file is nothing but that: no report of the same run, and no file that the release has."""
    if audit in (None, "-"):
        return
    real = os.path.realpath(audit)
    if any(os.path.realpath(path) == real for path in outputs):
        raise UsageProblem(f"'{audit}' is named for audit records and for a report; name two files")
    if _OF_GIT in Path(real).parts:
        raise UsageProblem(f"'{audit}' lies in a folder of git's own; keep audit records elsewhere")
    if Path(real).is_relative_to(git.root) and _is_in_head(git, Path(real).relative_to(git.root)):
        raise UsageProblem(f"'{audit}' is a file of the commit that is judged; keep audit records elsewhere")


def _is_in_head(git: Git, path: Path) -> bool:
    code, output, _ = git.run("ls-tree", "-z", "--full-tree", "--name-only", "HEAD", "--", path.as_posix())
    return code == 0 and bool(output)


class _Signals:
    """SIGTERM and Ctrl-C while a gate runs: the first is raised, so that the record after the gate is
    written, and what comes while it is written is held back."""

    def __init__(self) -> None:
        self.are_held = False

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Catch both until the end."""
        known = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        heard = [number for number, handler in known.items() if handler not in (signal.SIG_IGN, None)]
        before = {number: signal.signal(number, self._came) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _came(self, number: int, frame: FrameType | None) -> None:
        if self.are_held:
            return
        self.are_held = True
        raise _Terminated if number == signal.SIGTERM else KeyboardInterrupt


def _audited(gate: _Gate, sink: AuditSink | None, trail: AuditTrail) -> Exit:
    """Run the gate between its two records; one that cannot be written wins over all else."""
    if sink is None:
        return gate.run()
    signals = _Signals()
    with signals.caught():
        code, raised = _run_gate(gate, sink, trail, signals)
        try:
            sink.write(trail.ended(code, gate.judged, gate.failure if raised is None else _words_of(raised)))
        except AuditProblem as problem:
            say(f"archlint: the audit record after the gate is missing: {problem}")
            return Exit.FAILURE
    if raised is not None and not isinstance(raised, _Terminated):
        raise raised
    return code


def _run_gate(
    gate: _Gate, sink: AuditSink, trail: AuditTrail, signals: _Signals
) -> tuple[Exit, BaseException | None]:
    """Write the record before the gate, and run it; from the end on signals are held back."""
    try:
        sink.write(trail.started())
        code = gate.run()
        signals.are_held = True
    except AuditProblem as problem:
        raise UsageProblem(f"no gate without its audit record: {problem}") from None
    except BaseException as error:  # also Ctrl-C: nothing ends a gate without its record
        signals.are_held = True
        return _code_of(error), error
    return code, None


def _code_of(error: BaseException) -> Exit:
    if isinstance(error, UsageProblem):
        return Exit.USAGE
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return Exit.INTERRUPTED
    return Exit.TERMINATED if isinstance(error, _Terminated) else Exit.FAILURE


def _words_of(error: BaseException) -> str:
    if isinstance(error, UsageProblem):
        return str(error)
    known = {Exit.INTERRUPTED: "interrupted", Exit.TERMINATED: "ended by SIGTERM"}
    return known.get(_code_of(error)) or f"{type(error).__name__}: {error}"


class _Gate:
    """One gate; ``judged`` is there once it came to a verdict."""

    def __init__(self, git: Git, wishes: GateWishes, flags: Flags) -> None:
        self._git, self._wishes, self._flags = git, wishes, flags
        self.judged: Judged | None = None

    @property
    def failure(self) -> str | None:
        """What archlint failed at, if it came to a verdict in spite of that."""
        if self.judged is None:
            return None
        notices = self.judged.verdict.result.notices
        return "; ".join(item.message for item in notices if item.level == "error") or None

    def run(self) -> Exit:
        """Judge, report, and say how it ended."""
        try:
            with open_release(self._git, self._wishes, self._flags) as release:
                with progress(quiet=self._flags.quiet) as told:
                    request = replace(release.request, progress=told)
                    self.judged = judge(replace(release, request=request))
                return self._reported(self.judged.verdict, release)
        except GitProblem as problem:
            raise UsageProblem(problem.message) from None

    def _reported(self, verdict: GateVerdict, release: GateQuestion) -> Exit:
        flags = self._flags
        for name, path in flags.outputs:
            write_report(path, rendered(verdict, name, release), name, self._git.root)
        print_text(rendered(verdict, flags.format_name, release), flags.format_name)
        if not flags.quiet:
            for notice in verdict.result.notices:
                say_notice(notice)
        if verdict.result.failed:
            return Exit.FAILURE
        return Exit.OK if verdict.passes else Exit.FINDINGS


_RENDERERS = {"text": gate_text, "json": gate_json, "markdown": gate_markdown}


def rendered(verdict: GateVerdict, name: str, release: GateQuestion) -> str:
    """The verdict in a format; in that of findings what is new in the release."""
    if name in _RENDERERS:
        return _RENDERERS[name](verdict)
    request = release.request
    trees = {None: request.revision.tree, "base": release.base.tree}
    result = replace(verdict.result, notices=(*verdict.result.notices, *_failures(verdict)))
    return render(name, report_of(result, request.registry, trees, request.settings.help_url))


def _failures(verdict: GateVerdict) -> Iterator[Notice]:
    """Why parts fail, as far as that is no finding: a format of findings would show a refusal as nothing."""
    for part in verdict.parts:
        if part.outcome is Outcome.FAILED:
            yield from (Notice("warning", f"{part.title}: {text}") for text in (*part.told, *part.unknown))
