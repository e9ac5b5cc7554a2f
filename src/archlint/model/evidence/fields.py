"""Fields of a form that evidence lists, written as the body of several parts that is sent for them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from archlint.documents.json import without_comments
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN

MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"
_KEPT = f"{{}}{OPEN}"
_BOUNDARY = "archlint-part"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its text, or a file whose content may be unknown."""

    name: str
    value: str | None
    media_type: str | None = None
    is_file: bool = False


def sent_json(text: str) -> str:
    """A JSON text of a client that takes comments out before it sends it."""
    return without_comments(text) if "//" in text or "/*" in text else text


def as_form(pairs: Iterable[tuple[str, str]]) -> str:
    """The body of a form as URLs write it; what stands in braces or is open stays so."""
    return "&".join(f"{quote(name, safe=_KEPT)}={quote(value, safe=_KEPT)}" for name, value in pairs)


def as_parts(fields: Iterable[Field]) -> tuple[str, str]:
    """The body, and its media type with the boundary."""
    lines: list[str] = []
    for each in fields:
        quoted = each.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        file = '; filename="file"' if each.is_file else ""
        lines += [f"--{_BOUNDARY}", f'Content-Disposition: form-data; name="{quoted}"{file}']
        if each.media_type:
            lines.append(f"Content-Type: {each.media_type}")
        lines += ["", OPEN if each.value is None else each.value]
    return "\r\n".join([*lines, f"--{_BOUNDARY}--", ""]), f"{MULTIPART}; boundary={_BOUNDARY}"
