"""Reads the configurable rules (``rule/…``) of Redocly's configuration, and what its ignore file lists.

What it extends is read below the root alone; packages, addresses and plugins are told with what they leave
out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.config.errors import ConfigurationError
from archlint.config.rulesets.documents import read_map
from archlint.config.rulesets.redocly_rules import RuleReader
from archlint.documents import Document
from archlint.files import WorkingTree
from archlint.finding import Notice
from archlint.finding.digest import blake2b
from archlint.model.redocly.rules import ConfigurableRule, RedoclyRules
from archlint.model.rulesets.layers import RulesetFault, WrittenAt

RULE = "rule/"
IGNORED = ".redocly.lint-ignore.yaml"
_SETS = ("minimal", "recommended", "recommended-strict", "spec", "all")
_KEYS = ("rules", "oas2Rules", "oas3_0Rules", "oas3_1Rules", "oas3_2Rules")
_OTHER_KEYS = ("async2Rules", "async3Rules", "arazzo1Rules", "arazzo1_1Rules", "overlay1Rules")
_MOST_FILES = 50
_Rules = dict[str, dict[str, ConfigurableRule | None]]


class RedoclyReader:
    """Reads one configuration with the files that it extends."""

    def __init__(self, tree: WorkingTree) -> None:
        self._tree = tree
        self._read: list[str] = []
        self._digest = blake2b(digest_size=16)
        self._rules = RuleReader()
        self.notices: list[Notice] = []

    def read(self, path: str) -> RedoclyRules:
        """The configurable rules in a file; raises ``ConfigurationError`` if it cannot be read."""
        document = self._document(path)
        rules = self._extended(document.data, WrittenAt(document, ()), path)
        apis = document.data.get("apis")
        by_api: dict[str, _Rules] = {}
        for name, api in apis.items() if isinstance(apis, dict) else ():
            if isinstance(api, dict) and isinstance(api.get("root"), str):
                file = posixpath.normpath(posixpath.join(posixpath.dirname(path), api["root"]))
                by_api[file] = self._extended(api, WrittenAt(document, ("apis", name)), path)
        ignored = self._ignored(posixpath.dirname(path))
        self._tell_changes(document)
        return RedoclyRules(
            path,
            rules,
            by_api,
            ignored,
            tuple(self._read),
            tuple(self._rules.faults),
            self._digest.hexdigest(),
        )

    def _document(self, path: str) -> Document:
        loaded, content = read_map(self._tree, path, "a configuration of Redocly is a map")
        self._read.append(path)
        self._digest.update(f"{path}\0{len(content)}\0".encode("utf-8", "surrogatepass") + content)
        return loaded.documents[0]

    def _extended(self, data: Mapping[str, Any], at: WrittenAt, path: str) -> _Rules:
        """The rules of a part of a configuration, on top of those that it extends."""
        merged: _Rules = {}
        extends = data.get("extends")
        for item in extends if isinstance(extends, list) else [extends] if extends else []:
            if isinstance(item, str) and item not in _SETS:
                for key, rules in self._beside(item, at, path).items():
                    merged.setdefault(key, {}).update(rules)
        for key in _KEYS:
            said = data.get(key)
            for name, rule in said.items() if isinstance(said, dict) else ():
                if str(name).startswith(RULE):
                    merged.setdefault(key, {}).update(self._rule(str(name), rule, at.below(key, name)))
        for key in _OTHER_KEYS:
            said = data.get(key)
            names = [name for name in said if str(name).startswith(RULE)] if isinstance(said, dict) else []
            if names:
                text = f"{', '.join(names)} in {key}: not run; configurable rules are run over OpenAPI alone"
                self._tell(text, at)
        return merged

    def _rule(self, name: str, said: Any, at: WrittenAt) -> Iterator[tuple[str, ConfigurableRule | None]]:
        """A rule by its name; ``None`` for one that is off, and nothing for one with faults."""
        if said is False or said == "off" or (isinstance(said, dict) and said.get("severity") == "off"):
            yield name, None
            return
        rule = self._rules.rule(name, said, at)
        if rule is not None:
            yield name, rule
            for text in rule.not_run:
                self._tell(f"{name}: {text}", at)

    def _beside(self, name: str, at: WrittenAt, path: str) -> _Rules:
        """The rules of a file that is extended."""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if "://" in name or not name.endswith((".yaml", ".yml")):
            text = f"ruleset '{name}' is not loaded; copy it here and extend the copy (./NAME.yaml)"
            self._tell(text, at)
            return {}
        if target in self._read or len(self._read) > _MOST_FILES:
            return {}
        try:
            document = self._document(target)
        except ConfigurationError as problem:
            fault = RulesetFault(at.below("extends"), f"ruleset '{name}' cannot be read: {problem}")
            self._rules.faults.append(fault)
            return {}
        return self._extended(document.data, WrittenAt(document, ()), target)

    def _ignored(self, folder: str) -> dict[tuple[str, str], frozenset[str]]:
        """What the ignore file beside the configuration lists, by path and rule."""
        path = posixpath.join(folder, IGNORED)
        if self._tree.stat(path) is None:
            return {}
        try:
            document = self._document(path)
        except ConfigurationError as problem:
            self.notices.append(Notice("warning", f"nothing is ignored: {problem}", path))
            return {}
        found: dict[tuple[str, str], frozenset[str]] = {}
        for file, rules in document.data.items():
            for rule, places in rules.items() if isinstance(rules, dict) else ():
                key = (posixpath.normpath(posixpath.join(folder, str(file))), str(rule))
                found[key] = frozenset(map(str, places if isinstance(places, list) else ()))
        return found

    def _tell_changes(self, document: Document) -> None:
        """What would change contracts before rules look at them."""
        keys = [key for key in document.data if str(key).lower().endswith(("preprocessors", "decorators"))]
        if keys:
            text = f"{_words(keys)} not run: rules look at contracts as they are written"
            self.notices.append(Notice("warning", text, document.path))

    def _tell(self, text: str, at: WrittenAt) -> None:
        line = at.place.span().line if at.route else 1
        self.notices.append(Notice("warning", f"line {line}: {text}", at.document.path))


def _words(keys: Sequence[str]) -> str:
    return f"{', '.join(map(repr, keys))} {'is' if len(keys) == 1 else 'are'}"
