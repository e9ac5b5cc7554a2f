"""A program of its own that renders charts with Helm's library, so that whatever a template does ends with
it.

Templates come from the repository under test: loops that never end and outputs of gigabytes are easy to
write. The parent limits memory, and each chart gets so many seconds of CPU time; whoever needs more is
ended by the system.

Standard input has one JSON object a line. The first has ``path`` (where modules are imported from),
``memory`` (bytes), ``seconds`` (of CPU time for each chart) and ``output`` (most bytes of one rendering).
Each further one is a rendering: ``files`` if it is of another chart than the one before (names and
contents, in base 64 if not text), ``changes`` to these for this rendering alone, ``values`` (YAML texts,
later ones win), ``overrides`` (data), ``name`` and ``namespace``. The answer to each is a line with
``files``, else ``error`` and its ``kind``. This file must import nothing of archlint.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import tarfile
from collections.abc import Mapping
from typing import Any

_RESERVED = 2_000_000_000
"""Address space that the library reserves when it starts, where the system does not tell."""


def _limit_memory(memory: int) -> None:
    """From now on this process may use so many bytes more than what the library has reserved: with a limit
    of 1.7 billion from the beginning on the runtime of Go dies in most starts."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            used = int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        used = _RESERVED
    limit = used + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_time(seconds: int) -> None:
    """From now on this process may use so many seconds of CPU time."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def packed_chart(files: Mapping[str, Any]) -> bytes:
    """The chart as Helm takes it: below a folder, packed without effort."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=0) as archive:
        for name, content in sorted(files.items()):
            if isinstance(content, str):
                data = content.encode("utf-8", "surrogatepass")
            else:
                data = content if isinstance(content, bytes) else base64.b64decode(content["base64"])
            entry = tarfile.TarInfo(f"chart/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _merged(below: Any, above: Any) -> Any:
    """Values over values, map by map, as Helm takes one file of values after the other."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _merged(merged[key], value) if key in merged else value
    return merged


def _rendered(helm: Any, files: dict[str, Any], asked: dict[str, Any], most: int) -> dict[str, Any]:
    kind = "chart"
    try:
        with helm.Chart.load_archive(packed_chart({**files, **asked.get("changes", {})})) as chart:
            kind = "values"
            values: Any = {}
            for text in asked.get("values", ()):
                values = _merged(values, helm.values_from_yaml(text))
            values = _merged(values, asked.get("overrides", {}))
            kind = "template"
            made = chart.render(values, name=asked["name"], namespace=asked["namespace"])
    except helm.HelmValuesError as error:
        return {"kind": "values", "error": str(error)}
    except helm.HelmError as error:
        return {"kind": kind, "error": str(error)}
    except MemoryError:
        return {"kind": "limit", "error": "memory"}
    if sum(map(len, made.values())) > most:
        return {"kind": "limit", "error": "output"}
    return {"files": made}


def main() -> None:
    """Read what to render, line by line, and answer each at once."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the library prints is no answer
    terms = json.loads(sys.stdin.readline())
    sys.path.extend(terms["path"])
    import helm_python

    helm_python.values_from_yaml("started: true")
    _limit_memory(terms["memory"])
    files: dict[str, Any] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "files" in asked:
            files = asked["files"]
            _limit_time(terms["seconds"])
        try:
            answer = json.dumps(_rendered(helm_python, files, asked, terms["output"]))
        except MemoryError:
            answer = json.dumps({"kind": "limit", "error": "memory"})
        answers.write(answer + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
