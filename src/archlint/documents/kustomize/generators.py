"""ConfigMaps and Secrets that are made of literals, files and lists of variables, and the hashes of contents.

Sources: kustomize's ``internal/generators``, ``kv`` and ``hasher``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from posixpath import basename
from typing import Any

from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.resource import Resource, generated
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Origin, Value, plain, stamped

_LINE = 70
_LETTERS = str.maketrans("013ae", "ghkmt")
_BOM = b"\xef\xbb\xbf"
BEHAVIORS = ("create", "replace", "merge")


def generate(kind: str, entry: Value, options: Value | None, sources: Sources, folder: str) -> Resource:
    """The object that one entry of ``configMapGenerator`` or ``secretGenerator`` makes."""
    name = entry.get("name")
    if name is None or not name.text:
        raise Refusal("A generator must name what it makes.", entry.origin)
    item = generated(kind, Value(name.text, name.origin), entry.origin)
    namespace = entry.get("namespace")
    if namespace is not None and namespace.text:
        item.set_namespace(namespace.text, namespace.origin)
    pairs = _pairs(entry, sources, folder)
    if kind == "Secret":
        _fill_secret(item, entry, pairs)
    else:
        _fill_config_map(item, pairs)
    local = entry.get("options")
    for field in ("labels", "annotations"):
        entries = {**_map(options, field), **_map(local, field)}
        if entries:
            copies = {key: Value(value.text, value.origin) for key, value in sorted(entries.items())}
            item.metadata().data[field] = Value(copies, entry.origin)
    if _is_on(options, "immutable") or _is_on(local, "immutable"):
        item.root.data["immutable"] = Value(True, entry.origin)
    item.needs_hash = not (_is_on(options, "disableNameSuffixHash") or _is_on(local, "disableNameSuffixHash"))
    behavior = entry.get("behavior")
    # kustomize takes a word that it does not know for the default
    said = behavior.text if behavior is not None else ""
    item.behavior = said if said in BEHAVIORS else "create"
    return item


def _map(value: Value | None, field: str) -> dict[str, Value]:
    found = value.get(field) if value is not None else None
    return found.data if found is not None and isinstance(found.data, dict) else {}


def _is_on(value: Value | None, field: str) -> bool:
    found = value.get(field) if value is not None else None
    return found is not None and found.data is True


def _fill_config_map(item: Resource, pairs: dict[str, tuple[bytes, Origin]]) -> None:
    for key, (content, origin) in sorted(pairs.items()):
        try:
            field, text = "data", content.decode("utf-8")
        except UnicodeDecodeError:
            field, text = "binaryData", _encoded(content)
        values = item.root.data.setdefault(field, Value({}, item.root.origin))
        values.data[key] = Value(text, origin)


def _fill_secret(item: Resource, entry: Value, pairs: dict[str, tuple[bytes, Origin]]) -> None:
    said = entry.get("type")
    item.root.data["type"] = (
        Value(said.text, said.origin) if said is not None and said.text else stamped("Opaque", entry.origin)
    )
    values = {key: Value(_encoded(content), origin) for key, (content, origin) in sorted(pairs.items())}
    item.root.data["data"] = Value(values, entry.origin)


def _encoded(content: bytes) -> str:
    """Base 64, in lines if it is long."""
    text = base64.b64encode(content).decode("ascii")
    if len(text) < _LINE:
        return text
    return "".join(text[at : at + _LINE] + "\n" for at in range(0, len(text), _LINE))


def _pairs(entry: Value, sources: Sources, folder: str) -> dict[str, tuple[bytes, Origin]]:
    found: dict[str, tuple[bytes, Origin]] = {}
    for key, content, origin in _all_pairs(entry, sources, folder):
        if key in found:
            raise Refusal(f"The key '{key}' is repeated.", origin)
        found[key] = (content, origin)
    return found


def _all_pairs(entry: Value, sources: Sources, folder: str) -> Iterator[tuple[str, bytes, Origin]]:
    lists = _items(entry, "envs")
    single = entry.get("env")
    if single is not None and single.text:
        lists = [*lists, single]
    for each in lists:
        _, content = sources.bytes(folder, each.text, each.origin)
        yield from _variables(content, each.origin)
    for each in _items(entry, "literals"):
        key, equals, text = each.text.partition("=")
        if not key or not equals:
            raise Refusal(f"'{each.text}' is no literal: write key=value.", each.origin)
        yield key, _unquoted(text).encode("utf-8", "surrogatepass"), each.origin
    for each in _items(entry, "files"):
        key, name = _file_of(each)
        _, content = sources.bytes(folder, name, each.origin)
        yield key, content, each.origin


def _items(entry: Value, field: str) -> list[Value]:
    found = entry.get(field)
    return found.data if found is not None and isinstance(found.data, list) else []


def _variables(content: bytes, origin: Origin) -> Iterator[tuple[str, bytes, Origin]]:
    """The lines of a file of variables: ``KEY=value``, comments and blank lines aside."""
    for number, raw in enumerate(content.split(b"\n")):
        line = raw.removesuffix(b"\r")
        if number == 0:
            line = line.removeprefix(_BOM)
        try:
            text = line.decode("utf-8").lstrip()
        except UnicodeDecodeError:
            raise Refusal(f"Line {number + 1} of the variables is no UTF-8.", origin) from None
        if text and not text.startswith("#"):
            key, _, value = text.partition("=")
            yield key, value.encode("utf-8"), origin


def _unquoted(text: str) -> str:
    is_quoted = len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text


def _file_of(source: Value) -> tuple[str, str]:
    """Key and path of an entry of ``files``: ``key=path``, or a path alone."""
    parts = source.text.split("=")
    if len(parts) == 1:
        return basename(parts[0]), parts[0]
    if len(parts) > 2 or not all(parts):
        raise Refusal(f"'{source.text}' is no source of a file: write key=path.", source.origin)
    return parts[0], parts[1]


def hash_of(item: Resource) -> str:
    """The hash of contents that is put behind the names of generated objects."""

    def said(field: str) -> Any:
        found = item.root.get(field)
        if found is None:
            return ""
        return plain(found) if isinstance(found.data, dict) else found.text

    content: dict[str, Any] = {"kind": item.kind, "name": "", "data": said("data")}
    other = "stringData" if item.kind == "Secret" else "binaryData"
    if item.kind == "Secret":
        content["type"] = said("type")
    if isinstance(said(other), dict):
        content[other] = said(other)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10].translate(_LETTERS)
