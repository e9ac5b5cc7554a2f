"""Addresses that hold in one place only: the pod itself, another environment, a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_VARIABLE = re.compile(
    r"name: (?P<name>\w*(?:ADDR|URL)\w*)\s+value: [\"']?(?P<scheme>\w+://)?"
    r"(?P<host>[a-z][a-z0-9-]+)(?:\.(?P<namespace>[a-z-]+)\.svc(?:\.cluster\.local)?)?:(?P<port>\d{2,5})"
)
_SERVICE = re.compile(
    r"(?ms)^kind: Service\nmetadata:\n  name: (?P<name>[\w-]+)\n  namespace: (?P<in>[\w-]+)$"
)
_DEPLOYMENT = re.compile(r"(?m)^kind: (?:Deployment|StatefulSet)\nmetadata:\n  name: (?P<name>[\w-]+)$")


def _services(files: Files) -> dict[str, tuple[str, str, int]]:
    """The namespace of each Service, with where it is defined."""
    return {
        match["name"]: (match["in"], path, line_of(text, match.start("name")))
        for path, text in sorted(files.items())
        if "/templates/" not in path
        for match in _SERVICE.finditer(text)
    }


def _named(files: Files) -> Iterator[tuple[str, re.Match[str]]]:
    """Variables that bear the name of the Service whose address they hold."""
    known = _services(files)
    for path, text in sorted(files.items()):
        if path.endswith((".yaml", ".yml")) and "/templates/" not in path:
            for match in _VARIABLE.finditer(text):
                if match["host"] in known and match["host"].upper() in match["name"]:
                    yield path, match


def _side(files: Files, host: str) -> frozenset[tuple[str, int]]:
    _, path, line = _services(files)[host]
    return frozenset((path, number) for number in range(line - 3, line + 14))


@seeds("call-to-itself")
def left_from_a_laptop(files: Files) -> Iterator[Defect]:
    """The address that works while all services run on one machine."""
    for path, match in _named(files):
        text, line = files[path], line_of(files[path], match.start("host"))
        for host in ("localhost", "127.0.0.1"):
            for port in (match["port"], "18080"):
                end = match.end("port")
                changed = edited(files, path, f"{text[: match.start('host')]}{host}:{port}{text[end:]}")
                what = f"{path}:{line} {match['name']} -> {host}:{port}"
                yield Defect(what, changed, frozenset({(path, line)}), _side(files, match["host"]))


@seeds("address-as-number")
def number_in_place_of_a_name(files: Files) -> Iterator[Defect]:
    """The address that the Service had when somebody looked."""
    for path, match in _named(files):
        text, line = files[path], line_of(files[path], match.start("host"))
        for number in ("10.96.14.7", "172.20.3.41", "192.168.7.20"):
            end = match.start("port") - 1
            changed = edited(files, path, text[: match.start("host")] + number + text[end:])
            what = f"{path}:{line} {match['name']} -> {number}"
            yield Defect(what, changed, frozenset({(path, line)}), _side(files, match["host"]))


@seeds("call-to-another-environment")
def copied_with_its_addresses(files: Files) -> Iterator[Defect]:
    """A caller and what it calls once more, in a namespace of their own; one address names the first one."""
    known = _services(files)
    for path, match in _named(files):
        home, callee, _ = known[match["host"]]
        text = files[path]
        if f"namespace: {home}\n" not in text or not _DEPLOYMENT.search(text):
            continue
        start, end = match.span("host")
        for ending in (f".{home}", f".{home}.svc", f".{home}.svc.cluster.local"):
            for stage in ("staging", "preview"):
                moved = f"{text[:end]}{ending}{text[match.start('port') - 1 :]}"
                line = line_of(moved, start)
                copy, other = f"stage/{stage}/caller.yaml", f"stage/{stage}/callee.yaml"
                where = ("namespace: " + home + "\n", f"namespace: {stage}\n")
                changed = {**files, copy: moved.replace(*where), other: files[callee].replace(*where)}
                if callee == path:
                    continue
                yield Defect(
                    f"{path}:{line} {match['name']} in {stage} -> {match['host']}{ending}",
                    changed,
                    frozenset({(copy, line)}),
                    frozenset((other, number + 1) for number in range(files[callee].count("\n"))),
                )
