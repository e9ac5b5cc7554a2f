"""The work that each YAML or JSON file needs by itself: parsing it, and the rules that look at it alone.

The result of this work is data, so it can come from the cache or from another process as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, field
from functools import cached_property
from posixpath import dirname
from typing import Any

from archlint import __version__
from archlint.cache.code import code_stamp, library_version
from archlint.cache.contents import Contents, digest_of
from archlint.cache.files import CachedFile, FileCache
from archlint.documents import DuplicateKey, Loaded, ParseProblem, Shelf, revive, store
from archlint.engine.reading import FileContent, ReferencedFiles, content_of, load_file, make_world
from archlint.engine.running import ABOUT_FILES, Runner
from archlint.files import FileProblem, FileTree, Kind, TextProblem, decode
from archlint.finding import Finding, Location, Notice, Rule, Severity, Span, Unread
from archlint.finding.data import from_data, to_data
from archlint.finding.records import dataclass, replace, values
from archlint.judging.asked import EVERYTHING, Asked
from archlint.model.pod_spec_paths import PodSpecPath


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules and settings that decide what the work on a file gives."""

    rules: tuple[Rule, ...]
    options: Mapping[str, Mapping[str, Any]]
    severities: Mapping[str, Severity]
    on_request: tuple[Rule, ...] = ()
    """Rules that an object may turn on for itself."""
    pod_spec_paths: tuple[PodSpecPath, ...] = ()
    asked: Asked = EVERYTHING

    def signature(self) -> str:
        """A digest of all that the findings of a file depend on, apart from files."""
        packages = {"archlint", *(rule.provider.partition(".")[0] for rule in self.rules)}
        code = [code_stamp(package) for package in sorted(packages)]
        code += [library_version(package, name) for package, name in _LIBRARIES]
        rules = [_told_by(rule) for rule in (*self.rules, *self.on_request)]
        pods = [[item.group, item.kind, *item.way] for item in self.pod_spec_paths]
        severities = {code: severity.label for code, severity in self.severities.items()}
        return digest_of(
            json.dumps(
                [
                    *(__version__, code, rules, len(self.on_request), self.options, severities, pods),
                    self.asked.signature(),
                ],
                sort_keys=True,
                default=str,
            ).encode()
        )


_LIBRARIES = (("yaml", "PyYAML"), ("jsonschema_rs", "jsonschema-rs"))
"""What reads and judges files beside archlint's own code: modules, and the names that installers know."""


