"""Which file of the world an import statement means.

A proto file does not say where its import roots are; a compiler gets them on its command line. The names
tell: ``import "shop/cart.proto"`` means a file whose path ends so. Where several do, the roots that a
``buf.yaml`` declares decide, then nearness. Nothing outside of the files given here can be the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from posixpath import basename, dirname

from archlint.documents.proto.protoc import bundled_folder, is_file

_MAX_PARTS = 40
"""Parts of a path that are looked at; no import name is longer."""

PUBLIC_MODULES = (
    "buf/validate/",
    "cel/expr/",
    "cosmos_proto/",
    "envoy/",
    "gogoproto/",
    "google/",
    "grpc/",
    "io/prometheus/",
    "opencensus/",
    "openapiv3/",
    "opentelemetry/",
    "protoc-gen-openapiv2/",
    "protoc-gen-swagger/",
    "scalapb/",
    "tagger/",
    "temporal/api/",
    "udpa/",
    "validate/",
    "xds/",
)
"""Import names of modules that builds fetch and hardly anybody commits: googleapis, protovalidate, gRPC's
and Envoy's own. That they are missing from a repository is no defect."""


def is_fetched(name: str) -> bool:
    """Whether an import that is nowhere in the repository is most likely fetched by its build: a well-known
    public module, or a name that begins with a domain as Go's import paths do."""
    if name.startswith("google/protobuf/"):
        return False
    first = name.partition("/")[0]
    return name.startswith(PUBLIC_MODULES) or ("/" in name and "." in first)


class Resolver:
    """Finds the files that imports mean, among given paths."""

    def __init__(self, paths: Iterable[str], roots: Callable[[], frozenset[str]]) -> None:
        """``roots`` gives the declared import roots; it is called only if an import is ambiguous."""
        self._paths = frozenset(paths)
        self._by_suffix: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._paths):
            suffix = path
            for _ in range(_MAX_PARTS):
                self._by_suffix[suffix].append(path)
                _, slash, suffix = suffix.partition("/")
                if not slash:
                    break
        self._roots = roots
        self._bundled: dict[str, bool] = {}

    def is_bundled(self, name: str) -> bool:
        """Whether an import names a file that comes with the compiler."""
        if name not in self._bundled:
            well_known = name.startswith("google/protobuf/")
            self._bundled[name] = well_known and is_file(bundled_folder() / name)
        return self._bundled[name]

    def resolve(self, name: str, importer: str) -> str | None:
        """The path of the file that ``importer`` means by ``name``; ``None`` if there is none."""
        found = [path for path in self._by_suffix.get(name, ()) if path != importer]
        if not found:
            found = self._below_a_prefix(name)
        if len(found) < 2:
            return found[0] if found else None
        declared = self._roots()
        return min(found, key=lambda path: self._distance(path, name, importer, declared))

    def alike(self, name: str) -> str | None:
        """A file with the same last name, to suggest in place of an import that cannot be found: the only
        one, or of several the only one whose folders end most like those that were written."""
        found = self._by_suffix.get(basename(name), ())
        wanted = name.split("/")[-2::-1]
        ranked = sorted(((_shared(path.split("/")[-2::-1], wanted), path) for path in found), reverse=True)
        is_clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][0] > ranked[1][0])
        return ranked[0][1] if is_clear else None

    def _below_a_prefix(self, name: str) -> list[str]:
        """Import paths of Go begin with the module: ``example.com/shop/api/cart.proto`` is
        ``api/cart.proto``."""
        rest = name
        for _ in range(_MAX_PARTS):
            _, slash, rest = rest.partition("/")
            if not slash or "/" not in rest:
                break
            if rest in self._paths:
                return [rest]
        return []

    @staticmethod
    def _distance(path: str, name: str, importer: str, declared: frozenset[str]) -> tuple[object, ...]:
        root = path[: -len(name)].rstrip("/") if path.endswith(name) else ""
        holds_importer = not root or importer.startswith(root + "/")
        shared = _shared_folders(path, importer)
        return (not (root in declared and holds_importer), -shared, path.count("/"), path)


def _shared_folders(one: str, other: str) -> int:
    """How many folders the ways to two files have in common at their beginning."""
    return _shared(dirname(one).split("/"), dirname(other).split("/"))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
