"""ApplicationSets of Argo CD: the Applications that their generators make of values in the repository.

Sources: the ApplicationSet API (argoproj.io/v1alpha1) and its documentation of generators and templates.
List, git directories, git files, matrix and merge are carried out; clusters, pull requests and the like are
known to nobody here. A template that needs a value or a function that is not known makes no Application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from posixpath import basename, dirname
from typing import Any

from archlint.documents.kustomize.values import Value
from archlint.finding.regex import regex
from archlint.model.kubernetes.appliers import entries, text
from archlint.model.kubernetes.kustomizations import ARGO

Parameters = dict[str, Value]
"""Values by the path of their name: ``path.basename``."""
_PLAIN = regex(r"\{\{\s*+([A-Za-z_][\w.\[\]-]*+)\s*+\}\}")
_GO = regex(r"\{\{-?\s*+\.([A-Za-z_][\w.]*+)\s*+-?\}\}")
_GO_INDEX = regex(r"\{\{-?\s*+index\s+\.([A-Za-z_][\w.]*+)\s+(?:\"([\w.-]+)\"|(\d+))\s*+-?\}\}")
_NO_NAME = regex(r"[^-a-z0-9.]")
MOST_MADE = 1000
"""Applications that one set makes at most here."""


class Unknown(Exception):
    """A generator or a template whose values are not in the repository."""


class Repository:
    """What generators look at."""

    def __init__(
        self, folders: Sequence[str], paths: Sequence[str], read: Callable[[str], list[Value]]
    ) -> None:
        """``read`` gives the documents of a YAML or JSON file."""
        self.folders = folders
        self.paths = paths
        self.read = read


def made_applications(value: Value, repository: Repository) -> Iterator[Value]:
    """The Applications of a set; raises ``Unknown`` where nobody can tell which these are."""
    if not text(value, "apiVersion").startswith(ARGO) or text(value, "kind") != "ApplicationSet":
        return
    template = value.get("spec", "template")
    if template is None or not isinstance(template.data, dict):
        return
    if text(value, "spec", "templatePatch"):
        raise Unknown("'templatePatch' changes them")
    is_go = value.get("spec", "goTemplate")
    fill = _Filling(is_go is not None and is_go.data is True)
    kind = Value("Application", value.origin)
    for generator in entries(value, "spec", "generators"):
        own = generator.get(*_kind_of(generator), "template")
        if own is not None and own.data:
            raise Unknown("a generator has a template of its own")
        for parameters in _generated(generator, repository, fill, {}):
            made = fill.value(template, parameters)
            made.data["apiVersion"] = value.data["apiVersion"]
            made.data["kind"] = kind
            yield made


def _kind_of(generator: Value) -> tuple[str, ...]:
    return tuple(key for key in generator.data if key != "selector")[:1]


def _generated(
    generator: Value, repository: Repository, fill: _Filling, given: Parameters
) -> list[Parameters]:
    """The parameters that one generator gives; ``given`` are those of the generator before it."""
    kinds = _kind_of(generator)
    kind = kinds[0] if kinds else ""
    inner = generator.get(kind)
    if kind not in _GENERATORS or inner is None or generator.get("selector") is not None:
        raise Unknown(f"what the generator '{kind}' gives is not in this repository")
    found = _GENERATORS[kind](inner, repository, fill, given)
    if len(found) > MOST_MADE:
        raise Unknown(f"a generator gives more than {MOST_MADE} Applications")
    values = inner.get("values")
    if values is not None and isinstance(values.data, dict):
        for parameters in found:
            known = {**given, **parameters}
            own = {f"values.{key}": fill.value(item, known) for key, item in values.data.items()}
            parameters.update(own)
    return found


def _of_list(generator: Value, repository: Repository, fill: _Filling, given: Parameters) -> list[Parameters]:
    if generator.get("elementsYaml") is not None:
        raise Unknown("'elementsYaml' makes the elements")
    return [_flat(fill.value(item, given)) for item in entries(generator, "elements")]


def _of_git(generator: Value, repository: Repository, fill: _Filling, given: Parameters) -> list[Parameters]:
    origin = generator.origin
    if generator.get("pathParamPrefix") is not None:
        raise Unknown("'pathParamPrefix' names the parameters")
    if generator.get("directories") is not None:
        chosen = _matching(entries(generator, "directories"), repository.folders, fill, given)
        return [_of_path(path, path, origin) for path in chosen]
    chosen = _matching(entries(generator, "files"), repository.paths, fill, given)
    found = []
    for path in chosen:
        for document in repository.read(path):
            items = document.data if isinstance(document.data, list) else [document]
            found += [{**_flat(item), **_of_path(dirname(path), path, origin)} for item in items]
    return found


def _matching(asked: Sequence[Value], paths: Sequence[str], fill: _Filling, given: Parameters) -> list[str]:
    """Paths that the entries of a git generator choose; a ``*`` ends at a slash, ``**`` does not."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for entry in asked:
        is_excluded = entry.get("exclude")
        pattern = fill.text(entry.get("path") or Value("", entry.origin), given)
        (unwanted if is_excluded is not None and is_excluded.data is True else wanted).append(pattern)
    return [
        path
        for path in sorted(paths)
        if any(fits_pattern(path, each) for each in wanted)
        and not any(fits_pattern(path, each) for each in unwanted)
    ]


