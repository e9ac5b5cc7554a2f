"""How paths are written: version, kebab-case, plural nouns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding import OperationName
from archlint.finding.nouns import is_plural
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Operation, PathItem, operations_of, server_paths
from archlint.model.openapi.references import meaning
from archlint.model.openapi.templates import (
    is_parameter,
    is_plumbing,
    is_version,
    nearly_all,
    parameter_names,
    segments,
)

_VERSION_PARAMETER = regex(r"(?:x-)?(?:.+-)?(?:api[-_]?)?version", re.IGNORECASE)
_VERSION_MEDIA_TYPE = regex(r"[.+-]v\d+(?:[.+;]|\Z)|;\s*(?:version|v)=", re.IGNORECASE)
_NUMBER = regex(r"\d+(?:\.\d+)*\Z")
_FILLED_IN = regex(r"/(?:<[^<>/]*>|\{[^{}/]*ur[il][^{}/]*\})\Z", re.IGNORECASE)
_KEBAB = regex(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_NO_WORD = regex(r"[^A-Za-z0-9]*+\Z|[^.@$:~]*+[.@$:~]")
"""Segments that are no plain words: file names, OData's ``$batch``, custom verbs after a colon."""


@check(Contract)
def path_version_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths without a version; one finding if no path and no server of the contract has one."""
    exempt, accept = frozenset(options["exempt"]), frozenset(options["accept"])
    items = [item for item in contract.path_items if not _is_exempt(item.template, exempt)]
    servers = contract.root.get("servers").elements()
    if any(_is_base_versioned(path) for _, path in contract.base_paths) or any(
        map(_may_have_version, servers)
    ):
        return
    without = [item for item in items if not _is_versioned(item, accept)]
    twins = _twins(items, without)
    if twins:
        yield _offered_twice(contract, [item for item in without if item.template in twins], twins)
    alone = [item for item in without if item.template not in twins]
    if alone and nearly_all(len(alone), len(items)):
        home = contract.base_paths[0][0] if len(contract.base_paths) == 1 else contract.root.get("paths")
        yield observe(
            home.place(),
            "contract",
            identity=("paths",),
            operations=_names(alone),
            count=len(alone),
            total=len(items),
            path=_example(alone),
            better=_with_version(_example(alone)),
        )
        return
    for item in alone:
        yield observe(
            item.key.place(),
            object=item.object,
            operations=_names([item]),
            path=item.template,
            better=_with_version(item.template),
        )


def _is_exempt(template: str, names: frozenset[str]) -> bool:
    """Whether platforms call a path, or it stands for an address that callers are told."""
    return is_plumbing(template, names) or _FILLED_IN.match(template) is not None


def _twins(items: list[PathItem], without: list[PathItem]) -> dict[str, str]:
    """Paths without a version that are also offered with one: ``/carts`` beside ``/api/v1/carts``."""
    known: dict[tuple[str, ...], str] = {}
    for item in items:
        parts = segments(item.template)
        at = next((index for index, part in enumerate(parts) if is_version(part)), None)
        if at is not None:
            known.setdefault(_shape(parts[:at] + parts[at + 1 :]), item.template)
            known.setdefault(_shape(parts[at + 1 :]), item.template)
    versioned = _Meanings(item for item in items if _has_version(item.template))
    found: dict[str, str] = {}
    for item in without:
        shape = _shape(segments(item.template))
        if shape and shape in known:
            found[item.template] = known[shape]
        else:
            same = versioned.same_as(item)
            if same is not None:
                found[item.template] = same
    return found


class _Meanings:
    """What the operations of some paths do. Generators that bind one call to several paths repeat its text
    and its responses; the latter, which may be long, are compared where texts are the same."""

    def __init__(self, items: Iterable[PathItem]) -> None:
        self._items = list(items)
        self._by_text: dict[tuple[str, str], list[int]] = {}
        self._known: dict[tuple[str, str, str], int] = {}
        self._added = set[int]()
        for number, item in enumerate(self._items):
            for said in _texts(item):
                self._by_text.setdefault(said, []).append(number)

    def same_as(self, item: PathItem) -> str | None:
        """The path whose operation does what the first of another path does, if there is one for each."""
        said = _texts(item)
        if not said or not all(each in self._by_text for each in said):
            return None
        for number in {number for each in said for number in self._by_text[each]} - self._added:
            self._added.add(number)
            for key in _meanings(self._items[number]):
                self._known[key] = max(number, self._known.get(key, number))
        meanings = _meanings(item)
        if not meanings or not all(key in self._known for key in meanings):
            return None
        return self._items[self._known[meanings[0]]].template


def _texts(item: PathItem) -> list[tuple[str, str]]:
    """Method and text of each operation of a path; nothing if one has no text."""
    found = []
    for operation in operations_of([item]):
        text = operation.node.get("description").text or operation.node.get("summary").text
        if not text:
            return []
        found.append((operation.method, text))
    return found


def _meanings(item: PathItem) -> list[tuple[str, str, str]]:
    """Method, text and responses of each operation of a path; nothing if one cannot be told."""
    found = []
    for operation, (method, text) in zip(operations_of([item]), _texts(item), strict=False):
        responses = meaning(operation.node.get("responses"), item.contract.references)
        if responses is None:
            return []
        found.append((method, text, responses))
    return found


def _shape(parts: Sequence[str]) -> tuple[str, ...]:
    """The segments of a path, whatever its parameters are called."""
    return tuple("{}" if is_parameter(part) else part for part in parts)


def _offered_twice(contract: Contract, items: list[PathItem], twins: dict[str, str]) -> Observation:
    alike = [item for item in items if twins[item.template].endswith(item.template)]
    path = _example(alike or items)
    return observe(
        contract.root.get("paths").place(),
        "twins",
        identity=("twins",),
        operations=_names(items),
        paths=f"{len(items)} path{'' if len(items) == 1 else 's'}",
        verb="is" if len(items) == 1 else "are",
        path=path,
        twin=twins[path],
    )


def _example(items: list[PathItem]) -> str:
    """A path of some to show in a message: one that says something, if there is any."""
    templates = sorted(item.template for item in items)
    return next((template for template in templates if segments(template)), templates[0])


def _with_version(template: str) -> str:
    parts = segments(template)
    rest = parts[1:] if parts[:1] == ["api"] else parts
    return "/" + "/".join(["api", "v1", *rest])


def _is_versioned(item: PathItem, accept: frozenset[str]) -> bool:
    if _has_version(item.template):
        return True
    operations = list(operations_of([item]))
    servers = [item.get("servers"), *(each.node.get("servers") for each in operations)]
    if any(_is_base_versioned(path) for server in servers for _, path in server_paths(server)):
        return True
    if any(_may_have_version(server) for listed in servers for server in listed.elements()):
        return True
    return bool(operations) and all(_states_version(operation, accept) for operation in operations)


def _has_version(path: str) -> bool:
    """Whether a version stands before the first resource that is named by a parameter."""
    before = ""
    for segment in segments(path):
        if is_version(segment) or (before.lower() == "api" and segment.isdecimal()):
            return True
        before = segment
        if is_parameter(segment):
            return False
    return False


def _is_base_versioned(path: str) -> bool:
    """Whether the path of a server has a version, be it a bare number: it names no resource that has one."""
    return _has_version(path) or any(map(_NUMBER.match, segments(path)))


def _may_have_version(server: Node) -> bool:
    """Whether the variables of a server's URL bring a version by their defaults, or are not defined, so that
    nobody can tell."""
    url = server.get("url").text or ""
    defaults = {name: server.get("variables", name, "default").text for name in parameter_names(url)}
    for name, value in defaults.items():
        if value is None:
            return True
        url = url.replace(f"{{{name}}}", value)
    return bool(defaults) and _is_base_versioned(urlsplit(url).path if "[" not in url else url)


def _states_version(operation: Operation, accept: frozenset[str]) -> bool:
    """Whether a request says by a parameter or media type which version it means."""
    if "parameter" in accept and any(
        each.location in ("query", "header") and _VERSION_PARAMETER.fullmatch(each.name)
        for each in operation.parameters
    ):
        return True
    bodies = [response.body for response in operation.responses.values()]
    names = [name for body in (operation.request_body, *bodies) if body for name in body.content]
    return "media-type" in accept and any(map(_VERSION_MEDIA_TYPE.search, names))


@check(Contract)
def path_segment_not_kebab_case(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each segment in another case, once for all paths that go through it."""
    for prefix, items in _prefixes(contract.path_items).items():
        segment = prefix[-1]
        if is_parameter(segment) or _NO_WORD.match(segment) or is_version(segment) or _KEBAB.match(segment):
            continue
        yield observe(
            items[0].key.place(),
            identity=("paths", "/" + "/".join(prefix)),
            operations=_names(items),
            segment=segment,
            better=_kebab(segment),
            paths="" if len(items) == 1 else f" (in {len(items)} paths)",
        )


