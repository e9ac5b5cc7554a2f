"""What an application host of .NET Aspire runs, and what it gives to whom: nothing is built or started.

    var cache = builder.AddRedis("cache");
    builder.AddProject<Projects.Shop_Web>("shop-web").WithReference(cache);

Source: .NET Aspire, "AppHost" (``Add…`` makes a resource, ``WithReference`` tells it where another one is,
``WithEnvironment`` sets a variable, ``WaitFor`` only orders the start).
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath

from archlint.documents import TextFile
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.services import protocols
from archlint.model.services.variable_names import is_call, names_a_peer
from archlint.model.sources.literals import QUOTED, REST, SourceCode
from archlint.model.system.folders import named_folder
from archlint.model.world import World

_LARGEST = 300_000
_MOST_CALLS = 5_000
_STATEMENT = regex(
    r"\s*(?:(?:return|await)\s+)?(?:(?:(?:var|[A-Z][\w.]*+(?:<[^;=()]{0,120}>)?+\??)\s+)?(\w++)\s*=(?!=)\s*(?:await\s+)?)?(\w++)"
)
_CALL = regex(r"\s*+\??\.\s*+(\w++)\s*+(?:<([^()<>;]{1,200}+)>\s*+)?(?=\()")
_NAME = regex(rf"{QUOTED}{REST}*+")
_WORD = regex(r"(?<![\w.])[A-Za-z_]\w*+")
_STORES = {
    "redis": "redis",
    "valkey": "redis",
    "garnet": "redis",
    "postgres": "postgres",
    "mysql": "mysql",
    "sqlserver": "sqlserver",
    "sql": "sqlserver",
    "oracle": "oracle",
    "mongodb": "mongodb",
    "rabbitmq": "amqp",
    "servicebus": "amqp",
    "kafka": "kafka",
    "nats": "nats",
    "elasticsearch": "elasticsearch",
    "postgresflexibleserver": "postgres",
}
"""By what ``Add`` is followed by, without ``Azure``."""
_NO_PROOF = ("WaitFor", "WithParent", "WithChild", "WithExplicit", "WithUrl")
_ONLY_DRAWN = "Relationship"
"""Beginnings and end of calls that name a resource and give no address of it."""
_NOT_RUN = frozenset({"parameter", "connectionstring", "dockercomposeenvironment", "kubernetesenvironment"})


@dataclass(frozen=True)
class Handed:
    """A resource that another one is told of."""

    name: str
    place: Place
    text: str


@dataclass(eq=False)
class HostedResource:
    """A resource of an application host."""

    host: str
    """The path of the file that adds it."""
    name: str
    folder: str
    """The folder of source that it is built from, from the root; empty if it is none of here."""
    store_protocol: str | None
    handed: list[Handed]


def hosted_resources(world: World) -> tuple[HostedResource, ...]:
    """The resources of all application hosts; ask with ``world.fact(hosted_resources)``."""
    projects: dict[str, str] = {}
    hosts: list[str] = []
    for path in sorted(world.kinds):
        if path.endswith(".csproj"):
            plain = "".join(char if char.isalnum() else "_" for char in basename(path)[:-7])
            projects.setdefault(plain, named_folder(dirname(path)))
        elif path.endswith(".cs") and "apphost" in path.lower():
            hosts.append(path)
    found: list[HostedResource] = []
    for path in hosts:
        text = world.text(path) or ""
        if "DistributedApplication.CreateBuilder" in text and len(text) <= _LARGEST:
            found += _Host(path, world.tree.revision, SourceCode(text, "csharp"), projects).resources()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a chain."""

    name: str
    type_name: str
    start: int
    """Where its arguments begin."""
    end: int