def _told_by(rule: Rule) -> list[object]:
    """What the findings of a rule take from its page, which may change while the code stays as it is."""
    names = (rule.code, rule.name, rule.provider, rule.severity.label, rule.confidence.value)
    options = rule.defaults() if rule.options else {}
    return [*names, rule.messages, options, rule.aliases, rule.ignored_as]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What the work on one file gave."""

    content: FileContent
    findings: tuple[Finding, ...] = ()
    failures: Mapping[str, Notice] = field(default_factory=dict)


class FileWork:
    """Does the work on the files of one tree, with what the cache remembers."""

    def __init__(
        self,
        tree: FileTree,
        known: Mapping[str, Kind | None],
        named: frozenset[str],
        plan: Plan,
        *,
        cache: FileCache | None = None,
        contents: Contents | None = None,
        signature: str = "",
    ) -> None:
        """``contents`` are what the cache knows of the tree; in its entries ``signature`` is the plan.

        Of ``known`` the kustomizations have to be known when they are asked for, and all kinds when work on
        the files begins.
        """
        self.tree = tree
        self.known = known
        self.named = named
        self.plan = plan
        self._cache = cache
        self._contents = contents
        self._rows = {} if cache is None else cache.rows()
        self.signature = signature
        self.references = ReferencedFiles(tree)
        self.taken: frozenset[str] = frozenset()
        """Files that kustomizations take in: rules look at what is built of them, or later."""
        self._early: dict[str, tuple[FileContent, str | None]] = {}

    @cached_property
    def _beside(self) -> frozenset[str]:
        """The files that are judged as documents of their own."""
        return frozenset(path for path, kind in self.known.items() if kind in (None, Kind.OPENAPI))

    @cached_property
    def _kustomized(self) -> frozenset[str]:
        """The folders with a kustomization: nobody applies what lies in one and is not taken in."""
        return frozenset(dirname(path) for path, kind in self.known.items() if kind is Kind.KUSTOMIZATION)

    def _may_be_patched(self, path: str) -> bool:
        return path in self.taken or dirname(path) in self._kustomized

    def content(self, path: str) -> FileContent:
        """What a file says, as an earlier run read it if it is as it was."""
        kept = self._kept(path)
        if kept is not None:
            digest, reading, _ = kept
            with suppress(ValueError, KeyError, TypeError):
                return self._content(path, self._shelf(path, digest), json.loads(reading))
        self._early[path] = self._read(path)
        return self._early[path][0]

    def _kept(self, path: str) -> tuple[str, str, str] | None:
        """Digest, reading and findings of an earlier run, if file and plan are as they were."""
        row = self._rows.get(path)
        if row is None:
            return None
        digest, signature, reading, findings = row
        is_good = signature == self._signature_of(path) and self._digest_of(path) == digest
        return (digest, reading, findings) if is_good else None

    def _shelf(self, path: str, digest: str) -> Shelf:
        cache = self._cache
        if cache is None:
            return Shelf(lambda: None, lambda: None)
        return Shelf(lambda: cache.data(path, digest), lambda: cache.marks(path, digest))

    def remembered(self, path: str) -> FileResult | None:
        """The result of an earlier run, if everything it depends on is as it was."""
        kept = self._kept(path)
        if kept is None:
            return None
        digest, reading, findings = kept
        try:
            shelf = self._shelf(path, digest)
            return self._revived(path, shelf, json.loads(reading), json.loads(findings))
        except (ValueError, LookupError, TypeError):
            return None

    def done(self, path: str, runner: Runner) -> FileResult:
        """Read a file, run the rules that look at it alone, and remember the result."""
        content, digest = self._read(path)
        result, referenced = self._judged(path, content, runner)
        if self._cache is not None and digest is not None and not result.failures:
            self._cache.add(self._packed(path, digest, result, referenced))
        return result

    def packed(self, path: str, runner: Runner) -> tuple[CachedFile, Mapping[str, Notice]]:
        """As ``done``, as data for another process, which takes it with ``unpacked``."""
        content, digest = self._read(path)
        result, referenced = self._judged(path, content, runner)
        return self._packed(path, digest or "", result, referenced), result.failures

    def unpacked(self, row: CachedFile, failures: Mapping[str, Notice]) -> FileResult:
        """The result that another process packed; it is remembered as if it had been made here."""
        if self._cache is not None and row.digest and not failures:
            self._cache.add(row)
        shelf = Shelf(lambda: row.data, lambda: row.marks)
        result = self._revived(row.path, shelf, json.loads(row.reading), json.loads(row.findings))
        return FileResult(result.content, result.findings, failures) if result else FileResult(_NOTHING)

    def _read(self, path: str) -> tuple[FileContent, str | None]:
        """A file's content, and the digest of its bytes if they are text."""
        if path in self._early:
            return self._early.pop(path)
        known = self.known[path]
        try:
            data = self.tree.read(path) if self._contents is None else self._contents.read(path)
            text = decode(data)
        except (FileProblem, TextProblem):
            return load_file(self.tree, path, known), None
        return content_of(self.tree, path, text, known), digest_of(data)

    def _judged(self, path: str, content: FileContent, runner: Runner) -> tuple[FileResult, set[str]]:
        world = make_world(
            self.tree,
            {path: content.kind},
            {path: content},
            self.named,
            references=self.references,
            beside=self._beside,
            is_alone=True,
            pod_spec_paths=self.plan.pod_spec_paths,
        )
        runner.failures_met()  # those of other files
        world.may_be_patched = self._may_be_patched(path)
        is_built_on = path in self.taken and content.kind is Kind.KUBERNETES
        seen = runner.over_files(world, areas=ABOUT_FILES if is_built_on else None)
        findings = tuple(replace(item, through=(path,)) for item in seen)
        return FileResult(content, findings, runner.failures_met()), world.referenced - {path}

    def _packed(self, path: str, digest: str, result: FileResult, referenced: Iterable[str]) -> CachedFile:
        loaded = result.content.loaded
        stored = store(loaded.documents)
        reading = {
            "kind": result.content.kind.value,
            "count": len(loaded.documents),
            "problems": [asdict(problem) for problem in loaded.problems],
            "duplicates": [asdict(duplicate) for duplicate in loaded.duplicates],
            "unread": [values(item) for item in result.content.unread],
            "references": {other: self._state_of(other) for other in sorted(referenced)},
        }
        if loaded.problems:  # how grave these are depends on it
            reading["named"] = path in self.named
        return CachedFile(
            path=path,
            digest=digest,
            signature=self._signature_of(path),
            reading=json.dumps(reading),
            data=stored.data,
            marks=stored.marks,
            findings=json.dumps(to_data(result.findings), default=str),
        )

    def _revived(
        self, path: str, shelf: Shelf, reading: dict[str, Any], findings: Mapping[str, Any]
    ) -> FileResult | None:
        if any(self._state_of(other) != was for other, was in reading["references"].items()):
            return None
        if reading.get("named", path in self.named) != (path in self.named):
            return None
        return FileResult(self._content(path, shelf, reading), from_data(findings))

    def _content(self, path: str, shelf: Shelf, reading: dict[str, Any]) -> FileContent:
        kind = Kind(reading["kind"])
        documents = revive(
            path, lambda: self._text(path), kind, reading["count"], shelf, revision=self.tree.revision
        )
        loaded = Loaded(
            documents,
            tuple(_problem(item) for item in reading["problems"]),
            tuple(_duplicate(item) for item in reading["duplicates"]),
        )
        unread = tuple(Unread(**item) for item in reading["unread"])
        return FileContent(kind, loaded, unread)

    def _text(self, path: str) -> str:
        """The text of a file that was text when the run began."""
        try:
            return decode(self.tree.read(path))
        except (FileProblem, TextProblem):
            return ""

    def _signature_of(self, path: str) -> str:
        return f"{self.signature} {self.known[path] or ''}{self._part(path)}"

    def _part(self, path: str) -> str:
        """What of the kustomizations around a file its findings depend on."""
        return " taken" if path in self.taken else " beside" if self._may_be_patched(path) else ""

    def _state_of(self, path: str) -> str:
        """What the findings of a file that refers to another one depend on."""
        return f"{self._digest_of(path)}{' beside' if path in self._beside else ''}"

    def _digest_of(self, path: str) -> str:
        if self._contents is not None:
            return self._contents.digest(path)
        try:
            return digest_of(self.tree.read(path))
        except FileProblem:
            return ""


_NOTHING = FileContent(Kind.OTHER, Loaded())
"""The content of a file that changed or vanished while it was read."""


def _problem(data: dict[str, Any]) -> ParseProblem:
    related = tuple(Location(**{**item, "span": Span(**item["span"])}) for item in data["related"])
    return ParseProblem(data["path"], data["message"], _span(data["span"]), related)


def _duplicate(data: dict[str, Any]) -> DuplicateKey:
    return DuplicateKey(**{**data, "span": Span(**data["span"]), "first": Span(**data["first"])})


def _span(data: dict[str, int] | None) -> Span | None:
    return None if data is None else Span(**data)
