"""Compose projects that lack a file or an image, or hold a credential."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from string import ascii_uppercase

from tests.defects.defects import Defect, Line, seeds
from tests.defects.operators.compose import PATH, Running, running
from tests.metamorphic.repositories import Files

_OVERRIDE, _BASE, _VARIABLES = "compose.override.yaml", "composed/base.yaml", "composed/web.env"


def _project(items: list[Running], more: dict[str, str]) -> str:
    """All services, and further lines for some."""
    services = (f"  {item.name}:\n    image: {item.image}\n{more.get(item.name, '')}" for item in items)
    return "services:\n" + "".join(services)


def _lines(path: str, text: str, what: str) -> frozenset[Line]:
    lines = enumerate(text.split("\n"), 1)
    return frozenset((path, number) for number, line in lines if what in line)


@seeds("compose-file-undefined")
def file_misspelt(files: Files) -> Iterator[Defect]:
    """A file with variables, a base or another project that is called otherwise."""
    items = running(files)
    kept = {**files, _BASE: "services:\n  app: {image: shop/app}\n", _VARIABLES: "LEVEL=info\n"}
    for item in items:
        for lines, wrong in (
            ("    env_file: composed/wep.env\n", "wep.env"),
            ("    env_file:\n      - composed/web.env\n      - path: composed/webb.env\n", "webb.env"),
            ("    extends:\n      file: composed/basis.yaml\n      service: app\n", "basis.yaml"),
        ):
            text = _project(items, {item.name: lines})
            yield Defect(f"{item.name} {wrong}", {**kept, PATH: text}, _lines(PATH, text, wrong))
    for wrong in ("composed/bsae.yaml", "base.yaml"):
        text = f"include:\n  - {wrong}\n" + _project(items, {})
        yield Defect(f"includes {wrong}", {**kept, PATH: text}, _lines(PATH, text, wrong))


@seeds("compose-service-without-image")
def service_misspelt(files: Files) -> Iterator[Defect]:
    """An override of a service under another name, or one whose image was taken away."""
    items = running(files)
    for item in items:
        project = _project(items, {})
        for wrong in (item.name + item.name[-1], item.name[0] + item.name[2:]):
            over = f"services:\n  {wrong}:\n    environment:\n      LEVEL: debug\n"
            made = {**files, PATH: project, _OVERRIDE: over}
            yield Defect(f"{item.name} -> {wrong}", made, frozenset({(_OVERRIDE, 2)}))
        bare = project.replace(
            f"  {item.name}:\n    image: {item.image}\n", f"  {item.name}:\n    tty: true\n"
        )
        yield Defect(f"{item.name} bare", {**files, PATH: bare}, _lines(PATH, bare, f"  {item.name}:"))


def _random(seed: str, length: int) -> str:
    """Letters and digits that look random, and are the same each time."""
    made = urlsafe_b64encode(sha256(seed.encode()).digest() * 2).decode()
    return "".join(letter for letter in made if letter.isalnum())[:length]


def _keys(name: str) -> Iterator[tuple[str, str]]:
    """Variables with made-up credentials of known forms."""
    capitals = "".join(ascii_uppercase[number % 26] for number in sha256(name.encode()).digest())
    yield "CLOUD_KEY", "AKIA" + capitals[:16]
    yield "REPO_ACCESS", "ghp" + "_" + _random(name, 36)
    yield "SIGNING_SECRET", _random(name + "s", 28)


@seeds("compose-credential")
def credential_written(files: Files) -> Iterator[Defect]:
    """A credential in the environment of a service, or in the file with its variables."""
    items = running(files)
    for item in items:
        for name, value in _keys(item.name):
            text = _project(items, {item.name: f"    environment:\n      {name}: {value}\n"})
            what = f"{item.name} {name}"
            yield Defect(what, {**files, PATH: text}, _lines(PATH, text, value))
            text = _project(items, {item.name: f"    env_file: {_VARIABLES}\n"})
            variables = f"LEVEL=info\n{name}={value}\n"
            made = {**files, PATH: text, _VARIABLES: variables}
            side = _lines(PATH, text, _VARIABLES) | _lines(PATH, text, f"  {item.name}:")
            yield Defect(f"{what} in a file", made, frozenset({(_VARIABLES, 2)}), side)


@seeds("compose-start-waits-for-health")
def health_awaited(files: Files) -> Iterator[Defect]:
    """A service is started only when another one, which keeps no data, is healthy."""
    items = running(files)
    served = [item for item in items if not item.name.endswith(("-db", "nats", "redis", "mongo", "mysql"))]
    for item in items:
        for needed in served:
            if item.name != needed.name:
                waits = f"    depends_on:\n      {needed.name}: {{condition: service_healthy}}\n"
                test = "    healthcheck: {test: [CMD, curl, -f, 'http://localhost:8080/']}\n"
                text = _project(items, {item.name: waits, needed.name: test})
                places = _lines(PATH, text, f"{needed.name}: {{condition")
                yield Defect(f"{item.name} waits for {needed.name}", {**files, PATH: text}, places)
