"""What ``buf.yaml`` (v1beta1, v1, v2) and ``buf.work.yaml`` say about modules, above all for ``buf lint``.

A module is a folder; its configuration says which of buf's rules are wanted (``use``, ``except``), where they
are not (``ignore``, ``ignore_only``), how they are set, and whether comments may take findings back.
Source: https://buf.build/docs/configuration/v2/buf-yaml/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from posixpath import basename, dirname, join, normpath
from typing import Any

from archlint.documents.proto.buf_breaking import BufBreaking, breaking_settings
from archlint.documents.proto.buf_rules import known_rules
from archlint.documents.proto.buf_yaml import RuleChoice, choice_in, is_below, load, texts
from archlint.files import FileProblem, FileTree
from archlint.files.folders import all_folders, folders_above
from archlint.finding.records import dataclass

NAME, WORK_NAME = "buf.yaml", "buf.work.yaml"
_OLDEST = "v1beta1"


@dataclass(frozen=True, slots=True)
class BufLint:
    """The settings of one module."""

    root: str
    """The folder from which imports are named."""
    rules: RuleChoice
    """What it says about ``buf lint``."""
    breaking: BufBreaking
    """What it says about ``buf breaking``."""
    included: tuple[str, ...] = ()
    """The only folders that the module consists of; all if there are none."""
    excluded: tuple[str, ...] = ()
    """Folders that are no part of the module."""
    obeys_comments: bool = True
    zero_suffix: str | None = None
    service_suffix: str | None = None
    allows_same_type: bool = False
    """Whether the request and the response of a method may be of one type."""
    allows_empty_requests: bool = False
    allows_empty_responses: bool = False

    @property
    def extent(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """What tells it from another module that begins in the same folder."""
        return self.root, self.included, self.excluded

    def holds(self, path: str) -> bool:
        """Whether a file below the folder is part of the module."""
        if self.excluded and is_below(path, self.excluded):
            return False
        return not self.included or is_below(path, self.included)

    def tells(self, rule: str, path: str) -> bool:
        """Whether a rule is in force for a file."""
        return self.rules.asks(rule, path) and self.holds(path)

    def tells_change(self, rule: str, path: str, package: str) -> bool:
        """Whether a rule about changes is in force for a file of a package."""
        return self.holds(path) and self.breaking.tells(rule, (path,), (package,))


BufModules = Mapping[str, tuple[BufLint, ...]]
"""Modules by the folder that they begin in; the parts of one folder may be several modules."""


def modules_in(paths: Iterable[str], read: Callable[[str], bytes]) -> BufModules:
    """The modules that the configurations among some paths declare."""
    found: dict[str, tuple[BufLint, ...]] = {}
    left: list[str] = []
    for path in sorted(paths):
        if basename(path) == NAME:
            own: dict[str, tuple[BufLint, ...]] = {}
            for module in _modules(load(path, read) or {}, dirname(path)):
                own[module.root] = (*own.get(module.root, ()), module)
            found = own | found
        elif basename(path) == WORK_NAME:
            listed = texts((load(path, read) or {}).get("directories"))
            left += (_below(dirname(path), item) for item in listed)
    for root in left:
        found.setdefault(root, (_module(root, None, (None, None), root, "v1"),))
    return found


def modules_around(tree: FileTree, paths: Iterable[str]) -> BufModules:
    """The modules of a tree, also those around some paths in it whose declarations the tree does not list,
    as where single files are named."""
    listed = [path for path in tree.paths() if basename(path) in (NAME, WORK_NAME)]
    known = set(listed)
    around = (join(folder, name) for folder in all_folders(paths) for name in (NAME, WORK_NAME))
    return modules_in(
        [*listed, *(path for path in around if path not in known and _is_there(path, tree))], tree.read
    )


def _is_there(path: str, tree: FileTree) -> bool:
    try:
        tree.read(path)
    except FileProblem:
        return False
    return True


def module_of(path: str, modules: BufModules) -> BufLint | None:
    """The module that a file belongs to: that of the nearest folder around it; of several the one that holds
    it."""
    near = next((modules[folder] for folder in folders_above(path) if folder in modules), ())
    return next((module for module in near if module.holds(path)), near[0] if near else None)


def _modules(configuration: dict[str, Any], folder: str) -> Iterator[BufLint]:
    version = str(configuration.get("version") or _OLDEST)
    lint, breaking = configuration.get("lint"), configuration.get("breaking")
    modules = configuration.get("modules")
    build = configuration.get("build")
    if version == "v2" and isinstance(modules, list) and modules:
        for item in modules:
            own = item if isinstance(item, dict) else {}
            root = _below(folder, str(own.get("path") or "."))
            said = (own.get("lint") or lint, own.get("breaking") or breaking)
            yield _module(root, own, said, folder, version)
        return
    roots = texts(build.get("roots")) if version == _OLDEST and isinstance(build, dict) else []
    for root in roots or ["."]:
        yield _module(_below(folder, root), build, (lint, breaking), folder, version)


def _module(root: str, parts: Any, sections: tuple[Any, Any], folder: str, version: str) -> BufLint:
    """The settings of one module; paths in them begin at ``folder``, ``parts`` says what it consists of, and
    ``sections`` are what is said about ``lint`` and ``breaking``. Where a file could have several roots, what
    it ignores begins at each of them."""
    lint, breaking = sections
    said = lint if isinstance(lint, dict) else {}
    of = parts if isinstance(parts, dict) else {}
    below = partial(_below, folder)
    ignored = partial(_below, root if version == _OLDEST else folder)
    return BufLint(
        root=root,
        rules=choice_in(lint, "STANDARD", known_rules(version), ignored),
        breaking=breaking_settings(breaking, version, ignored),
        included=tuple(map(below, texts(of.get("includes")))),
        excluded=tuple(map(below, texts(of.get("excludes")))),
        obeys_comments=_obeys_comments(said, version),
        zero_suffix=_text(said.get("enum_zero_value_suffix")),
        service_suffix=_text(said.get("service_suffix")),
        allows_same_type=said.get("rpc_allow_same_request_response") is True,
        allows_empty_requests=said.get("rpc_allow_google_protobuf_empty_requests") is True,
        allows_empty_responses=said.get("rpc_allow_google_protobuf_empty_responses") is True,
    )


def _obeys_comments(said: Mapping[str, Any], version: str) -> bool:
    if version == "v2":
        return said.get("disallow_comment_ignores") is not True
    return said.get("allow_comment_ignores") is True


def _below(folder: str, path: str) -> str:
    found = normpath(join(folder, path))
    return "" if found == "." else found


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
