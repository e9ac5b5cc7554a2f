"""HAProxy: backends with their servers, and the rules by which frontends choose them.

Source: HAProxy's configuration manual: ``server``, ``use_backend``, ``default_backend``, ``acl``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.lines import Word, lines_of, targets_in

IS_HAPROXY = regex(r"(?m)^(?:backend|listen)[ \t]+\S[^\n]*$")
_SECTIONS = frozenset(
    {
        *("global", "defaults", "frontend", "backend", "listen", "resolvers", "peers", "userlist"),
        *("cache", "program", "ring", "mailers", "http-errors", "log-forward", "crt-store"),
    }
)
_PATH_TESTS = frozenset({"path_beg", "path", "path_dir", "url_beg"})


@dataclass(slots=True)
class _Section:
    kind: str
    name: str
    lines: list[list[Word]]


def forwards_of(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    """A forward for each server of each backend, and for each path that leads to it."""
    sections = _sections(text)
    ways: dict[str, list[Way | None]] = defaultdict(list)
    for section in sections:
        if section.kind in ("frontend", "listen"):
            for name, way in _choices(section, text):
                ways[name].append(way)
    for section in sections:
        if section.kind not in ("backend", "listen"):
            continue
        mode = next((line[1].text for line in section.lines if _begins(line, "mode")), "")
        scheme = "" if mode == "tcp" else "http"
        for line in section.lines:
            if line[0].text in ("server", "server-template") and len(line) > 2:
                at = 3 if line[0].text == "server-template" and len(line) > 3 else 2
                for address, place, is_filled in targets_in(line[at], text, environment):
                    for way in ways.get(section.name) or [None]:
                        told = replace(address, scheme=scheme)
                        yield Forward(told, place, f"backend {section.name}", way, is_filled)


def _sections(text: PlacedText) -> list[_Section]:
    found: list[_Section] = []
    for line in lines_of(text.text):
        if line[0].text in _SECTIONS:
            found.append(_Section(line[0].text, line[1].text if len(line) > 1 else "", []))
        elif found:
            found[-1].lines.append(line)
    return found


def _begins(line: list[Word], word: str) -> bool:
    return line[0].text == word and len(line) > 1


def _choices(section: _Section, text: PlacedText) -> Iterator[tuple[str, Way | None]]:
    """The backends that a frontend chooses, each with the paths that its conditions name."""
    paths: dict[str, list[Word]] = defaultdict(list)
    for line in section.lines:
        if _begins(line, "acl") and len(line) > 3 and line[2].text in _PATH_TESTS:
            paths[line[1].text] += [word for word in line[3:] if not word.text.startswith("-")]
    for line in section.lines:
        if _begins(line, "default_backend"):
            yield line[1].text, None
        elif _begins(line, "use_backend"):
            named = [word for item in line[2:] for word in paths.get(item.text, ())]
            inline = [
                word
                for at, item in enumerate(line)
                if item.text in _PATH_TESTS
                for word in line[at + 1 :]
                if word.text.startswith("/")
            ]
            for word in (*named, *inline):
                yield line[1].text, Way(word.text, text.place(word.start, word.end))
            if not named and not inline:
                yield line[1].text, None
