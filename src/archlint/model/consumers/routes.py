"""Paths of operations as source writes them: ``"/carts/" + id``, ``/carts/{id}``, ``http://cart/carts/%s``."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.exposure.path_matches import Segments

_AUTHORITY = regex(r"(?<![\w+.-])[a-zA-Z][\w+.-]*+://[^/]*+")
_FILLED_IN = regex(r"[{$%<:]")
_LONGEST = 512


def means_route(text: str, template: Segments) -> bool:
    """Whether a literal writes a path that the template describes, perhaps behind a base path.

    One that ends in a slash is taken for the beginning of a path to which a parameter is added.
    """
    if len(text) > _LONGEST or "/" not in text:
        return False
    path = _AUTHORITY.sub("", text, count=1).partition("?")[0].partition("#")[0]
    is_begun = path.endswith("/")
    written = [None if _FILLED_IN.search(part) else part for part in path.strip("/").split("/")]
    if is_begun:
        return any(
            None not in template[:length] and all(part is None for part in template[length:])
            for length in range(1, len(template))
            if _ends_with(written, template[:length])
        )
    return any(part is not None for part in template) and _ends_with(written, template)


def _ends_with(written: list[str | None], template: Segments) -> bool:
    last = written[-len(template) :]
    return len(last) == len(template) and all(
        one == other or other is None for one, other in zip(last, template, strict=True)
    )