@check(Contract)
def resource_name_not_plural(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each collection, known by the parameter behind it, that is named in the singular."""
    allowed = frozenset(word.lower() for word in options["allow"])
    for prefix, items in _prefixes(contract.path_items).items():
        if len(prefix) < 2 or not _is_whole_parameter(prefix[-1]) or is_version(prefix[-1]):
            continue
        segment = prefix[-2]
        if is_parameter(segment) or is_version(segment) or _NO_WORD.match(segment):
            continue
        words = [word.lower() for word in re.split(r"[-_]|(?<=[a-z])(?=[A-Z])", segment)]
        if not any(map(is_plural, words)) and not allowed.intersection((words[-1], segment.lower())):
            yield observe(
                items[0].key.place(),
                identity=("paths", "/" + "/".join(prefix)),
                operations=_names(items),
                segment=segment,
                parameter=prefix[-1],
                paths="" if len(items) == 1 else f" (in {len(items)} paths)",
            )


def _is_whole_parameter(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}") and segment.count("{") == 1


def _prefixes(items: tuple[PathItem, ...]) -> dict[tuple[str, ...], list[PathItem]]:
    """Each beginning of a path, with the paths that share it, in the order of the text."""
    found: dict[tuple[str, ...], list[PathItem]] = {}
    for item in items:
        parts = segments(item.template)
        for length in range(1, len(parts) + 1):
            found.setdefault(tuple(parts[:length]), []).append(item)
    return found


def _kebab(segment: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\s%]+", "-", segment)
    return re.sub(r"-{2,}", "-", spaced).strip("-").lower()


def _names(items: list[PathItem]) -> list[OperationName]:
    return [operation.name for operation in operations_of(items)]
