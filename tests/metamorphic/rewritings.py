"""Ways to write a repository anew that change nothing of what it means.

Each takes all files and gives all files; a file that a way does not fit stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from posixpath import basename, dirname, join, splitext
from random import Random

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node

from archlint.documents import load_text
from archlint.files import Kind, chart_folders, path_kind, text_kind
from tests.metamorphic import yaml_text
from tests.metamorphic.repositories import Files

CONFIGURATION = "archlint.yaml"
"""What the team says of its system stands at the root."""
Rewriting = Callable[[Files], dict[str, str]]
_TEMPLATES = frozenset({Kind.CHART_TEMPLATE, Kind.CHART_VALUES})


def _is_yaml(path: str, files: Files) -> bool:
    """Whether a file is YAML that can be taken apart."""
    if not path.endswith((".yaml", ".yml")) or path_kind(path, chart_folders(files)) in _TEMPLATES:
        return False
    return _has_documents(files[path])


@cache
def _has_documents(text: str) -> bool:
    try:
        return bool(yaml_text.documents(text))
    except yaml.YAMLError:
        return False


def _each_document(change: Callable[[Node], Node], indent: int = 2) -> Rewriting:
    def rewrite(files: Files) -> dict[str, str]:
        return {
            path: yaml_text.write(map(change, yaml_text.documents(text)), indent)
            if _is_yaml(path, files)
            else text
            for path, text in files.items()
        }

    return rewrite


def _each_text(change: Callable[[str], str], *suffixes: str) -> Rewriting:
    def rewrite(files: Files) -> dict[str, str]:
        return {
            path: change(text) if not suffixes or path.endswith(suffixes) else text
            for path, text in files.items()
        }

    return rewrite


def in_flow_style(node: Node) -> Node:
    """Brackets and braces all over."""
    return yaml_text.with_flow(node, lambda here: True)


def in_block_style(node: Node) -> Node:
    """Lines and indentation all over, but for what is empty."""
    return yaml_text.with_flow(node, lambda here: not here.value)


def in_mixed_style(node: Node) -> Node:
    """Flow style for collections of scalars."""
    return yaml_text.with_flow(node, _is_flat)


def _is_flat(here: CollectionNode) -> bool:
    parts = [part for pair in here.value for part in pair] if isinstance(here, MappingNode) else here.value
    return not any(isinstance(part, CollectionNode) for part in parts)


def with_lines_between(files: Files) -> dict[str, str]:
    """Comments and blank lines between all lines of YAML, and behind them."""
    plain = _each_document(in_block_style)(files)
    return {
        path: yaml_text.with_lines_between(text) if _is_yaml(path, files) else text
        for path, text in plain.items()
    }


def keys_shuffled(files: Files, random: Random) -> dict[str, str]:
    """The entries of all maps in another order."""
    return _each_document(lambda node: yaml_text.with_keys_shuffled(node, random))(files)


def lists_shuffled(files: Files, random: Random) -> dict[str, str]:
    """The items of lists in another order, where that means nothing."""
    return _each_document(lambda node: yaml_text.with_lists_shuffled(node, random))(files)


def _mentioned(path: str, files: Files) -> bool:
    """Whether a file may be named by another one, or by itself."""
    return any(basename(path) in text for text in files.values())


def _has_free_name(path: str, files: Files) -> bool:
    kind = path_kind(path, chart_folders(files))
    if basename(path).startswith(("compose", "docker-compose")) or path == CONFIGURATION:
        return False  # which files make a project, and say what the team wants, is a matter of their names
    return kind is None and path.endswith((".yaml", ".yml", ".json")) and not _mentioned(path, files)


def renamed(files: Files) -> dict[str, str]:
    """Another name for each YAML or JSON file whose name means nothing."""
    return {
        join(dirname(path), f"zz-{splitext(basename(path))[0]}-2{splitext(path)[1]}")
        if _has_free_name(path, files)
        else path: text
        for path, text in files.items()
    }


def moved(files: Files) -> dict[str, str]:
    """Everything in a folder of its own, unless a file gives paths from the root."""
    if any(basename(path) == "CODEOWNERS" for path in files):
        return dict(files)
    return {path if path == CONFIGURATION else f"moved/here/{path}": text for path, text in files.items()}


def _as_json(path: str, text: str) -> str | None:
    """A YAML text of one document as JSON; nothing if it repeats keys or says what JSON cannot."""
    loaded = load_text(path, text, text_kind(text))
    if len(loaded.documents) != 1 or loaded.problems or loaded.duplicates or _has_own_tags(text):
        return None
    try:
        return json.dumps(loaded.documents[0].data, indent=2, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return None


def _has_own_tags(text: str) -> bool:
    """Whether tags of a program's own say something, as Compose's ``!reset`` does."""
    tags = (getattr(event, "tag", None) for event in yaml.parse(text, Loader=yaml.CSafeLoader))
    return any(tag and tag.startswith("!") and tag != "!" for tag in tags)


def json_in_yaml(files: Files) -> dict[str, str]:
    """JSON in files that keep their names."""
    return {
        path: (_as_json(path, text) if _is_yaml(path, files) else None) or text
        for path, text in files.items()
    }


def yaml_to_json(files: Files) -> dict[str, str]:
    """JSON files instead of YAML files, where their names mean nothing."""
    found: dict[str, str] = {}
    for path, text in files.items():
        is_free = _is_yaml(path, files) and _has_free_name(path, files)
        made = _as_json(path, text) if is_free else None
        found[path if made is None else splitext(path)[0] + ".json"] = made or text
    return found


def json_to_yaml(files: Files) -> dict[str, str]:
    """YAML files instead of JSON files, where their names mean nothing."""
    found: dict[str, str] = {}
    for path, text in files.items():
        try:
            is_free = path.endswith(".json") and _has_free_name(path, files)
            nodes = yaml_text.documents(text) if is_free else []
        except yaml.YAMLError:
            nodes = []
        name = splitext(path)[0] + ".yaml" if nodes else path
        found[name] = yaml_text.write(map(in_block_style, nodes)) if nodes else text
    return found


def _objects(path: str, files: Files) -> list[Node]:
    """The Kubernetes objects of a file that nothing names and that holds nothing else."""
    if not _is_yaml(path, files) or not _has_free_name(path, files):
        return []
    nodes = yaml_text.documents(files[path])
    if text_kind(files[path]) is not Kind.KUBERNETES or not all(map(_is_object, nodes)):
        return []
    return nodes


def _is_object(node: Node) -> bool:
    if not isinstance(node, MappingNode):
        return False
    values = {key.value: value.value for key, value in node.value}
    return "apiVersion" in values and not str(values.get("kind", "List")).endswith("List")


def one_file_each(files: Files) -> dict[str, str]:
    """Files of several Kubernetes objects as one file for each."""
    found: dict[str, str] = {}
    for path, text in files.items():
        objects = _objects(path, files)
        stem, suffix = splitext(path)
        found |= {f"{stem}-{index}{suffix}": yaml_text.write([node]) for index, node in enumerate(objects)}
        if not objects:
            found[path] = text
    return found


def one_file_for_all(files: Files) -> dict[str, str]:
    """The files of Kubernetes objects in each folder as one file of several documents."""
    return _gathered(files, yaml_text.write)


def one_list_for_all(files: Files) -> dict[str, str]:
    """The files of Kubernetes objects in each folder as one file with a List."""
    return _gathered(files, lambda nodes: yaml_text.write([yaml_text.as_list(nodes)]))


def _gathered(files: Files, write: Callable[[list[Node]], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    together: dict[str, list[Node]] = {}
    for path, text in files.items():
        objects = _objects(path, files)
        together.setdefault(dirname(path), []).extend(objects)
        if not objects:
            found[path] = text
    return found | {join(folder, "all.yaml"): write(nodes) for folder, nodes in together.items() if nodes}


REWRITINGS: dict[str, Rewriting] = {
    "flow style": _each_document(in_flow_style),
    "block style": _each_document(in_block_style),
    "mixed style": _each_document(in_mixed_style, indent=4),
    "indented by seven": _each_document(in_block_style, indent=7),
    "other quotes": _each_document(yaml_text.with_other_quotes),
    "comments and blank lines": with_lines_between,
    "anchors and aliases": _each_document(yaml_text.with_anchors),
    "crlf": _each_text(lambda text: text.replace("\n", "\r\n")),
    "byte order mark": _each_text(lambda text: "\ufeff" + text),
    "blank lines at the top": _each_text(
        lambda text: "\n\n" + text, ".yaml", ".yml", ".json", ".proto", ".sql"
    ),
    "no line end at the end": _each_text(lambda text: text.rstrip("\n")),
    "keys shuffled": lambda files: keys_shuffled(files, Random(1)),
    "lists shuffled": lambda files: lists_shuffled(files, Random(2)),
    "renamed": renamed,
    "moved": moved,
    "json in yaml": json_in_yaml,
    "yaml to json": yaml_to_json,
    "json to yaml": json_to_yaml,
    "one file each": one_file_each,
    "one file for all": one_file_for_all,
    "one list for all": one_list_for_all,
}