class _Host:
    """Reads one file."""

    def __init__(self, path: str, revision: str | None, code: SourceCode, projects: dict[str, str]) -> None:
        self._file = TextFile(path, revision)
        self._folder = dirname(path)
        self._code = code
        self._projects = projects
        self._known: dict[str, HostedResource] = {}
        """By variable."""
        self._found: list[HostedResource] = []

    def resources(self) -> list[HostedResource]:
        """What the file adds, with what each is told of."""
        plain = self._code.plain
        parts = list(_statements(plain))
        for start, end in parts:
            self._read(start, end, is_first=True)
        for start, end in parts:  # a resource may be told of one that is added below it
            self._read(start, end, is_first=False)
        return self._found

    def _read(self, start: int, end: int, *, is_first: bool) -> None:
        match = _STATEMENT.match(self._code.plain, start, end)
        if match is None:
            return
        target, subject = match[1], match[2]
        calls = list(_calls(self._code.plain, match.end(), end))
        own = self._known.get(subject)
        if is_first:
            if own is None and calls:
                own = self._added(calls[0])
            if own is not None and target:
                self._known[target] = own
            return
        if own is None:
            own = self._known.get(target or "") or self._named(calls[0]) if calls else None
        for call in calls if own is not None else ():
            self._tell(own, call)

    def _added(self, call: _Call) -> HostedResource | None:
        """The resource that a call adds to the host."""
        what = call.name.removeprefix("Add").lower()
        texts = self._texts(call)
        is_named = self._code.plain[call.start : call.end].lstrip()[:1] == QUOTED
        if not call.name.startswith("Add") or what in _NOT_RUN or not is_named:
            return None
        project = call.type_name.rpartition(".")[2].strip()
        folder = self._projects.get(project, "")
        if not folder and len(texts) > 1 and what not in ("container", "database"):
            folder = named_folder(normpath(join(self._folder, texts[1].replace("\\", "/"))))
        image = texts[1] if what == "container" and len(texts) > 1 else ""
        store = _STORES.get(what.removeprefix("azure")) or (protocols.of_image(image) if image else None)
        resource = HostedResource(self._file.path, texts[0], folder, store, [])
        self._found.append(resource)
        return resource

    def _named(self, call: _Call) -> HostedResource | None:
        texts = self._texts(call) if call.name.startswith("Add") else []
        return next((item for item in self._found if texts and item.name == texts[0]), None)

    def _tell(self, own: HostedResource | None, call: _Call) -> None:
        if own is None or call.name.startswith(_NO_PROOF) or call.name.endswith(_ONLY_DRAWN):
            return
        texts = self._texts(call)
        is_variable = call.name == "WithEnvironment"
        if is_variable and not (texts and names_a_peer(texts[0]) and is_call(texts[0])):
            return
        for word in _WORD.finditer(self._code.plain, call.start, call.end):
            other = self._known.get(word[0])
            if other is not None and other is not own:
                lines = self._code.lines
                span = Span(*lines.position(word.start()), *lines.position(word.end()))
                told = f"{texts[0]}={other.name}" if is_variable else f"{call.name}({other.name})"
                own.handed.append(Handed(other.name, self._file.place(span), told))

    def _texts(self, call: _Call) -> list[str]:
        """The strings among the arguments."""
        starts = (found.start() for found in _NAME.finditer(self._code.plain, call.start, call.end))
        found = (self._code.literal_at(at) for at in starts)
        return [literal.text for literal in found if literal is not None]


def _statements(plain: str) -> Iterator[tuple[int, int]]:
    """Where each statement begins and ends: braces end one unless they stand in brackets."""
    depth, start = 0, 0
    for at, char in enumerate(plain):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        elif char in ";{}" and not depth:
            yield start, at
            start = at + 1
    yield start, len(plain)


def _calls(plain: str, at: int, end: int) -> Iterator[_Call]:
    """The calls of a chain, in order."""
    for _ in range(_MOST_CALLS):
        match = _CALL.match(plain, at, end)
        if match is None:
            return
        closing = _closing(plain, match.end(), end)
        yield _Call(match[1], match[2] or "", match.end() + 1, closing)
        at = closing + 1


def _closing(plain: str, at: int, end: int) -> int:
    """Where the bracket that opens at a place is closed."""
    depth = 0
    for here in range(at, end):
        if plain[here] in "([{":
            depth += 1
        elif plain[here] in ")]}":
            depth -= 1
            if not depth:
                return here
    return end
