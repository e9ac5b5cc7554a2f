"""Addresses of other services, in the configuration of workloads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_VARIABLE = re.compile(
    r"name: (?P<name>\w*(?:ADDR|HOST|URL|ENDPOINT|SERVER)\w*)\s+value: [\"']?"
    r"(?:\w+://(?:\w+@)?)?(?P<host>[a-z][a-z0-9-]+)(?=[.:/\s])(?P<rest>[\w.-]*)(?::(?P<port>\d{2,5}))?"
)
_SERVICE = re.compile(
    r"(?ms)^kind: Service\nmetadata:\n  name: (?P<name>[\w-]+)$.*?^ +(?:- )?port: (?P<port>\d+)"
)


def _addresses(files: Files) -> Iterator[tuple[str, re.Match[str]]]:
    """Each variable with the address of a Service of the repository, its file and where it stands."""
    known = {match["name"] for text in files.values() for match in _SERVICE.finditer(text)}
    for path, text in sorted(files.items()):
        if path.endswith((".yaml", ".yml")) and "/templates/" not in path:
            for match in _VARIABLE.finditer(text):
                if match["host"] in known:
                    yield path, match


def _with(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


@seeds("call-target-undefined")
def host_misspelt(files: Files) -> Iterator[Defect]:
    """Another letter in the name of a Service: doubled, dropped, or two of them swapped."""
    for path, match in _addresses(files):
        host, text = match["host"], files[path]
        for wrong in (host + host[-1], host[:-1], host[0] + host[2] + host[1] + host[3:]):
            if wrong != host and f"name: {wrong}\n" not in "".join(files.values()):
                changed = edited(files, path, _with(text, match.span("host"), wrong))
                line = line_of(text, match.start("host"))
                yield Defect(f"{path}:{line} {host} -> {wrong}", changed, frozenset({(path, line)}))


@seeds("call-port-undefined")
def port_of_another_service(files: Files) -> Iterator[Defect]:
    """The port of an address as it was before the Service moved."""
    fronts: dict[str, list[Line]] = {}
    for path, text in sorted(files.items()):
        for match in _SERVICE.finditer(text):
            if "clusterIP: None" not in match[0]:
                fronts.setdefault(match["name"], []).append((path, line_of(text, match.start("port"))))
    for path, match in _addresses(files):
        text = files[path]
        if match["port"] and match["host"] in fronts:
            for wrong in ("18080", str(int(match["port"]) + 1)):
                changed = edited(files, path, _with(text, match.span("port"), wrong))
                line = line_of(text, match.start("port"))
                sides = fronts[match["host"]]
                yield Defect(
                    f"{path}:{line} {match['host']}:{match['port']} -> {wrong}",
                    changed,
                    frozenset({(path, line)}),
                    frozenset((side[0], side[1] + more) for side in sides for more in range(-12, 3)),
                )
