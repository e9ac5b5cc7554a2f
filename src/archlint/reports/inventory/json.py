"""The inventory for programs: one object, with one file a line."""

from __future__ import annotations

from collections import Counter
from typing import Any

from archlint import __version__
from archlint.finding import REASONS, Unread
from archlint.model.inventory import DocumentEntry, FileEntry, Inventory
from archlint.reports.encoding import encode, encode_list
from archlint.reports.formats.json import unread_fields

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""


def inventory_json(inventory: Inventory) -> str:
    """Fields that do not apply are left out."""
    fields = {
        "version": encode(VERSION),
        "tool": encode({"version": __version__}),
        "files": encode_list(map(_file, inventory.files), " "),
        "unread": encode_list(map(_unread, inventory.unread), " "),
        "sources": encode(dict(sorted(Counter(inventory.sources.values()).items()))),
        "summary": encode(
            {"files": len(inventory.files), "read": inventory.read, "unread": len(inventory.unread)}
        ),
    }
    return "{\n" + ",\n".join(f' "{name}": {text}' for name, text in fields.items()) + "\n}\n"


def _file(entry: FileEntry) -> dict[str, Any]:
    fields: dict[str, Any] = {"path": entry.path, "kind": entry.kind.value, "read": entry.is_read}
    if entry.rules:
        fields["rules"] = list(entry.rules)
    if entry.documents:
        fields["documents"] = list(map(_document, entry.documents))
    return fields


def _document(entry: DocumentEntry) -> dict[str, Any]:
    fields: dict[str, Any] = {"document": entry.index}
    if entry.kind:
        fields["kind"] = entry.kind
    if entry.name:
        fields["name"] = entry.name
    return {**fields, "rules": list(entry.rules)}


def _unread(unread: Unread) -> dict[str, Any]:
    reason = REASONS.get(unread.reason)
    return {**unread_fields(unread), **({"why": reason.why} if reason else {})}
