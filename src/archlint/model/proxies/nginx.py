"""nginx: where ``proxy_pass`` and its like lead, through upstreams, variables and the environment.

Source: nginx, ``ngx_http_proxy_module``, ``ngx_http_upstream_module``, ``ngx_stream_proxy_module``; its
image's ``envsubst`` of ``*.template`` files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding import Place
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.placeholders import fill
from archlint.model.appconfig.values import addresses_in_value, host_at
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.nginx_syntax import Directive, Word, directives_of, walk
from archlint.model.services.addresses import Address

IS_NGINX = regex(r"(?m)^[^#\n]*\b(?:proxy|fastcgi|grpc|uwsgi|scgi|memcached)_pass\s")
"""Matches a text with a directive that sends requests on."""
_PASSES = {
    "proxy_pass": "",
    "grpc_pass": "grpc",
    "fastcgi_pass": "fastcgi",
    "uwsgi_pass": "uwsgi",
    "scgi_pass": "scgi",
    "memcached_pass": "memcached",
}
_NAME = regex(r"\$\{?(\w+)\}?")
_URL = regex(r"(?:([a-z]++)://)?([^/:?#\s]+)(?::([^/?#\s]*))?([/?#]\S*)?")
_ASKING = ("auth_request", "auth_basic", "auth_jwt")
_MODIFIERS = ("=", "~", "~*", "^~")


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server of an ``upstream`` block."""

    address: Address
    place: Place
    is_filled: bool


Upstreams = dict[str, list[Upstream]]


def upstreams_of(text: PlacedText, environment: Mapping[str, str]) -> Upstreams:
    """The servers of each ``upstream`` block of a file."""
    found: Upstreams = {}
    for block in walk(directives_of(text.text)):
        if block.name != "upstream" or not block.arguments:
            continue
        for server in block.block or ():
            if server.name == "server" and server.arguments:
                word = server.arguments[0]
                filled = fill(word.text, environment.get).text
                for item in addresses_in_value(filled, bare=True):
                    place = _host_in([word], item.address.host, text, environment)
                    found.setdefault(block.arguments[0].text, []).append(Upstream(item.address, *place))
    return found


def forwards_of(text: PlacedText, environment: Mapping[str, str], upstreams: Upstreams) -> Iterator[Forward]:
    """Where a file sends requests; ``upstreams`` may stand in other files of the same server."""
    for directive in walk(directives_of(text.text)):
        if directive.name in _PASSES and directive.arguments and directive.parent is not None:
            yield from _of_pass(directive, text, environment, upstreams)


def _of_pass(
    directive: Directive, text: PlacedText, environment: Mapping[str, str], upstreams: Upstreams
) -> Iterator[Forward]:
    written = directive.arguments[0]
    if written.text.startswith(("unix:", "http://unix:")):
        return
    words, target = _expanded(directive, written, environment)
    filled = fill(target, environment.get).text
    url = _URL.match(filled)
    if url is None:
        return
    scheme = url[1] or _PASSES[directive.name]
    way = _way(directive, text, url[4])
    for server in upstreams.get(url[2], ()):
        address = replace(server.address, scheme=scheme)
        yield Forward(address, server.place, f"upstream {url[2]}", way, server.is_filled)
    if url[2] in upstreams:
        return
    for found in addresses_in_value(filled.partition("$")[0].rstrip("/"), bare=True):
        place, is_filled = _host_in(words, found.address.host, text, environment)
        yield Forward(replace(found.address, scheme=scheme), place, directive.name, way, is_filled)


def _expanded(directive: Directive, word: Word, environment: Mapping[str, str]) -> tuple[list[Word], str]:
    """A target with the variable in it replaced by what ``set`` gives it, in this block or one around it;
    with the words that it is made of."""
    for name in _NAME.finditer(word.text):
        here = None if name[1] in environment else directive.parent
        while here is not None:
            value = here.variables.get(name[1])
            if value is not None:
                return [word, value], word.text[: name.start()] + value.text + word.text[name.end() :]
            here = here.parent
    return [word], word.text


def _host_in(
    words: list[Word], host: str, text: PlacedText, environment: Mapping[str, str]
) -> tuple[Place, bool]:
    """Where a host is written, and whether the environment gives it."""
    for word in words:
        filled = fill(word.text, environment.get)
        at = host_at(filled.text.lower(), host, 0)
        if at >= 0:
            start, end = filled.written(at, at + len(host))
            return text.place(word.start + start, word.start + end), word.text[start:end].lower() != host
    return text.place(words[0].start, words[0].end), False


def _repeated(around: list[Directive], text: PlacedText) -> Place | None:
    """The innermost ``proxy_next_upstream``, if it repeats what is not idempotent."""
    for here in around:
        for item in here.block or ():
            if item.name == "proxy_next_upstream":
                words = [word for word in item.arguments if word.text == "non_idempotent"]
                return text.place(words[0].start, words[0].end) if words else None
    return None


def _guarded(around: list[Directive], text: PlacedText) -> Place | None:
    """The innermost directive that asks who calls, where it is not switched off."""
    for here in around:
        for item in here.block or ():
            if item.name in _ASKING and item.arguments:
                word = item.arguments[0]
                return None if word.text == "off" else text.place(word.start, word.end)
    return None


def _is_rewritten(around: list[Directive]) -> bool:
    """Whether a location or the server around it rewrites paths."""
    return any(item.name in ("rewrite", "if") for here in around for item in here.block or ())


def _way(directive: Directive, text: PlacedText, rest: str | None) -> Way | None:
    """The host and the path by which a target is chosen."""
    location, host = None, ""
    around = list[Directive]()
    here = directive.parent
    while here is not None:
        around.append(here)
        if here.name == "location" and location is None and here.arguments:
            location = here
        if here.name == "server":
            names = [item for item in here.block or () if item.name == "server_name" and item.arguments]
            host = names[0].arguments[0].text if names else ""
        here = here.parent
    if location is None:
        return None
    words = location.arguments
    path = words[-1] if words[0].text in _MODIFIERS else words[0]
    return Way(
        path.text,
        text.place(path.start, path.end),
        "" if host in ("_", "localhost") else host,
        rest if rest and "$" not in rest else None,
        words[0].text.startswith("~"),
        is_followed=not (rest and "$" in rest) and not _is_rewritten(around),
        repeated=_repeated(around, text),
        guarded=_guarded(around, text),
    )
