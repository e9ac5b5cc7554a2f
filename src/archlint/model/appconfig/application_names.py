"""What applications are called where services find each other by name: at Eureka, Nacos, Consul.

Sources: Spring Boot (``spring.application.name``), Quarkus (``quarkus.application.name``), Micronaut
(``micronaut.application.name``), Dubbo (``dubbo.application.name``), go-micro (``micro.Name``), Nameko (the
``name`` of a service's class).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename, dirname

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.appconfig import properties
from archlint.model.appconfig.placed import LONGEST_FILE, of_file
from archlint.model.appconfig.placeholders import UNKNOWN, fill
from archlint.model.sources.left_out import is_left_out
from archlint.model.system.folders import folder_of
from archlint.model.world import World

_OWN_FILE = regex(r"(?:application|bootstrap)(?:-[\w-]+)?\.(?:ya?ml|properties)")
_FRAMEWORKS = ("spring", "quarkus", "micronaut", "dubbo")
_KEYS = frozenset(f"{name}.application.name" for name in _FRAMEWORKS)
_IN_SOURCE = (
    (
        ("go.mod",),
        "go-micro",
        ".go",
        "micro",
        regex(r"\b(?:micro|web|service)\.Name\(\s*\"([\w.-]{1,100})\""),
    ),
    (
        ("requirements.txt", "setup.py", "pyproject.toml", "Pipfile"),
        "nameko",
        ".py",
        "nameko",
        regex(r"(?m)^[ \t]+name[ \t]*=[ \t]*[\"']([\w.-]{1,100})[\"']"),
    ),
)
"""For libraries whose services have their names in source: the build files and the word in them that tell of
the library, the ending of source files, a word that must be in them, and where the name stands."""
_NAME = regex(r"[A-Za-z0-9](?:[\w.-]{0,98}[A-Za-z0-9])?")
_TESTS = frozenset({"test", "tests", "__tests__", "e2e", "testfixtures"})


def application_names(world: World) -> Mapping[str, tuple[str, ...]]:
    """The names of the applications of each folder of source, in lower case, by the folder's path; ask with
    ``world.fact(application_names)``."""
    found: dict[str, dict[str, None]] = {}
    for path, written in _written(world):
        folder = folder_of(world, path)
        if folder is None:
            continue
        text = fill(written, lambda _: None).text
        name = folder.name if written.startswith("@") else "" if UNKNOWN in text else text.strip()
        if _NAME.fullmatch(name):
            found.setdefault(folder.path, {})[name.lower()] = None
    for path, name in _in_source(world):
        found.setdefault(path, {})[name.lower()] = None
    return {path: tuple(names) for path, names in found.items()}


def _written(world: World) -> Iterator[tuple[str, str]]:
    """Files that name an application, and the name that they have."""
    for document in world.documents(Kind.DATA):
        if _is_own_file(document.path):
            yield from ((document.path, name) for name in _names_in(document))
    for path in world.paths(Kind.OTHER):
        text = of_file(world, path) if path.endswith(".properties") and _is_own_file(path) else None
        if text is not None:
            for settings in properties.documents_of(text):
                yield from ((path, item.value) for item in settings if item.key in _KEYS)


def _in_source(world: World) -> Iterator[tuple[str, str]]:
    """Folders of source, and the names that services have in it."""
    for build_files, library, ending, word, named in _IN_SOURCE:
        built = [path for path in world.kinds if basename(path) in build_files]
        folders = {dirname(path) for path in built if library in (world.text(path) or "").lower()}
        for path in sorted(world.kinds) if folders else ():
            if not path.endswith(ending) or is_left_out(path):
                continue
            folder = folder_of(world, path)
            text = world.text(path) or "" if folder is not None and folder.path in folders else ""
            if folder is not None and word in text and len(text) <= LONGEST_FILE:
                yield from ((folder.path, match[1]) for match in named.finditer(text))


def _is_own_file(path: str) -> bool:
    return _OWN_FILE.fullmatch(basename(path)) is not None and _TESTS.isdisjoint(dirname(path).split("/"))


def _names_in(document: Document) -> Iterator[str]:
    """The texts at the keys, which YAML may write in one or in several parts."""
    for framework in _FRAMEWORKS:
        for node in _below(document.root, [framework, "application", "name"]):
            if node.text:
                yield node.text


def _below(node: Node, parts: list[str]) -> Iterator[Node]:
    if not parts:
        yield node
        return
    for count in range(1, len(parts) + 1):
        inner = node.get(".".join(parts[:count]))
        if inner.exists:
            yield from _below(inner, parts[count:])
