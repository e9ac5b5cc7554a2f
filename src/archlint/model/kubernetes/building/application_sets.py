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
from archlint.model.kubernetes.building.appliers import entries, is_true, text
from archlint.model.kubernetes.building.kustomizations import ARGO

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
        self,
        folders: Sequence[str],
        paths: Sequence[str],
        read: Callable[[str], list[Value]],
        is_own: Callable[[str], bool],
    ) -> None:
        """``read`` gives the documents of a YAML or JSON file; ``is_own`` tells whether a URL may be that of
        this repository."""
        self.folders = [path for path in folders if not path.startswith(".") and "/." not in path]
        self.paths = paths
        self.read = read
        self.is_own = is_own


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
        whole = template if own is None else _overlaid(own, template)
        for parameters in _generated(generator, repository, fill, {}):
            made = fill.value(whole, parameters)
            made.data["apiVersion"] = value.data["apiVersion"]
            made.data["kind"] = kind
            yield made


def deploys_others(value: Value, repository: Repository) -> bool:
    """Whether all that a set deploys is in other repositories, whatever its generators give: what it makes
    then takes nothing from here."""
    if text(value, "spec", "templatePatch"):
        return False
    templates = [value.get("spec", "template")]
    waiting = list(entries(value, "spec", "generators"))
    while waiting:
        generator = waiting.pop()
        for kind in _kind_of(generator):
            waiting += entries(generator, kind, "generators")
            templates.append(generator.get(kind, "template"))
    urls: list[str] = []
    for template in templates:
        sources = [] if template is None else [template.get("spec", "source")]
        sources += [] if template is None else entries(template, "spec", "sources")
        urls += [text(source, "repoURL") for source in sources if source is not None]
    return any(urls) and not any("{{" in url or not url or repository.is_own(url) for url in urls)


def _overlaid(own: Value, common: Value) -> Value:
    """The template of a generator, with what it leaves open from that of the set."""
    if not isinstance(own.data, dict) or not isinstance(common.data, dict):
        return common if own.data in (None, "", [], {}) else own
    merged = {**common.data, **own.data}
    for key in common.data.keys() & own.data.keys():
        merged[key] = _overlaid(own.data[key], common.data[key])
    return Value(merged, own.origin)


def _kind_of(generator: Value) -> tuple[str, ...]:
    return tuple(key for key in generator.data if key != "selector")[:1]


def _generated(
    generator: Value, repository: Repository, fill: _Filling, given: Parameters
) -> list[Parameters]:
    """The parameters that one generator gives; ``given`` are those of the generator before it."""
    kinds = _kind_of(generator)
    kind = kinds[0] if kinds else ""
    inner = generator.get(kind)
    if kind not in _GENERATORS or inner is None:
        raise Unknown(f"what the generator '{kind}' gives is not in this repository")
    found = _GENERATORS[kind](inner, repository, fill, given)
    selector = generator.get("selector")
    if len(found) > MOST_MADE:
        raise Unknown(f"a generator gives more than {MOST_MADE} Applications")
    values = inner.get("values")
    if values is not None and isinstance(values.data, dict):
        for parameters in found:
            known = {**given, **parameters}
            own = {f"values.{key}": fill.value(item, known) for key, item in values.data.items()}
            parameters.update(own)
    return found if selector is None else [each for each in found if _is_selected(selector, each)]


def _is_selected(selector: Value, parameters: Parameters) -> bool:
    """Whether a selector of labels takes parameters, which count as labels."""
    labels = selector.get("matchLabels")
    for key, wanted in labels.data.items() if labels is not None and isinstance(labels.data, dict) else ():
        if key not in parameters or parameters[key].text != wanted.text:
            return False
    for entry in entries(selector, "matchExpressions"):
        key, operator = text(entry, "key"), text(entry, "operator")
        listed = entry.get("values")
        values = [item.text for item in listed.data] if listed is not None and listed.data else []
        is_met = key in parameters
        if operator in ("In", "NotIn"):
            is_met = is_met and parameters[key].text in values
        if is_met is (operator in ("NotIn", "DoesNotExist")):
            return False
    return True


def _of_list(generator: Value, repository: Repository, fill: _Filling, given: Parameters) -> list[Parameters]:
    if generator.get("elementsYaml") is not None:
        raise Unknown("'elementsYaml' makes the elements")
    return [_flat(fill.value(item, given)) for item in entries(generator, "elements")]


