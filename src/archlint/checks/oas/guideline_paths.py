"""Guidelines for paths: what segments say, how deep they go, whether two of them mean the same URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from itertools import pairwise

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import joined, words_of
from archlint.documents.editing import renamed_key
from archlint.finding import OperationName
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, PathItem, operations_of, types_of
from archlint.model.openapi.templates import is_parameter, is_plumbing, is_version, segments

_MOST_CLASHES = 100


def _template(item: PathItem) -> str:
    """What paths are ordered by where their order in the file must not matter."""
    return item.template


def _operations(*items: PathItem) -> list[OperationName]:
    return [operation.name for operation in operations_of(items)]


@check(Contract)
def path_trailing_slash(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths that end in a slash, apart from the root."""
    entries = dict(contract.root.get("paths").items())
    for template, key in entries.items():
        if len(template) > 1 and template.endswith("/"):
            better = template.rstrip("/") or "/"
            fix = None if better in entries else renamed_key(key, better, safe=False)
            yield observe(key.place(), fix=fix, path=template, better=better)


@check(Contract)
def path_segment_empty(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths with two slashes in a row."""
    for item in contract.path_items:
        if "//" in item.template:
            better = re.sub(r"/{2,}", "/", item.template)
            yield observe(item.key.place(), path=item.template, better=better)


@check(Contract)
def path_with_query(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths with a query or fragment in them."""
    for template, key in contract.root.get("paths").items():
        bare = re.sub(r"\{[^{}]*\}", "", template)
        for sign in ("?", "#"):
            if sign in bare and not template.startswith("x-"):
                yield observe(key.place(), aliases=None if sign == "?" else (), path=template, sign=sign)
                break


@check(Contract)
def path_parameter_nameless(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths with a parameter that has no name."""
    for template, key in contract.root.get("paths").items():
        if "{}" in template:
            yield observe(key.place(), path=template)


@check(Contract)
def version_in_path(contract: Contract, options: Options) -> Iterator[Observation]:
    """A version in paths or in the servers' base path; one finding a place."""
    for node, base in contract.base_paths:
        found = next((part for part in segments(base) if is_version(part)), None)
        if found is not None:
            yield observe(node.value_place(), version=found, path=base)
    seen: set[tuple[str, ...]] = set()
    for item in sorted(contract.path_items, key=_template):
        parts = segments(item.template)
        at = _version_at(parts)
        if at is not None and tuple(parts[: at + 1]) not in seen:
            seen.add(tuple(parts[: at + 1]))
            identity = ("paths", *parts[: at + 1])
            yield observe(item.key.place(), identity=identity, version=parts[at], path=item.template)


def _version_at(parts: list[str]) -> int | None:
    """Where the version of the API stands, which is before all resources: these have versions too."""
    for at, part in enumerate(parts):
        if is_version(part):
            return at if at < 2 or not is_parameter(part) else None
        if is_parameter(part):
            break
    return None


@check(Contract)
def base_path_wrong(contract: Contract, options: Options) -> Iterator[Observation]:
    """Contracts that begin with a base segment where they must not, or do not where they must."""
    base, is_wanted = options["segment"], options["policy"] == "require"
    stated = [segments(path) for _, path in contract.base_paths]
    items = [
        item for item in contract.path_items if not is_plumbing(item.template, frozenset(options["exempt"]))
    ]
    if any(base in parts for parts in stated):
        if not is_wanted:
            yield observe(contract.base_paths[0][0].place(), "forbidden", segment=base)
        return
    wrong = [item for item in items if (segments(item.template)[:1] == [base]) is not is_wanted]
    if wrong:
        yield observe(
            wrong[0].key.place() if len(wrong) < len(items) else contract.root.get("paths").place(),
            "default" if is_wanted else "forbidden",
            identity=("paths",),
            operations=_operations(*wrong),
            segment=base,
            count=len(wrong),
            total=len(items),
        )


@check(Contract)
def path_with_verb(contract: Contract, options: Options) -> Iterator[Observation]:
    """Segments that say what to do, which is what the method is for."""
    verbs = frozenset(options["verbs"])
    for (segment, item), items in _segments(contract).items():
        words = words_of(segment)
        is_noun = segment.lower() in options["nouns"]
        if words and words[0] in verbs and not is_noun:
            yield observe(
                item.key.place(),
                identity=("paths", segment),
                operations=_operations(*items),
                segment=segment,
                verb=words[0],
                path=item.template,
            )


def _segments(contract: Contract) -> dict[tuple[str, PathItem], list[PathItem]]:
    """Each plain segment with the first path that has it, and all paths that do."""
    first: dict[str, PathItem] = {}
    found: dict[tuple[str, PathItem], list[PathItem]] = {}
    for item in contract.path_items:
        for segment in dict.fromkeys(segments(item.template)):
            if not is_parameter(segment) and not is_version(segment):
                found.setdefault((segment, first.setdefault(segment, item)), []).append(item)
    return found


@check(Contract)
def path_parameters_adjacent(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths in which a parameter follows a parameter, so that nothing says what the second one is."""
    for item in contract.path_items:
        parts = segments(item.template)
        for one, other in pairwise(parts):
            if is_parameter(one) and is_parameter(other) and not (is_version(one) or is_version(other)):
                yield observe(
                    item.key.place(),
                    object=item.object,
                    operations=_operations(item),
                    path=item.template,
                    first=one,
                    second=other,
                )
                break


@check(Contract)
def path_too_deep(contract: Contract, options: Options) -> Iterator[Observation]:
    """Paths with more levels of resources than one keeps in mind."""
    for item in contract.path_items:
        parts = [part for part in segments(item.template) if not is_version(part)]
        levels = sum(
            not is_parameter(part) and at > 0 and is_parameter(parts[at - 1]) for at, part in enumerate(parts)
        )
        if levels > options["max"]:
            yield observe(
                item.key.place(),
                object=item.object,
                operations=_operations(item),
                path=item.template,
                levels=levels,
                max=options["max"],
            )


@check(Contract)
def resource_types_many(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract with more kinds of resources than one API should have."""
    kinds: dict[tuple[str, ...], None] = {}
    for item in contract.path_items:
        parts = [part for part in segments(item.template) if not is_version(part)]
        names = tuple(part for part in parts if not is_parameter(part))
        if names:
            kinds.setdefault(names)
    if len(kinds) > options["max"]:
        yield observe(
            contract.root.get("paths").place(), identity=("paths",), count=len(kinds), max=options["max"]
        )


@dataclass
class _Fork:
    """The paths that go on from a segment, and the one that ends here."""

    below: dict[str, _Fork] = field(default_factory=dict)
    end: PathItem | None = None
    takes_words: bool = False
    """Whether a word fits the parameter that leads here; numbers alone do not match one."""


@check(Contract)
def path_ambiguous(contract: Contract, options: Options) -> Iterator[Observation]:
    """Pairs of paths that one URL can match, of which neither is the more exact one."""
    root = _Fork()
    for item in contract.path_items:
        fork = root
        numeric = _numeric(item)
        for part in segments(item.template):
            fork = fork.below.setdefault("{}" if is_parameter(part) else part, _Fork())
            fork.takes_words = fork.takes_words or part not in numeric
        fork.end = fork.end or item
    for count, (one, other) in enumerate(_clashes(root)):
        if count >= _MOST_CLASHES:
            return
        first, second = sorted((one, other), key=_template)
        yield observe(
            second.key.place(),
            object=second.object,
            related=[(first.key.place(), "the other path")],
            operations=_operations(second, first),
            path=second.template,
            other=first.template,
        )


def _numeric(item: PathItem) -> frozenset[str]:
    """The segments of a path that are a parameter whose value is a number in all operations."""
    kinds: dict[str, set[str]] = {}
    for operation in operations_of([item]):
        for parameter in operation.parameters:
            if parameter.location == "path":
                schema = item.contract.references.follow(parameter.schema).node
                kinds.setdefault(parameter.name, set()).update(types_of(schema.value) or ("string",))
    return frozenset(f"{{{name}}}" for name, types in kinds.items() if types <= {"integer", "number"})


def _clashes(root: _Fork) -> Iterator[tuple[PathItem, PathItem]]:
    """Pairs of paths, each of which has a name where the other one has a parameter."""
    waiting = [(root, root, False, False)]
    while waiting:
        one, other, one_exact, other_exact = waiting.pop()
        if one is not other and one.end and other.end and one_exact and other_exact:
            yield one.end, other.end
        for name, below in one.below.items():
            if name in other.below:
                waiting.append((below, other.below[name], one_exact, other_exact))
            if name == "{}":
                continue
            if "{}" in other.below and (other.below["{}"].takes_words or name.isdecimal()):
                waiting.append((below, other.below["{}"], True, other_exact))
        if one is not other and "{}" in one.below:
            for name, below in other.below.items():
                if name != "{}" and (one.below["{}"].takes_words or name.isdecimal()):
                    waiting.append((one.below["{}"], below, one_exact, True))


@check(Contract)
def path_parameter_renamed(contract: Contract, options: Options) -> Iterator[Observation]:
    """Parameters that have another name than most have at the same position of the same paths."""
    names: dict[tuple[str, ...], dict[str, list[PathItem]]] = {}
    for item in contract.path_items:
        parts = segments(item.template)
        for at, part in enumerate(parts):
            if is_parameter(part) and part.startswith("{") and part.endswith("}") and not is_version(part):
                before = tuple("{}" if is_parameter(each) else each for each in parts[:at])
                names.setdefault(before, {}).setdefault(part, []).append(item)
    for found in names.values():
        usual = max(sorted(found), key=lambda name: len(found[name]))
        for name in sorted(found):
            items = sorted(found[name], key=_template)
            if name != usual:
                yield observe(
                    items[0].key.place(),
                    object=items[0].object,
                    identity=("paths", name),
                    related=[(min(found[usual], key=_template).key.place(), "called otherwise here")],
                    operations=_operations(*items),
                    name=name,
                    usual=usual,
                    paths=joined([item.template for item in items], 3),
                )
