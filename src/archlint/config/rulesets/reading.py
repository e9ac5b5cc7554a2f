"""Reads a ruleset and the files that it extends.

Nothing is fetched and no program is run: packages, addresses and functions are told with what they leave out.
Files are read below the root alone (below its own folder for a ruleset that lies elsewhere), and no link is
followed out of there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from archlint.config.errors import ConfigurationError
from archlint.config.rulesets.documents import read_map
from archlint.config.rulesets.known import RENAMED
from archlint.config.rulesets.names import PROGRAM_ENDS
from archlint.config.rulesets.shape import Shape
from archlint.documents import Document
from archlint.files import WorkingTree
from archlint.finding import Notice
from archlint.finding.digest import blake2b
from archlint.finding.place import steps_of
from archlint.model.rulesets.file_globs import GlobError, file_matcher
from archlint.model.rulesets.layers import (
    ALL,
    OFF,
    RECOMMENDED,
    Extended,
    KnownRuleset,
    Layer,
    Override,
    RulesetFault,
    WrittenAt,
    WrittenRuleset,
)
from archlint.model.rulesets.merging import merged_rules
from archlint.model.rulesets.ruleset import Ruleset

_MOST_FILES = 50
_OF_VACUUM = "vacuum:"
_REMOTE = ("http://", "https://", "//", "file:")
_OF_PACKAGE = (
    "if it holds a ruleset as YAML or JSON, copy that file here and extend the copy (./NAME.yaml); "
    "what is JavaScript is not run"
)

_UNQUOTED = "-_.~:/?#[]@!$&()*+,;=%"
"""What an address may have besides letters and digits, between single quotes in a shell."""

Known = Callable[[str], KnownRuleset | None]


class RulesetReader:
    """Reads one ruleset with all that it extends."""

    def __init__(self, tree: WorkingTree, shape: Shape, known: Known) -> None:
        """``known`` gives the rulesets that archlint has as rules of its own."""
        self._tree = tree
        self._shape = shape
        self._known = known
        self._digest = blake2b(digest_size=16)
        self._read: list[str] = []
        self._reading: list[str] = []
        self._layers: dict[str, Layer | None] = {}
        self._documents: dict[int, Document] = {}
        self._places: dict[int, WrittenAt] = {}
        self._faults: list[RulesetFault] = []
        self.notices: list[Notice] = []

    def ruleset(self, path: str, *, is_named: bool) -> Ruleset:
        """The ruleset in a file of the tree; raises ``ConfigurationError`` if it cannot be read."""
        document = self._document(path)
        data = document.data
        top = self._layer(data, WrittenAt(document, ()), path)
        overrides = tuple(self._overrides(data, WrittenAt(document, ("overrides",)), path, top))
        written = WrittenRuleset(
            top,
            overrides,
            posixpath.dirname(path),
            self._places,
            tuple(dict.fromkeys(self._faults)),
            tuple(self._read),
        )
        return Ruleset(written, path, self._digest.hexdigest(), is_named=is_named)

    def _document(self, path: str) -> Document:
        loaded, content = read_map(self._tree, path, "a ruleset is a map with 'rules' or 'extends'")
        self._read.append(path)
        self._digest.update(f"{path}\0{len(content)}\0".encode("utf-8", "surrogatepass") + content)
        for repeated in loaded.duplicates:  # as Spectral, which takes the last one
            text = f"line {repeated.span.line}: '{repeated.key}' is set twice and the last one counts"
            self.notices.append(Notice("warning", f"{text}; remove the other", path))
        return loaded.documents[0]

    def _layer(self, data: Mapping[str, Any], at: WrittenAt, path: str, around: Layer | None = None) -> Layer:
        """A ruleset or an override; ``around`` is the ruleset that an override belongs to."""
        self._faults += self._shape.faults(data, at)
        wanted = list(self._extended(data.get("extends"), at.below("extends"), path))
        extends = tuple(each for each in wanted if each is not None)
        lacks = len(extends) < len(wanted)
        rules = {RENAMED.get(name, name): said for name, said in _map(data.get("rules")).items()}
        beneath = Layer({}, extends if around is None else (*extends, Extended(around)), lacks)
        known = frozenset(merged_rules(beneath))
        aliases = {**(around.aliases if around is not None else {}), **_map(data.get("aliases"))}
        kept: dict[str, Any] = {}
        for name, said in rules.items():
            written = name if name in _map(data.get("rules")) else _former(name, data)
            here = at.below("rules", written)
            names = known | {name} if beneath.switches(name) else known
            found = list(self._shape.rule_faults(name, said, here, aliases, names))
            self._faults += found
            if not found or not isinstance(said, dict):
                kept[name] = said
            self._places[id(said)] = here
        return Layer({**data, "rules": kept} if "rules" in data else data, extends, lacks)

    def _extended(self, value: Any, at: WrittenAt, path: str) -> Iterator[Extended | None]:
        """What is extended; ``None`` for what is not loaded."""
        items = value if isinstance(value, list) else [] if value is None else [value]
        for index, item in enumerate(items):
            here = at.below(index) if isinstance(value, list) else at
            is_said = isinstance(item, list) and len(item) == 2
            name, which = item if is_said else (item, RECOMMENDED)
            which = OFF if which is False else which
            if not isinstance(name, str) or which not in (RECOMMENDED, ALL, OFF):
                text = "an entry of 'extends' is a name, or a name with 'off', 'recommended' or 'all'"
                self._faults.append(RulesetFault(here, text))
                continue
            ruleset = self._known(name) or self._local(name, here, path)
            yield None if ruleset is None else Extended(ruleset, which, is_said)

    def _local(self, name: str, at: WrittenAt, path: str) -> Layer | None:
        if name == "spectral:arazzo":
            self._tell(at, f"ruleset '{name}' is not run: archlint has no rules for Arazzo")
            return None
        if name.startswith(_REMOTE):
            self._tell(at, f"ruleset '{name}' is not loaded: archlint opens no connection; {_copied(name)}")
            return None
        if name.startswith(_OF_VACUUM):
            text = f"ruleset '{name}' is one of vacuum, which is not run; `archlint config import {path}`"
            self._tell(at, f"{text} writes a configuration with those of its rules that archlint has")
            return None
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        is_file = name.startswith(("./", "../", "/"))
        if not is_file and self._tree.stat(target) is None:
            self._tell(at, f"ruleset '{name}' is a package and is not loaded; {_OF_PACKAGE}")
            return None
        if name.endswith(PROGRAM_ENDS):
            self._tell(at, f"ruleset '{name}' is a program, which is not run; write it as YAML")
            return None
        return self._beside(target, at)

    def _beside(self, target: str, at: WrittenAt) -> Layer | None:
        """A ruleset in another file, which is read once."""
        if target in self._reading:
            return None  # as Spectral: what is being read already adds nothing
        if target not in self._layers:
            self._layers[target] = None
            if len(self._read) > _MOST_FILES:
                self._faults.append(
                    RulesetFault(
                        at, f"more than {_MOST_FILES} files extend each other, and this one is not read"
                    )
                )
                return None
            self._reading.append(target)
            try:
                document = self._document(target)
                self._layers[target] = self._layer(document.data, WrittenAt(document, ()), target)
            except ConfigurationError as problem:
                self._faults.append(RulesetFault(at, f"ruleset cannot be read: {problem}"))
            self._reading.pop()
        return self._layers[target]

    def _overrides(self, data: Mapping[str, Any], at: WrittenAt, path: str, top: Layer) -> Iterator[Override]:
        items = data.get("overrides")
        for index, item in enumerate(items if isinstance(items, list) else ()):
            here = at.below(index)
            files = item.get("files") if isinstance(item, dict) else None
            if not isinstance(files, list) or not files or not all(isinstance(each, str) for each in files):
                self._faults.append(RulesetFault(here, "an override names its 'files' in a list of patterns"))
                continue
            for place, each in enumerate(files):
                self._check(each.partition("#")[0], here.below("files", place))
            yield _override(files, self._layer(item, here, path, top))
        excepted = data.get("except")
        for pattern, names in excepted.items() if isinstance(excepted, dict) else ():
            rules = {str(name): "off" for name in names} if isinstance(names, list) else {}
            files = [f"**{pattern}" if pattern.startswith("#") else pattern]
            self._check(files[0].partition("#")[0], at)
            yield _override(files, Layer({"rules": rules}))

    def _check(self, glob: str, at: WrittenAt) -> None:
        try:
            file_matcher(glob)
        except GlobError as problem:
            self._faults.append(RulesetFault(at, f"files '{glob}' mean no file: {problem}"))

    def _tell(self, at: WrittenAt, text: str) -> None:
        line = at.value_place.span().line
        self.notices.append(Notice("warning", f"line {line}: {text}", at.document.path))


def _override(files: list[str], layer: Layer) -> Override:
    whole = tuple(each for each in files if "#" not in each)
    pointers = []
    for each in files:
        if "#" in each:
            pattern, _, pointer = each.partition("#")
            pointers.append((pattern, "".join(f"/{_escaped(step)}" for step in steps_of(unquote(pointer)))))
    return Override(whole, tuple(pointers), layer)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _former(name: str, data: Mapping[str, Any]) -> str:
    return next((old for old, new in RENAMED.items() if new == name and old in _map(data.get("rules"))), name)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _copied(address: str) -> str:
    """What to do about a ruleset that lies elsewhere."""
    end = posixpath.basename(address.partition("#")[0].partition("?")[0])
    if end.endswith(PROGRAM_ENDS):
        return "and it is a program, which would not be run; write the rules that you need as YAML"
    is_plain = end.endswith((".yaml", ".yml", ".json")) and end[:1].isalnum() and _has_only(end, "-_.")
    name = end if is_plain else "ruleset.yaml"
    if not address.startswith("http") or not _has_only(address, _UNQUOTED):
        return f"copy it here and extend './{name}'"
    return f"take a copy (`curl -fsSLo {name} '{address}'`) and extend './{name}'"


def _has_only(text: str, signs: str) -> bool:
    """Whether a text has nothing but letters, digits and these signs."""
    return text.isascii() and all(each.isalnum() or each in signs for each in text)