def _of_git(generator: Value, repository: Repository, fill: _Filling, given: Parameters) -> list[Parameters]:
    origin = generator.origin
    url = fill.value(generator.get("repoURL") or Value("", origin), given).text
    if not repository.is_own(url):
        raise Unknown(f"a generator looks at '{url}', another repository")
    before = text(generator, "pathParamPrefix")
    if generator.get("directories") is not None:
        asked = _asked(entries(generator, "directories"), fill, given)
        chosen = _matching(asked, repository.folders, fits_segments)
        return [_of_path(path, path, origin, before) for path in chosen]
    asked = _asked(entries(generator, "files"), fill, given)
    chosen = _matching(asked, repository.paths, fits_pattern)
    if chosen != _matching(asked, repository.paths, fnmatchcase):
        raise Unknown("whether '*' in the names of files crosses a slash is a setting of Argo CD")
    found = []
    for path in chosen:
        for document in repository.read(path):
            items = document.data if isinstance(document.data, list) else [document]
            found += [{**_flat(item), **_of_path(dirname(path), path, origin, before)} for item in items]
    return found


_Asked = tuple[list[str], list[str]]
"""Patterns of what is wanted and of what is not."""


def _asked(listed: Sequence[Value], fill: _Filling, given: Parameters) -> _Asked:
    """What the entries of a git generator choose."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for entry in listed:
        is_excluded = entry.get("exclude")
        pattern = fill.text(entry.get("path") or Value("", entry.origin), given).removeprefix("./")
        (unwanted if is_excluded is not None and is_excluded.data is True else wanted).append(pattern)
    return wanted, unwanted


def _matching(asked: _Asked, paths: Sequence[str], fits: Callable[[str, str], bool]) -> list[str]:
    """The paths that are wanted."""
    wanted, unwanted = asked
    return [
        path
        for path in sorted(paths)
        if any(fits(path, each) for each in wanted) and not any(fits(path, each) for each in unwanted)
    ]


def fits_pattern(path: str, pattern: str) -> bool:
    """Whether a path fits: a ``*`` ends at a slash, ``**`` does not."""
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


def fits_segments(path: str, pattern: str) -> bool:
    """Whether a folder fits: each part of the pattern stands for one of the path, as Go's ``path.Match`` has
    it, which knows no ``**``."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _sanitized(name: str) -> str:
    """As Argo CD makes a part of a path a name (its ``SanitizeName``)."""
    return _NO_NAME.sub("-", name.lower())[:253].strip("-.")


def _of_path(folder: str, path: str, origin: Any, before: str) -> Parameters:
    """What a git generator says of a folder: both spellings, for templates of Go and for others, after the
    prefix that ``pathParamPrefix`` gives."""
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
    start = f"{before}." if before else ""
    return {f"{start}{key}": Value(part, origin) for key, part in said.items()}


def _of_matrix(
    generator: Value, repository: Repository, fill: _Filling, given: Parameters
) -> list[Parameters]:
    children = entries(generator, "generators")
    if len(children) != 2:  # the API allows no other number
        raise Unknown("a matrix needs two generators")
    first = _generated(children[0], repository, fill, given)
    found: list[Parameters] = []
    for one in first:
        others = _generated(children[1], repository, fill, {**given, **one})
        if not fill.is_go and any(_differing(one, other) for other in others):
            raise Unknown("both generators of a matrix give a value of one name, which Argo CD refuses")
        found += [{**one, **other} for other in others]
        if len(found) > MOST_MADE:
            break
    return found


def _differing(one: Parameters, other: Parameters) -> bool:
    return any(one[key].text != other[key].text for key in one.keys() & other.keys())


def _of_merge(
    generator: Value, repository: Repository, fill: _Filling, given: Parameters
) -> list[Parameters]:
    children = [_generated(each, repository, fill, given) for each in entries(generator, "generators")]
    listed = generator.get("mergeKeys")
    keys = [item.text for item in listed.data] if listed is not None and isinstance(listed.data, list) else []
    if not children or not keys:
        raise Unknown("a merge needs generators and keys")
    found = children[0]
    for each in children:
        if len({_key(parameters, keys) for parameters in each}) < len(each):
            raise Unknown("a generator of a merge gives two sets with the same keys, which Argo CD refuses")
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
    return f"{name}.path" if f"{name}.path" in parameters else name


def claimed(value: Value, repository_paths: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The repositories that git generators of a set name, each with a path that is looked for there: the
    first that fits here, else the pattern.

    A pattern of signs alone tells nothing, and neither does a template.
    """
    waiting = list(entries(value, "spec", "generators"))
    while waiting:
        generator = waiting.pop()
        for kind in ("matrix", "merge"):
            waiting += entries(generator, kind, "generators")
        url = text(generator, "git", "repoURL")
        for field in ("directories", "files"):
            for entry in entries(generator, "git", field):
                pattern = text(entry, "path").removeprefix("./")
                if url and "{{" not in url + pattern and not is_true(entry, "exclude"):
                    fitting = (each for each in repository_paths[field] if fits_pattern(each, pattern))
                    tells = any(sign.isalnum() for sign in pattern)
                    yield url, (next(fitting, pattern) if tells else "")
