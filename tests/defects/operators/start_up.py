"""Services that are started only when others are there, and then wait for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.metamorphic.repositories import Files

_DEPLOYMENT = re.compile(
    r"(?m)^kind: Deployment\nmetadata:\n  name: (?P<name>[\w-]+)\n  namespace: (?P<in>[\w-]+)$"
)
_CONTAINERS = re.compile(r"(?m)^      containers:\n")
_READINESS = re.compile(r"(?m)^          readinessProbe:\n(?: {12}.*\n)+")
_PORT = r"(?ms)^kind: Service\nmetadata:\n  name: {}$.*?port: (?P<port>\d+)"
_WAITS = (
    "[sh, -c, 'until nc -z {host} {port}; do sleep 2; done']",
    '["./wait-for-it.sh", "{host}:{port}", "--timeout=0"]',
    "[sh, -c, 'while ! curl -sf http://{host}:{port}/health; do echo waiting; sleep 1; done']",
    '["dockerize", "-wait", "tcp://{host}.{namespace}.svc:{port}"]',
    "[bash, -c, 'until (echo > /dev/tcp/{host}/{port}) 2>/dev/null; do sleep 1; done']",
)
_COMPOSE = "compose.yaml"


def _running(files: Files) -> dict[str, tuple[str, str, int]]:
    """Deployments with a Service of their name, each alone in its file: path, namespace, port."""
    found = {}
    for path, text in sorted(files.items()):
        match = _DEPLOYMENT.search(text)
        if "/templates/" in path or match is None or len(_CONTAINERS.findall(text)) != 1:
            continue
        front = re.search(_PORT.format(re.escape(match["name"])), text)
        if front and _READINESS.search(text):
            found[match["name"]] = (path, match["in"], int(front["port"]))
    return found


def _command(form: str, target: tuple[str, str, int], name: str) -> str:
    return form.format(host=name, port=target[2], namespace=target[1])


def _waiting(text: str, command: str) -> tuple[str, int]:
    """A manifest with an init container, and the line of its command."""
    at = _CONTAINERS.search(text)
    assert at is not None
    block = "      initContainers:\n        - name: wait\n          image: shop/wait:1.0.0\n"
    block += f"          command: {command}\n"
    return text[: at.start()] + block + text[at.start() :], line_of(text, at.start()) + 3


def _asking(text: str, command: str) -> tuple[str, int]:
    """A manifest whose readiness probe runs a command, and the line of it."""
    at = _READINESS.search(text)
    assert at is not None
    block = "          readinessProbe:\n            exec:\n"
    block += f"              command: {command}\n            periodSeconds: 5\n"
    return text[: at.start()] + block + text[at.end() :], line_of(text, at.start()) + 2


@seeds("start-up-circle")
def both_wait(files: Files) -> Iterator[Defect]:
    """Two services of which each waits for the other; the second by its probe in every other case."""
    running = _running(files)
    for number, (one, other) in enumerate(permutations(running, 2)):
        there, back = _WAITS[number % 5], _WAITS[(number // 2) % 5]
        first, line = _waiting(files[running[one][0]], _command(there, running[other], other))
        change = _waiting if number % 2 else _asking
        second, answer = change(files[running[other][0]], _command(back, running[one], one))
        paths = running[one][0], running[other][0]
        places = frozenset({(paths[0], line), (paths[1], answer)})
        yield Defect(
            f"{one} and {other} wait ({number})",
            {**files, paths[0]: first, paths[1]: second},
            places,
            places,
        )


@seeds("start-up-circle")
def health_asks_who_waits(files: Files) -> Iterator[Defect]:
    """A Compose service that waits for the health of another, whose health check asks it."""
    running = _running(files)
    for one, other in permutations(running, 2):
        lines = [
            "services:",
            f"  {one}:",
            f"    image: shop/{one}:1",
            "    depends_on:",
            f"      {other}: {{condition: service_healthy}}",
            f"  {other}:",
            f"    image: shop/{other}:1",
            "    healthcheck:",
            f"      test: [CMD, curl, -f, 'http://{one}:8080/health']",
            "",
        ]
        places = frozenset({(_COMPOSE, 5), (_COMPOSE, 9)})
        yield Defect(
            f"compose: {one} waits for {other}", {**files, _COMPOSE: "\n".join(lines)}, places, places
        )


def _one_sided(files: Files, *, is_probe: bool) -> Iterator[Defect]:
    running = _running(files)
    for number, (one, other) in enumerate(permutations(running, 2)):
        path, _, _ = running[one]
        form = _WAITS[number % 5]
        change = _asking if is_probe else _waiting
        text, line = change(files[path], _command(form, running[other], other))
        front: frozenset[Line] = frozenset(
            (running[other][0], at + 1) for at in range(files[running[other][0]].count("\n"))
        )
        yield Defect(
            f"{one} -> {other} ({number % 5})", {**files, path: text}, frozenset({(path, line)}), front
        )


@seeds("start-waits-for-service")
def waits_before_it_starts(files: Files) -> Iterator[Defect]:
    """An init container that waits for another service."""
    yield from _one_sided(files, is_probe=False)


@seeds("readiness-asks-another-service")
def probe_asks_another(files: Files) -> Iterator[Defect]:
    """A readiness probe that asks another service."""
    yield from _one_sided(files, is_probe=True)
