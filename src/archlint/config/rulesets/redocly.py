"""Reads the configurable rules (``rule/…``) of Redocly's configuration, and what its ignore file lists.

What it extends and refers to is read below the root alone; packages, addresses and plugins are told with what
they leave out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.config.errors import ConfigurationError
from archlint.config.rulesets.documents import read_map
from archlint.config.rulesets.names import ignore_file_of
from archlint.config.rulesets.redocly_forms import faults_of_apis, faults_of_part
from archlint.config.rulesets.redocly_merging import ALL, KEYS, Layer, Said, merged
from archlint.config.rulesets.redocly_rules import RuleReader
from archlint.documents import Document
from archlint.files import WorkingTree
from archlint.finding import Notice
from archlint.finding.digest import blake2b
from archlint.finding.place import steps_of
from archlint.model.redocly.rules import ConfigurableRule, RedoclyRules
from archlint.model.rulesets.layers import RulesetFault, WrittenAt

RULE = "rule/"
_OLD_RULE = "assert/"
_SETS = ("minimal", "recommended", "recommended-strict", "spec", "all")
_OTHER_KEYS = (
    "async2Rules",
    "async3Rules",
    "arazzo1Rules",
    "arazzo1_1Rules",
    "overlay1Rules",
    "openrpc1Rules",
    "graphqlRules",
)
_MOST_FILES = 50
_MOST_REFERENCES = 20
_Rules = dict[str, dict[str, ConfigurableRule | None]]


class RedoclyReader:
    """Reads one configuration with the files that it extends."""

    def __init__(self, tree: WorkingTree) -> None:
        self._tree = tree
        self._documents: dict[str, Document] = {}
        self._layers: dict[str, Layer] = {}
        self._digest = blake2b(digest_size=16)
        self._rules = RuleReader()
        self._leaves_out = False
        self._notices: dict[Notice, None] = {}

    @property
    def notices(self) -> list[Notice]:
        """What is to be told, each thing once."""
        return list(self._notices)

    def read(self, path: str) -> RedoclyRules:
        """The configurable rules in a file; raises ``ConfigurationError`` if it cannot be read."""
        document = self._document(path)
        at = WrittenAt(document, ())
        self._layers[path] = {}  # for files that lead back
        layer = self._extended(document.data, at, path)
        apis = dict(self._apis(document.data, at, path))
        rules = self._defined(layer)
        by_api = {file: self._defined(merged((layer, more))) for file, more in apis.items()}
        ignored = self._ignored(ignore_file_of(path))
        if any(map(any, rules.values())) or by_api:
            self._tell_changes(document)
        faults = tuple(dict.fromkeys(self._rules.faults))
        files = tuple(self._documents)
        return RedoclyRules(path, rules, by_api, ignored, files, faults, self._digest.hexdigest())

    def _document(self, path: str) -> Document:
        """A file, which is read once; raises ``ConfigurationError``."""
        if path not in self._documents:
            if len(self._documents) >= _MOST_FILES:
                raise ConfigurationError([f"{path}: there are more than {_MOST_FILES} files"])
            loaded, content = read_map(self._tree, path, "a configuration of Redocly is a map")
            self._digest.update(f"{path}\0{len(content)}\0".encode("utf-8", "surrogatepass") + content)
            self._documents[path] = loaded.documents[0]
        return self._documents[path]

    def _apis(self, data: Mapping[str, Any], at: WrittenAt, path: str) -> Iterator[tuple[str, Layer]]:
        """What is said for single contracts, by path; of several entries for one the first counts."""
        self._rules.faults += faults_of_apis(data, at)
        apis, seen = data.get("apis"), set[str]()
        for name, api in apis.items() if isinstance(apis, dict) else ():
            if not isinstance(api, dict) or not isinstance(api.get("root"), str):
                continue
            here = at.below("apis", name)
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), api["root"]))
            if self._tree.stat(file) is None:
                layer = self._extended(api, here, path)
                if any(layer.values()):
                    self._tell(f"what is said for '{name}' is not used; {api['root']} is no file here", here)
            elif file not in seen:
                seen.add(file)
                yield file, self._extended(api, here, path)

    def _extended(self, data: Mapping[str, Any], at: WrittenAt, path: str) -> Layer:
        """What a part of a configuration says, on top of what it extends."""
        self._rules.faults += faults_of_part(data, at)
        own = self._own(data, at, path)
        extends = data.get("extends")
        if extends in (None, False, ""):
            return own
        items = extends if isinstance(extends, list) else [extends]
        names = [each for each in items if isinstance(each, str) and each not in _SETS]
        return merged((*(self._beside(name, at, path) for name in names), own))

    def _own(self, data: Mapping[str, Any], at: WrittenAt, path: str) -> Layer:
        outside = [str(name) for name in data if str(name).startswith(RULE)]
        if outside:
            self._tell(
                f"{', '.join(outside)}: not run outside of 'rules'; move it there", at.below(outside[0])
            )
        for key in _OTHER_KEYS:
            said = data.get(key)
            names = (
                [str(name) for name in said if str(name).startswith(RULE)] if isinstance(said, dict) else []
            )
            if names:
                text = f"{', '.join(names)} in {key}: not run; configurable rules are run over OpenAPI alone"
                self._tell(text, at.below(key))
        return {key: dict(self._said(data.get(key), at.below(key), path)) for key in KEYS}

    def _said(self, rules: Any, at: WrittenAt, path: str) -> Iterator[tuple[str, Said]]:
        """What is said of rules, by name."""
        rules, at, path = self._followed(rules, at, path)
        for name, said in rules.items() if isinstance(rules, dict) else ():
            here = at.below(name)
            if str(name).startswith(RULE):
                value, there, _ = self._followed(said, here, path)
                yield str(name), Said(value, there)
            elif str(name).startswith(_OLD_RULE):
                self._tell(f"{name}: not run; a configurable rule is called rule/… since Redocly CLI 2", here)

    def _followed(self, value: Any, at: WrittenAt, path: str) -> tuple[Any, WrittenAt, str]:
        """Where a reference leads; nothing, which is told, if it leads nowhere."""
        for _ in range(_MOST_REFERENCES):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return value, at, path
            if "://" in reference:
                self._leaves_out = True
                self._tell(f"'{reference}' is not loaded; copy it here and refer to the copy", at)
                return None, at, path
            name, _, pointer = reference.partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
            try:
                document = self._document(path)
            except ConfigurationError as problem:
                self._lose(reference, at, str(problem))
                return None, at, path
            route = tuple(steps_of(pointer))
            if document.existing(route) != route:
                self._lose(reference, at, "nothing is there")
                return None, at, path
            value, at = document.at(route).value, WrittenAt(document, route)
        self._lose(str(value.get("$ref")), at, "it leads back to itself")
        return None, at, path

    def _lose(self, reference: str, at: WrittenAt, why: str) -> None:
        self._leaves_out = True
        fault = RulesetFault(at.below("$ref"), f"the reference '{reference}' cannot be followed: {why}")
        self._rules.faults.append(fault)

    def _defined(self, layer: Layer) -> _Rules:
        """The rules; ``None`` for one that is off or has a fault."""
        found: _Rules = {key: {} for key in layer}
        for key, there in layer.items():
            for name, said in there.items():
                is_run = not said.is_off and not self._is_of_others(key, name, layer)
                rule = self._rules.rule(name, said) if is_run else None
                found[key][name] = rule
                for text in rule.not_run if rule is not None else ():
                    self._tell(f"{name}: {text}", said.at)
        return found

    def _is_of_others(self, key: str, name: str, layer: Layer) -> bool:
        """Whether a severity alone is that of a rule which is defined for single versions, or not read."""
        if not isinstance(layer[key][name].value, str):
            return False
        versions = (layer[each].get(name) for each in KEYS) if key == ALL else ()
        return self._leaves_out or any(each and isinstance(each.value, dict) for each in versions)

    def _beside(self, name: str, at: WrittenAt, path: str) -> Layer:
        """What a file says that is extended."""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if "://" in name or not posixpath.splitext(name)[1]:
            self._leaves_out = True
            text = f"ruleset '{name}' is not loaded; copy it here and extend the copy (./NAME.yaml)"
            self._tell(text, at.below("extends"))
            return {}
        if target not in self._layers:
            self._layers[target] = {}  # for files that lead back
            try:
                document = self._document(target)
            except ConfigurationError as problem:
                self._leaves_out = True
                fault = RulesetFault(at.below("extends"), f"ruleset '{name}' cannot be read: {problem}")
                self._rules.faults.append(fault)
                return {}
            self._layers[target] = self._extended(document.data, WrittenAt(document, ()), target)
        return self._layers[target]

    def _ignored(self, path: str) -> dict[tuple[str, str], frozenset[str]]:
        """What the ignore file beside the configuration lists, by path and rule."""
        if self._tree.stat(path) is None:
            return {}
        try:
            document = self._document(path)
        except ConfigurationError as problem:
            self._notices[Notice("warning", f"nothing is ignored: {problem}", path)] = None
            return {}
        found: dict[tuple[str, str], frozenset[str]] = {}
        for file, rules in document.data.items():
            for rule, places in rules.items() if isinstance(rules, dict) else ():
                key = (posixpath.normpath(posixpath.join(posixpath.dirname(path), str(file))), str(rule))
                found[key] = frozenset(map(str, places if isinstance(places, list) else ()))
        return found

    def _tell_changes(self, document: Document) -> None:
        """What would change contracts before rules look at them."""
        keys = [key for key in document.data if str(key).lower().endswith(("preprocessors", "decorators"))]
        if keys:
            text = f"{_words(keys)} not run: rules look at contracts as they are written"
            self._notices[Notice("warning", text, document.path)] = None

    def _tell(self, text: str, at: WrittenAt) -> None:
        line = at.place.span().line if at.route else 1
        self._notices[Notice("warning", f"line {line}: {text}", at.document.path)] = None


def _words(keys: Sequence[str]) -> str:
    return f"{', '.join(map(repr, keys))} {'is' if len(keys) == 1 else 'are'}"
