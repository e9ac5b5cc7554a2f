"""Loads the rules of archlint: from the index that the build made, else from the pages themselves.

Reading some hundred pages costs more than a short run may take. The wheel therefore carries
``rules/index.json``; beside a source tree, where pages change, the index is kept in the user's cache and is
good as long as no page has another size or time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from archlint.finding import Confidence, Profile, Rule, Severity, Status
from archlint.finding.records import values
from archlint.registry.page import rule_of, split_page

INDEX = "index.json"
PROVIDER = "archlint.checks"

# looked up, as calling an enumeration some thousand times is what a short run would notice
_SEVERITIES = {each.label: each for each in Severity}
_PROFILES = {each.label: each for each in Profile}
_CONFIDENCES = {each.value: each for each in Confidence}
_STATUSES = {each.value: each for each in Status}
_TUPLES = ("formerly", "tags", "aliases", "ignored_as")
_USUAL: dict[str, Any] = {
    **dict.fromkeys(_TUPLES, ()),
    "summary": "",
    "security_severity": 0.0,
    "fix": "none",
    "since": "",
    "options": {},
    "presets": {},
    "provider": PROVIDER,
    "text": "",
    "help_url": "",
}
"""What most rules have: it is left out where it is so."""


def rules_folder() -> Path:
    """Where the rule pages are: beside ``src/`` in a source tree, in the package when installed."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent.parent / "rules"
    if package.parent.name == "src" and beside.is_dir():
        return beside
    return package / "rules"


def page_paths(folder: Path) -> list[Path]:
    """All rule pages of a folder, one level of area folders deep, sorted."""
    return sorted(folder.glob("*/*.md"))


def read_pages(folder: Path, provider: str = PROVIDER) -> list[Rule]:
    """The rules that the pages of a folder declare; raises ``PageError``."""
    return [
        rule_of(split_page(path.read_text("utf-8"), path.name), str(path), provider)
        for path in page_paths(folder)
    ]


def load_rules(cache_folder: Path | None) -> list[Rule]:
    """The rules of archlint itself."""
    folder = rules_folder()
    built = folder / INDEX
    if built.is_file():
        return [_revive(entry, str(folder)) for entry in json.loads(built.read_text("utf-8"))["rules"]]
    return _load_cached(folder, cache_folder, lambda: read_pages(folder))


def _load_cached(folder: Path, cache_folder: Path | None, read: Callable[[], list[Rule]]) -> list[Rule]:
    if cache_folder is None:
        return read()
    signature = _signature(folder)
    kept = cache_folder / "rules.json"
    try:
        entry = json.loads(kept.read_text("utf-8"))
        if entry["folder"] == str(folder) and entry["signature"] == signature:
            return [_revive(rule, entry["folder"]) for rule in entry["rules"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    rules = read()
    write_index(kept, rules, folder, {"folder": str(folder), "signature": signature})
    return rules


def _signature(folder: Path) -> list[list[Any]]:
    """Area, name, time and size of each page, without a path object for each."""
    pages: list[list[Any]] = []
    for area in os.scandir(folder):
        if area.is_dir():
            for page in os.scandir(area.path):
                if page.name.endswith(".md"):
                    stat = page.stat()
                    pages.append([area.name, page.name, stat.st_mtime_ns, stat.st_size])
    return sorted(pages)


def write_index(
    target: Path, rules: Sequence[Rule], folder: Path, stamp: Mapping[str, Any] | None = None
) -> None:
    """Write the index of some rules and what tells whether it is still good.

    A folder that cannot be written is left as it is.
    """
    from archlint.cache import write_atomically

    body = {**(stamp or {}), "rules": [_flatten(rule, folder) for rule in rules]}
    write_atomically(target, json.dumps(body).encode())


def _flatten(rule: Rule, folder: Path) -> dict[str, Any]:
    """A rule as data, without what is as it is for most rules: a short run reads all of it."""
    entry = values(rule)
    for name, usual in _USUAL.items():
        if entry[name] == usual:
            del entry[name]
    entry["severity"], entry["profile"] = rule.severity.label, rule.profile.label
    entry["page"] = Path(rule.page).relative_to(folder).as_posix()
    return entry


def _revive(entry: dict[str, Any], folder: str) -> Rule:
    """The rule of an entry, which is used up."""
    entry["severity"], entry["profile"] = _SEVERITIES[entry["severity"]], _PROFILES[entry["profile"]]
    entry["confidence"], entry["status"] = _CONFIDENCES[entry["confidence"]], _STATUSES[entry["status"]]
    entry["page"] = f"{folder}{os.sep}{entry['page']}"
    for name in _TUPLES:
        if name in entry:
            entry[name] = tuple(entry[name])
    return Rule(**entry)