def fits_pattern(path: str, pattern: str) -> bool:
    """Whether a path is one that a pattern means; a ``*`` ends at a slash, ``**`` does not."""
    parts, wanted = path.split("/"), pattern.removeprefix("./").split("/")
    if wanted[-1] == "**":
        wanted.append("*")
    reached = {0}
    for each in wanted:
        if each == "**":
            reached = set(range(min(reached), len(parts) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(parts) and fnmatchcase(parts[at], each)}
    return len(parts) in reached


def _sanitized(name: str) -> str:
    """As Argo CD makes a part of a path a name (its ``SanitizeName``)."""
    return _NO_NAME.sub("-", name.lower())[:253].strip("-.")


def _of_path(folder: str, path: str, origin: Any) -> Parameters:
    """What a git generator says of a folder: both spellings, for templates of Go and for others."""
    said = {
        "path": folder,
        "path.path": folder,
        "path.basename": basename(folder),
        "path.basenameNormalized": _sanitized(basename(folder)),
        "path.filename": basename(path),
        "path.filenameNormalized": _sanitized(basename(path)),
    }
    for index, part in enumerate(folder.split("/")):
        said[f"path[{index}]"] = said[f"path.segments.{index}"] = part
    return {key: Value(part, origin) for key, part in said.items()}


def _of_matrix(
    generator: Value, repository: Repository, fill: _Filling, given: Parameters
) -> list[Parameters]:
    children = entries(generator, "generators")
    if len(children) != 2:  # the API allows no other number
        raise Unknown("a matrix needs two generators")
    first = _generated(children[0], repository, fill, given)
    found: list[Parameters] = []
    for one in first:
        found += [{**one, **other} for other in _generated(children[1], repository, fill, {**given, **one})]
        if len(found) > MOST_MADE:
            break
    return found


def _of_merge(
    generator: Value, repository: Repository, fill: _Filling, given: Parameters
) -> list[Parameters]:
    children = [_generated(each, repository, fill, given) for each in entries(generator, "generators")]
    listed = generator.get("mergeKeys")
    keys = [item.text for item in listed.data] if listed is not None and isinstance(listed.data, list) else []
    if not children or not keys:
        raise Unknown("a merge needs generators and keys")
    found = children[0]
    for later in children[1:]:
        by_key = {_key(parameters, keys): parameters for parameters in later}
        found = [{**parameters, **by_key.get(_key(parameters, keys), {})} for parameters in found]
    return found


def _key(parameters: Parameters, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(parameters[key].text if key in parameters else "" for key in keys)


_GENERATORS: Mapping[str, Callable[[Value, Repository, Any, Parameters], list[Parameters]]] = {
    "list": _of_list,
    "git": _of_git,
    "matrix": _of_matrix,
    "merge": _of_merge,
}


def _flat(value: Value, prefix: str = "") -> Parameters:
    """The scalars of a map by the path of their keys."""
    found: Parameters = {}
    waiting = [(prefix, value)]
    while waiting:
        name, here = waiting.pop()
        data = here.data
        items = (
            data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
        )
        if items is None:
            found[name] = here
            continue
        waiting += [(f"{name}.{key}" if name else str(key), item) for key, item in items]
    return found


class _Filling:
    """Fills templates in."""

    def __init__(self, is_go: bool) -> None:
        self.is_go = is_go

    def value(self, template: Value, parameters: Parameters) -> Value:
        """A template with its texts filled in."""
        data = template.data
        if isinstance(data, dict):
            return Value({key: self.value(item, parameters) for key, item in data.items()}, template.origin)
        if isinstance(data, list):
            return Value([self.value(item, parameters) for item in data], template.origin)
        if not isinstance(data, str) or "{{" not in data:
            return template
        used: list[Value] = []
        filled = self._filled(data, parameters, used)
        return Value(filled, used[0].origin if len(used) == 1 else template.origin)

    def text(self, template: Value, parameters: Parameters) -> str:
        """As ``value``, of a text."""
        return self.value(template, parameters).text

    def _filled(self, said: str, parameters: Parameters, used: list[Value]) -> str:
        def known(name: str) -> str:
            if name not in parameters:
                raise Unknown(f"nothing in this repository says what '{name}' is")
            used.append(parameters[name])
            return parameters[name].text

        if not self.is_go:
            filled = _PLAIN.sub(lambda use: known(use[1]), said)
        else:
            filled = _GO_INDEX.sub(lambda use: known(f"{use[1]}.{use[2] or use[3]}"), said)
            filled = _GO.sub(lambda use: known(_go_name(use[1], parameters)), filled)
        if "{{" in filled:
            raise Unknown("its template needs what is not carried out here")
        return filled


def _go_name(name: str, parameters: Parameters) -> str:
    """The name of a parameter; in Go's templates ``.path`` is a map."""
    return f"{name}.path" if name == "path" and "path.path" in parameters else name
