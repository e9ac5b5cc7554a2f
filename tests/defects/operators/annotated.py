"""Annotations by which a Prometheus finds the ports of pods: they are added, and name what is no port."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.defects.manifests import is_patched
from tests.metamorphic.repositories import Files

_TEMPLATE = re.compile(r"(?m)^  template:\n    metadata:\n")
_PORT = re.compile(r"(?m)^ +containerPort: \d+$")


@seeds("scrape-port-undefined")
def port_that_is_none(files: Files) -> Iterator[Defect]:
    """A number that no container has, a name, or no number at all."""
    for path, text in sorted(files.items()):
        if not path.endswith(".yaml") or "/templates/" in path or "containerPort" not in text:
            continue
        if is_patched(files, path):
            continue
        for match in _TEMPLATE.finditer(text):
            end = text.find("\n---", match.end())
            pod = text[match.end() : end if end >= 0 else None]
            if "annotations:" in pod or not _PORT.search(pod):
                continue
            for wrong in ("9999", "19102", "metrics", "0", "99999", "http-metrics"):
                lines = (
                    "      annotations:\n"
                    '        prometheus.io/scrape: "true"\n'
                    f'        prometheus.io/port: "{wrong}"\n'
                )
                spoilt = text[: match.end()] + lines + text[match.end() :]
                first = line_of(text, match.end())
                ports = (match.end() + found.start() for found in _PORT.finditer(pod))
                sides = frozenset((path, line_of(text, at) + 3 + step) for at in ports for step in (-1, 0))
                yield Defect(
                    f"{path}:{match.start()} {wrong}",
                    edited(files, path, spoilt),
                    frozenset({(path, first + 2)}),
                    sides,
                )
