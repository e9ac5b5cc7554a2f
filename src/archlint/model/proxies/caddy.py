"""Caddy: ``reverse_proxy`` and ``php_fastcgi`` in a Caddyfile.

Source: Caddy, "Caddyfile concepts" and ``reverse_proxy``: ``{$NAME:default}`` is filled in before it is read;
matchers are paths or ``@names``; upstreams may stand in the block behind ``to``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.lines import Word, lines_of, targets_in

IS_CADDY = regex(r"(?m)^[^#\n]*\b(?:reverse_proxy|php_fastcgi)\b")
_SENDS = {"reverse_proxy": "http", "php_fastcgi": "fastcgi"}
_SCOPES = frozenset({"handle", "handle_path", "route"})
_ENVIRONMENT = regex(r"\{\$([A-Za-z_]\w*+)(?::([^{}\n]*+))?\}")


@dataclass(frozen=True, slots=True)
class _Block:
    path: Word | None
    strips: bool
    sends: str
    host: str


def forwards_of(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    """A forward for each upstream."""
    blocks: list[_Block] = []
    matchers: dict[str, Word] = {}
    for line in lines_of(_as_placeholders(text.text)):
        opens = line[-1].text == "{"
        words = line[:-1] if opens else line
        if words and words[0].text == "}":
            if blocks:
                blocks.pop()
            words = words[1:]
        around = blocks[-1] if blocks else _Block(None, False, "", "")
        name = words[0].text if words else ""
        if name.startswith("@") and len(words) > 2 and words[1].text == "path":
            matchers[name] = words[2]
        path, rest = _matched(words[1:], matchers)
        sends = name if name in _SENDS else around.sends if name == "to" else ""
        if sends:
            chosen = _Block(path or around.path, around.strips, sends, around.host)
            yield from _forwards(text, environment, rest, chosen)
        if opens and len(blocks) < 100:
            is_scope = name in _SCOPES
            host = around.host if blocks else _host(name)
            inner = path if (is_scope or sends) and path else around.path
            blocks.append(_Block(inner, name == "handle_path" or around.strips, sends, host))


def _as_placeholders(text: str) -> str:
    """``{$NAME}`` as ``${NAME}``, which has the same length."""
    return _ENVIRONMENT.sub(lambda found: "${" + found[0][2:], text)


def _matched(words: list[Word], matchers: dict[str, Word]) -> tuple[Word | None, list[Word]]:
    if words and words[0].text.startswith("/"):
        return words[0], words[1:]
    if words and words[0].text.startswith("@"):
        return matchers.get(words[0].text), words[1:]
    return None, words[1:] if words and words[0].text == "*" else words


def _forwards(
    text: PlacedText, environment: Mapping[str, str], words: list[Word], block: _Block
) -> Iterator[Forward]:
    way = None
    if block.path is not None:
        place = text.place(block.path.start, block.path.end)
        way = Way(block.path.text.removesuffix("*"), place, block.host, "/" if block.strips else None)
    for word in words:
        for address, place, is_filled in targets_in(word, text, environment):
            told = replace(address, scheme=address.scheme or _SENDS[block.sends])
            yield Forward(told, place, block.sends, way, is_filled)


def _host(name: str) -> str:
    """The host of a site's address; empty for a port, a wildcard or what a variable gives."""
    host = name.rstrip(",").rpartition("://")[2].partition("/")[0].rpartition(":")
    alone = host[0] if host[1] else host[2]
    return "" if "$" in alone or alone in ("*", "localhost") else alone
