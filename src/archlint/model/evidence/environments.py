"""Environments: sets of values for variables, of which a user chooses one. What differs between them is open.

Postman exports them to files of their own, editors read them from ``http-client.env.json`` (JetBrains, Visual
Studio) and from ``.vscode/settings.json`` (REST Client).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from archlint.documents.json import JsonError, read_json, without_comments
from archlint.finding.regex import regex
from archlint.model.evidence.around import Around, beside, folders_above
from archlint.model.evidence.exchange import OPEN, Exchange
from archlint.model.evidence.files import EvidenceFile

Values = Mapping[str, str]
_OF_EDITORS = ("http-client.env.json", "http-client.private.env.json")
_OF_POSTMAN = ("environment", "globals")
_SHARED = "$shared"
_SET = regex(
    r"\.(?:set|setVar|setEnvVar|setGlobalEnvVar|setEnvironmentVariable|setGlobalVariable)"
    r"\(\s{0,20}\\?[\"'`]([^\"'`\\\n]{1,200}+)"
)


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is an environment, which tells no exchange by itself."""
    name = file.path.rpartition("/")[2].lower()
    return name in _OF_EDITORS or _postman(file.path, file.text) is not None


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """None."""
    yield from ()


def layered(values: Values, environments: Sequence[Values]) -> dict[str, str]:
    """Values, and before them those of the environment that a user chooses: what depends on the choice, or
    has no text, is open."""
    if not environments:
        return dict(values)
    whole = [{**values, **each} for each in environments]
    names = dict.fromkeys(name for each in whole for name in each)
    return {name: agreed(each.get(name, "") for each in whole) for name in names}


def agreed(values: Iterable[str]) -> str:
    """The one text that is not empty, if all are that."""
    every = set(values)
    only = every.pop() if len(every) == 1 else ""
    return only or OPEN


def set_by_scripts(texts: Iterable[str]) -> dict[str, str]:
    """The variables that scripts give values, which nobody knows before."""
    return {found[1]: OPEN for text in texts if "(" in text for found in _SET.finditer(text)}


def postman_environments(folder: str, around: Around) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The global variables and the environments among the evidence below a folder."""
    every: dict[str, list[dict[str, str]]] = {scope: [] for scope in _OF_POSTMAN}
    for path, text in around.below(folder, ".json"):
        found = _postman(path, text)
        if found is not None:
            every[found[0]].append(found[1])
    return layered({}, every["globals"]), every["environment"]


def _postman(path: str, text: str) -> tuple[str, dict[str, str]] | None:
    """The scope and the values of an environment of Postman; ``None`` if the file is none."""
    if '"values"' not in text or not ("_postman_variable_scope" in text or ".postman_" in path):
        return None
    data = _data(text)
    if not isinstance(data, dict) or not isinstance(data.get("values"), list):
        return None
    scope = data.get("_postman_variable_scope")
    is_global = scope == "globals" or (scope is None and "globals" in path.rpartition("/")[2])
    rows = [row for row in data["values"] if isinstance(row, dict) and row.get("enabled") is not False]
    values = {str(row.get("key")): _text(row.get("value")) for row in rows}
    return ("globals" if is_global else "environment"), values


def editor_environments(path: str, around: Around) -> list[Values]:
    """The environments of a file with requests, from the nearest folder above that has some."""
    for folder in folders_above(path):
        texts = [around.text(beside(folder, name)) for name in _OF_EDITORS]
        settings = around.text(beside(folder, ".vscode/settings.json"))
        sets = [data for text in texts if isinstance(data := _data(text or ""), dict)]
        if settings is not None and isinstance(data := _data(settings), dict):
            own = data.get("rest-client.environmentVariables")
            sets += [own] if isinstance(own, dict) else []
        if sets:
            return _chosen(sets)
    return []


def _chosen(sets: Sequence[dict[str, Any]]) -> list[Values]:
    """The environments of several files that say something of them, each with what they share."""
    names = dict.fromkeys(name for each in sets for name in each if name != _SHARED)
    shared = _joined(each.get(_SHARED) for each in sets)
    return [{**shared, **_joined(each.get(name) for each in sets)} for name in names] or [shared]


def _joined(parts: Iterable[Any]) -> dict[str, str]:
    """The values of the same environment in several files; open where they differ."""
    found: dict[str, str] = {}
    for part in parts:
        for name, value in part.items() if isinstance(part, dict) else ():
            text = _text(value)
            found[name] = text if found.get(name, text) == text else OPEN
    return found


def _text(value: Any) -> str:
    """A value as it is filled in; empty for what is no text, number or boolean."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _data(text: str) -> Any:
    try:
        return read_json(without_comments(text)).data
    except JsonError:
        return None
