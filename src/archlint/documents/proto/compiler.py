"""Compiles a group of files, and finds out which of them cannot be compiled and why.

The compiler stops at the first file that fails and gives nothing for the others. Since each file follows what
it imports, those before the failing one are good: so compiling goes on behind it (without what imports it),
and what was found good is compiled once more as a whole at the end. A run that dies or takes too long is
halved until the file to blame is alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from posixpath import dirname

from archlint.documents.proto.described import Described, described_in
from archlint.documents.proto.graph import dependents, reachable
from archlint.documents.proto.groups import Group, LinkedFile, shared_out
from archlint.documents.proto.passing import Passing
from archlint.documents.proto.protoc import Ending, Protoc, Run, bundled_folder, published, published_paths
from archlint.documents.proto.public_modules import is_public, public_folder
from archlint.documents.proto.stand_ins import (
    FOLDER,
    StandIns,
    defined_elsewhere,
    unknown_type,
    without_imports,
)
from archlint.documents.proto.statements import package_of
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex

_LINE = regex(r"(?P<file>.+?):(?:(?P<line>\d+):(?P<column>\d+):)? (?P<message>.*)\Z")
_ALREADY = regex(r'"[^"]*" is already defined in file "(?P<file>[^"]+)"\.')
_UNUSED = regex(r"warning: Import (?P<name>.+) is unused\.\Z")
_NO_OPTION = regex(r'Option (?:field )?"[^"]*" (?:is not a field|unknown)|Error while parsing option value')
_NOT_IMPORTED = regex(r'Import "(?P<name>[^"]*)" was not found or had errors\.')
_CONSEQUENCE = regex(r'Import "[^"]*" was not found or had errors\.|Reached end of input in ')

_SECONDS, _BYTES_PER_SECOND = 10.0, 500_000
"""A run may take this long, and a second more for each so many bytes; protoc reads about 8 MB a second."""

_MAX_ACCIDENTS = 40
"""Runs that may die or be late before the rest is given up."""

_MAX_SIEVES = 10
"""Times that what was found good part by part is tried as a whole."""

_MAX_REPAIRS = 14
"""Times that the stand-ins of one file are completed; each shows errors that the one before hid."""


@dataclass(frozen=True, slots=True)
class CompilerError:
    """What is wrong in a file: a place as the compiler counts (from 1; bytes, tabs to multiples of 8), if
    known."""

    message: str
    line: int | None = None
    column: int = 1


@dataclass
class Compiled:
    """What became of the files of a group."""

    errors: dict[str, list[CompilerError]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    """Files that were not compiled since they import, at whatever distance, the file that failed."""
    deferred: list[str] = field(default_factory=list)
    """Files that define the same as others of the group, to be compiled without these."""
    incomplete: list[str] = field(default_factory=list)
    """Failed files that need to know what their missing imports define."""
    stand_ins: Collection[str] = ()
    """Full names of types that an import which is missing would define, as far as that is known."""
    lacking: dict[str, frozenset[str]] = field(default_factory=dict)
    """Those that were defined for each file."""
    borrowing: set[str] = field(default_factory=set)
    """Files that were given what other files define, though they do not import these."""
    lasting: set[str] = field(default_factory=set)
    """Failed files of which that is so whatever else is compiled."""
    hidden: dict[str, frozenset[str]] = field(default_factory=dict)
    """Names of the options that were not read, as each file writes them."""


Take = Callable[[Compiled, str, Described, tuple[str, ...]], None]
"""Takes what was made of a file: what is known of its group by then, its path, what was made, and the names
of imports that it does not need."""


class GroupCompiler:
    """Compiles one group."""

    def __init__(self, protoc: Protoc, group: Group, files: Mapping[str, LinkedFile]) -> None:
        self._protoc = protoc
        self._group = group
        self._files = {path: files[path] for path in group.names}
        self._edges = {path: self._files[path].targets for path in group.names}
        self._passing = Passing(self._files, protoc.roots)
        self._stand_ins = StandIns()
        self._extra: dict[str, set[str]] = {}
        self._repairs: dict[str, int] = {}
        self._bare: set[str] = set()
        """Files whose options are not understood, not even those of modules that are known."""
        self._accidents = 0
        self._result = Compiled(stand_ins=self._stand_ins.names)
        self._failed: set[str] = set()
        self._folders: set[str] = set()
        """Those that were made for files."""
        self._written: set[str] = set()
        self._taken: set[str] = set()
        self._seconds = _SECONDS + sum(len(file.text) for file in self._files.values()) / _BYTES_PER_SECOND

    def compile(self, take: Take) -> Compiled:
        """Compile all targets; ``take`` gets what is made of them, some while others are still compiled."""
        self._sift([path for path in self._group.targets if self._files[path].missing])
        targets = [path for path in self._group.targets if path not in self._failed]
        for _ in range(_MAX_SIEVES):
            parts = shared_out(targets, {path: len(file.text) for path, file in self._files.items()})
            failed = self._run_parts(parts, take)
            if not failed:
                break
            left = {path for at in failed for path in parts[at]}
            targets = [path for path in targets if path in left]
            # piece by piece, so that clashes between pieces may be left
            targets = self._sift(targets, failed[0] if len(parts) == 1 else None)
        else:
            for path in targets:
                self._fail(path, [CompilerError("The protobuf compiler gives no answer for this file.")])
        return self._result

    def _run_parts(self, parts: Sequence[Sequence[str]], take: Take) -> dict[int, Run]:
        """Compile parts, and take what a run made while others still go on; those that failed."""
        outputs = [f"part-{at}.out" for at in range(len(parts))]
        failed: dict[int, Run] = {}

        def collect(at: int, run: Run) -> None:
            if run.ending is Ending.GOOD:
                self._collect(parts[at], run, outputs[at], take)
            else:
                failed[at] = run

        requests = (self._arguments(*each) for each in zip(parts, outputs, strict=True))
        if len(parts) == 1:
            collect(0, self._protoc.run(next(requests), self._seconds))
        elif parts:
            self._protoc.run_all(requests, self._seconds, collect)
        return failed

    def _sift(self, targets: Sequence[str], known: Run | None = None) -> list[str]:
        """The targets that can be compiled; the others get their errors. ``known`` is how they all together
        went."""
        good: list[str] = []
        waiting = [list(targets)]
        while waiting:
            part = [path for path in waiting.pop() if path not in self._failed]
            if not part:
                continue
            run, known = known or self._run(part), None
            if run.ending is Ending.GOOD:
                good += part
            elif run.ending is Ending.ERRORS:
                at = self._first_failing(part, run)
                good += part[:at]
                rest = part[at:] if self._repair(part[at], run) else part[at + 1 :]
                if len(rest) < len(part) - at:
                    self._judge(part[at], run, is_alone=len(part) == 1)
                waiting.append(rest)
            else:
                self._halve(part, run, waiting)
        return good

    def _halve(self, part: list[str], run: Run, waiting: list[list[str]]) -> None:
        self._accidents += 1
        if len(part) == 1 or self._accidents > _MAX_ACCIDENTS:
            reason = (
                "takes too long to read" if run.ending is Ending.LATE else "crashes the protobuf compiler"
            )
            advice = "Simplify it, such as by nesting less deeply, or leave it out with `exclude`."
            for path in part:
                self._fail(path, [CompilerError(f"The file {reason}. {advice}")])
            return
        middle = len(part) // 2
        waiting += (part[middle:], part[:middle])

    def _first_failing(self, part: Sequence[str], run: Run) -> int:
        blamed = {path for path, _ in self._errors(run)}
        return next((at for at, path in enumerate(part) if path in blamed), 0)

    def _judge(self, path: str, run: Run, *, is_alone: bool) -> None:
        """Note why a file fails, or put it off if it fails only because of files that it does not import.

        What is wrong in it is told as it is without the others of the group, so that it is always the same.
        """
        errors = [error for where, error in self._errors(run) if where == path]
        needed = reachable(self._edges, (path,))
        for error in errors:
            clash = _ALREADY.match(error.message)
            other = self._group.paths.get(clash["file"]) if clash else None
            if other is not None and other not in needed:
                later = {path} | dependents(self._edges, (path,))
                self._failed |= later
                later -= self._taken
                self._result.deferred += [target for target in self._group.targets if target in later]
                return
        if self._extra.get(path):
            self._result.incomplete.append(path)
            self._result.lasting.add(path)
            self._fail(path, [])
            return
        alone = run if is_alone else self._run([path])
        if alone.ending is Ending.ERRORS:
            self._result.lasting.add(path)
            errors = [error for where, error in self._errors(alone) if where == path]
        own = [error for error in errors if not _CONSEQUENCE.match(error.message)]
        unclear = CompilerError("The protobuf compiler refuses this file.")
        self._fail(path, own[:10] or errors[:1] or [unclear])

    def _fail(self, path: str, errors: list[CompilerError]) -> None:
        self._failed.add(path)
        if errors:
            named = [
                CompilerError(self._with_paths(error.message), error.line, error.column) for error in errors
            ]
            self._result.errors[path] = named
        for dependent in dependents(self._edges, (path,)):
            self._failed.add(dependent)
            self._result.skipped.setdefault(dependent, path)

    def _repair(self, path: str, run: Run) -> bool:
        """Define the types that a file with missing imports lacks; whether that changed anything."""
        tries = self._repairs[path] = self._repairs.get(path, 0) + 1
        known = self._files[path]
        file = self._files[path] = self._without_modules(path, run)
        if not file.missing or tries > _MAX_REPAIRS:
            return False
        extra = self._extra.setdefault(path, set())
        before = len(extra), len(self._stand_ins.names)
        package = package_of(file.text)
        for where, error in self._errors(run):
            name = unknown_type(error.message, package)
            elsewhere = defined_elsewhere(error.message)
            if where == path and name is not None:
                extra.add(self._stand_ins.define(name))
                self._lack(path, name)
            elif where == path and elsewhere is not None and elsewhere[1] != self._group.names[path]:
                extra.add(elsewhere[1])
                self._lack(path, elsewhere[0])
                if not elsewhere[1].startswith(FOLDER):
                    self._result.borrowing.add(path)
        for name, text in self._stand_ins.texts().items():
            self._put(name, text)
        changed = file != known or (len(extra), len(self._stand_ins.names)) != before
        if not changed and path not in self._bare:  # what is left may be what an option is set to
            self._bare.add(path)
            changed = bool(self._packages_known_to(path))
        self._write(path)
        return changed

    def _lack(self, path: str, name: str) -> None:
        self._result.lacking[path] = self._result.lacking.get(path, frozenset()) | {name}

    def _without_modules(self, path: str, run: Run) -> LinkedFile:
        """The file, without public modules that lack an option which it sets, as a later release has it, and
        without those that need a later release of a file which the repository has."""
        file = self._files[path]
        messages = [error.message for where, error in self._errors(run) if where == path]
        broken = {found["name"] for message in messages if (found := _NOT_IMPORTED.match(message))}
        broken &= {link.statement.name for link in file.links if link.is_bundled}
        lacks_options = any(map(_NO_OPTION.match, messages))
        if not broken and not lacks_options:
            return file
        if broken:
            self._result.borrowing.add(path)
        links = [
            replace(link, is_bundled=False)
            if link.statement.name in broken or (lacks_options and is_public(link.statement.name))
            else link
            for link in file.links
        ]
        return replace(file, links=tuple(links))

    def _write_needed(self, targets: Sequence[str]) -> None:
        """Write what targets need and is not written yet."""
        for path in reachable(self._edges, targets) - self._written:
            if path in self._files:
                self._write(path)

    def _write(self, path: str) -> None:
        self._written.add(path)
        file = self._files[path]
        text = file.text
        if file.missing:
            packages = () if path in self._bare else self._packages_known_to(path)
            statements = [link.statement for link in file.missing]
            text, self._result.hidden[path] = without_imports(text, statements, packages)
            text += "".join(f'\nimport "{name}";' for name in sorted(self._extra.get(path, ())))
        self._put(self._group.names[path], text)

    def _packages_known_to(self, path: str) -> frozenset[str]:
        """The packages of the public modules that a file imports, committed or not."""
        names = [link.statement.name for link in self._files[path].links if not link.is_missing]
        known = (name for name in names if is_public(name) or published(name) is not None)
        return frozenset(dirname(name).replace("/", ".") for name in known)

    def _put(self, name: str, text: str) -> None:
        place = f"{self._protoc.folder}/{self._group.folder}/{name}"
        folder = dirname(place)
        if folder not in self._folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        # there are thousands, and a ``Path`` of each takes as long as writing it
        with open(place, "wb") as file:  # noqa: PTH123
            file.write(text.encode("utf-8", "surrogatepass"))

    def _run(self, targets: Sequence[str]) -> Run:
        """Compile targets to see whether that is possible."""
        if not targets:
            return Run(Ending.GOOD, "")
        return self._protoc.run(self._arguments(targets, None), self._seconds)

    def _arguments(self, targets: Sequence[str], output: str | None) -> list[str]:
        """What tells the compiler to compile targets, which are there then."""
        self._write_needed(targets)
        group = self._group
        kept = ["--include_source_info", f"--descriptor_set_out={output}"]
        return [
            f"--proto_path={group.folder}",
            f"--proto_path={bundled_folder()}",
            *(f"--proto_path={root}" for root in self._protoc.roots),
            *published_paths(),
            f"--proto_path={public_folder()}",
            # without this the compiler copies each file to strip options, a quarter of its work
            "--retain_options",
            *(["--descriptor_set_out=ignored.out"] if output is None else kept),
            *(group.names[path] for path in targets),
        ]

    def _collect(self, targets: Sequence[str], run: Run, output: str, take: Take) -> None:
        """Take what a run made."""
        place = self._protoc.folder / output
        made = described_in(place.read_bytes())
        place.unlink()
        told: dict[str, list[str]] = {}
        for path, error in self._errors(run, warnings=True):
            found = _UNUSED.match(error.message)
            if found and not self._files[path].missing:
                told.setdefault(path, []).append(found["name"])
        for path, file in zip(targets, made, strict=True):
            unused = set(told.get(path, ()))
            if _DESCRIPTOR in self._names_imported(path) and not _names_descriptors(file.data):
                unused.add(_DESCRIPTOR)
            if file.file is not None and not self._files[path].missing:
                unused = self._passing.unneeded(path, file.file, unused)
            self._taken.add(path)
            take(self._result, path, file, tuple(sorted(unused)))

    def _names_imported(self, path: str) -> list[str]:
        """What a file imports for itself, if all of it is known."""
        file = self._files[path]
        return (
            []
            if file.missing
            else [link.statement.name for link in file.links if link.statement.kind in _OWN]
        )

    def _errors(self, run: Run, *, warnings: bool = False) -> Iterator[tuple[str, CompilerError]]:
        """The lines that the compiler wrote about files of the group, by path."""
        prefix = self._group.folder + "/"
        for line in run.output.split("\n"):
            found = _LINE.match(line)
            path = self._group.paths.get(found["file"].removeprefix(prefix)) if found else None
            if found and path is not None and found["message"].startswith("warning: ") is warnings:
                number = int(found["line"]) if found["line"] else None
                yield path, CompilerError(found["message"], number, int(found["column"] or 1))

    def _with_paths(self, message: str) -> str:
        """The message with paths in place of the names that files have inside the group."""
        return re.sub(r'"(~/[^"]+)"', lambda found: f'"{self._group.paths.get(found[1], found[1])}"', message)


_DESCRIPTOR = "google/protobuf/descriptor.proto"
_OWN = ("", "weak")
"""Kinds of imports by which a file gets types for itself alone."""


def _names_descriptors(file: bytes) -> bool:
    """Whether a serialized descriptor names a type of descriptors. The compiler takes their file for used
    wherever an option is set that is defined elsewhere."""
    if b".google.protobuf." not in file:
        return False
    from google.protobuf.descriptor_pb2 import DESCRIPTOR

    types = (*DESCRIPTOR.message_types_by_name, *DESCRIPTOR.enum_types_by_name)
    return any(f".google.protobuf.{name}".encode() in file for name in types)
