"""The versions of contracts, of packages and of charts, held against what has changed since a release.

A contract that states a version is judged by it. One that states none (Protobuf) is judged by the version of
the package or chart in whose folder it lies, since that is what callers take.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import dirname, join
from typing import Any

from archlint.comparison.contract_kinds import CONTRACTS
from archlint.comparison.protobuf.copies import copied
from archlint.documents import load_text
from archlint.files import Kind
from archlint.finding import Finding, Severity
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.judging.release.semver import Bump, Version, bump_between, parse_version
from archlint.judging.release.verdict import ContractVersion
from archlint.model.world import World

_PACKAGES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Chart.yaml": (("version",),),
    "package.json": (("version",),),
    "composer.json": (("version",),),
    "pyproject.toml": (("project", "version"), ("tool", "poetry", "version")),
    "Cargo.toml": (("package", "version"), ("workspace", "package", "version")),
}
"""Files that give a package or chart its version, and where in them it stands; the first counts."""
_DATE = regex(r"[vV]?(?:19|20)\d\d(?:[-./]?\d\d?(?:[-./]|\Z)|\d{4}\Z)")
_PLACEHOLDER = (0, 0, 0)
"""What people write where a package needs a version and tools set it, or nobody does."""
_STATED = {Kind.OPENAPI: ("info", "version"), Kind.ASYNCAPI: ("info", "version")}


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A version, and the file that has it."""

    path: str
    text: str


def contract_versions(
    released: World, revision: World, findings: Iterable[Finding], renames: Mapping[str, str]
) -> list[ContractVersion]:
    """The contracts that differ from the last release, each with the version that it needs and has.

    ``findings`` are those about changes since that release, compatible ones included.
    """
    by_path = _by_contract(findings, revision)
    copies = released.reading(copied) if released.paths(Kind.PROTO) else frozenset()
    found = []
    for path in sorted(path for path in revision.kinds if revision.kinds[path] in CONTRACTS):
        before = renames.get(path, path)
        if released.kinds.get(before) not in CONTRACTS or before in copies:
            continue  # it is new, or another's, and promises nothing to anybody
        was, now = _carriers((before, path), released, revision)
        texts = _without_version(released, before, was), _without_version(revision, path, now)
        needed, cause = _needed(by_path.get(path, ()), *texts)
        if needed is not Bump.NONE:
            found.append(_judged(path, (was, now), needed, cause))
    return found


def _without_version(world: World, path: str, carrier: _Carrier | None) -> str | None:
    """The text of a contract but for the version in it, which alone is no change that asks for another."""
    text = world.text(path)
    own = carrier is not None and carrier.path == path
    return text.replace(carrier.text, "", 1) if own and carrier is not None and text is not None else text


def _by_contract(findings: Iterable[Finding], revision: World) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for item in findings:
        for path in dict.fromkeys((*item.through, item.location.path, *(each.path for each in item.related))):
            if revision.kinds.get(path) in CONTRACTS:
                found[path].append(item)
    return found


def _needed(
    findings: Iterable[Finding], before: str | None, after: str | None
) -> tuple[Bump, Finding | None]:
    """The part of a version that changes ask for, and the gravest of these."""
    gravest = max(findings, key=lambda item: item.severity, default=None)
    if gravest is not None:
        return (Bump.MAJOR if gravest.severity is Severity.ERROR else Bump.MINOR), gravest
    return (Bump.NONE if before == after else Bump.PATCH), None


def _carriers(
    paths: tuple[str, str], released: World, revision: World
) -> tuple[_Carrier | None, _Carrier | None]:
    """What gave a contract its version in the last release, and what the same file says now: another file
    that a release puts nearer does not take its place."""
    before, path = paths
    was = _carrier(released, before)
    if was is None:
        return None, _carrier(revision, path)
    return was, _carrier_at(revision, path if was.path == before else was.path)


def _judged(
    path: str, carriers: tuple[_Carrier | None, _Carrier | None], needed: Bump, cause: Finding | None
) -> ContractVersion:
    was, now = carriers
    old, new = (None if each is None else _comparable(each) for each in carriers)
    carrier = path if was is None and now is None else (was or now or _Carrier(path, "")).path
    texts = (None if was is None else was.text, None if now is None else now.text)
    if old is None:
        return ContractVersion(path, carrier, *texts, needed, None, None, _unknown(path, was, now), cause)
    needed = old.needed_for(needed)
    had = None if new is None else bump_between(old, new)
    return ContractVersion(path, carrier, *texts, needed, had, str(old.least_for(needed)), None, cause)


def _comparable(carrier: _Carrier) -> Version | None:
    """The version that a carrier has; a date tells of no break, and a placeholder of nothing."""
    version = None if _DATE.match(carrier.text) is not None else parse_version(carrier.text)
    return None if version is None or version.numbers == _PLACEHOLDER else version


def _unknown(path: str, was: _Carrier | None, now: _Carrier | None) -> str:
    """Why nobody can tell what a version should be: the last release had none that can be compared."""
    if was is None:
        if now is None:
            return f"{path} states no version, nor does a package or chart around it"
        return f"{now.path} had no version in the last release"
    if _DATE.match(was.text) is not None:
        return f"the version of {was.path} is a date ({was.text[:40]}), and tells of no break"
    if parse_version(was.text) is not None:
        return f"the version of {was.path} is {was.text[:40]}, which stands for none"
    return f"the version of {was.path} is none that can be compared: '{was.text[:40]}'"


def _carrier(world: World, path: str) -> _Carrier | None:
    """What gives a contract its version: itself, else the nearest package or chart around it."""
    own = _carrier_at(world, path)
    if own is not None:
        return own
    folder = dirname(path)
    while True:
        for name in _PACKAGES:
            found = _carrier_at(world, join(folder, name))
            if found is not None:
                return found
        if not folder:
            return None
        folder = dirname(folder)


def _carrier_at(world: World, path: str) -> _Carrier | None:
    stated = _STATED.get(world.kinds.get(path, Kind.OTHER))
    if stated is not None:
        document = world.document(path)
        node = None if document is None else document.root.get(*stated)
        if document is None or node is None or isinstance(node.value, dict | list | None):
            return None
        if node.value == "":
            return None  # as if there was none
        written = node.text or document.source_text(stated)  # `version: 1.4` is a number, and means its text
        return _Carrier(path, written) if written else None
    routes = _PACKAGES.get(path.rpartition("/")[2])
    content = None if routes is None else world.text(path)
    if routes is None or content is None:
        return None
    data = _data(path, content)
    for route in routes:
        text = _at(data, route)
        if text:
            return _Carrier(path, text)
    return None


def _data(path: str, text: str) -> Any:
    """The data of a package's file; nothing if it cannot be read, which others tell."""
    import tomllib

    readers: tuple[tuple[str, Callable[[str], Any]], ...] = (
        (".json", json.loads),
        (".toml", tomllib.loads),
        (".yaml", lambda given: next(_documents(path, given), None)),
    )
    for ending, read in readers:
        if path.endswith(ending):
            try:
                return read(text)
            except (ValueError, RecursionError):
                return None
    return None


def _documents(path: str, text: str) -> Iterator[Any]:
    for document in load_text(path, text, Kind.DATA).documents:
        yield {key: node.text for key, node in document.root.items()}


def _at(data: Any, route: Iterable[str]) -> str | None:
    for key in route:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else None
