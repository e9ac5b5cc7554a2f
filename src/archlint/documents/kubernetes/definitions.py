"""The kinds of Kubernetes and the fields of their types, by version.

The data (``definitions.txt``) is written by ``.ci/kubernetes_definitions.py`` from Kubernetes' published
schemas, Apache License 2.0. After the versions it has a line for each kind, such as
``apps/v1 Deployment 25- #api.apps.v1.Deployment``, and one for each type, such as
``api.core.v1.Container args=[s name=s! restartPolicy@28-=s``: that field is there from 1.28 on. Types are

* ``s`` a string, ``t`` a time, ``y`` bytes in base64, ``b`` a boolean, ``i`` an integer, ``n`` a number,
  ``p`` an integer or a string, ``q`` a quantity (a number or a string), ``o`` a map of anything, ``x``
  anything;
* ``#name`` a map of the type of that name, ``[T`` a list of T, ``{T`` a map of T;
* ``T|key,key`` a list whose entries patches find by these keys; ``T!`` a type that is required.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from archlint.finding.records import dataclass

_FILE = Path(__file__).with_name("definitions.txt")


@dataclass(frozen=True)
class Definitions:
    """All that is known; values are as written in the file."""

    oldest: int
    newest: int
    kinds: Mapping[str, tuple[tuple[str, str], ...]]
    """Versions and type of each kind, by ``apiVersion kind``."""
    types: Mapping[str, str]
    """Fields by the name of a type."""

    def type_of(self, api_version: str, kind: str, minor: int) -> str | None:
        """The type of a kind in Kubernetes 1.minor; ``None`` if it is not there."""
        for spans, written in self.kinds.get(f"{api_version} {kind}", ()):
            if is_within(spans, minor):
                return written
        return None

    def fields(self, name: str, minor: int) -> Iterator[tuple[str, str]]:
        """The fields of a type in Kubernetes 1.minor, each with its type."""
        for part in self.types.get(name, "").split(" "):
            field, _, written = part.partition("=")
            name_of, mark, spans = field.partition("@")
            if written and (not mark or is_within(spans, minor)):
                yield name_of, written

    def versions_of(self, api_version: str, kind: str) -> list[int]:
        """The minor versions of Kubernetes that have a kind."""
        spans = [spans for spans, _ in self.kinds.get(f"{api_version} {kind}", ())]
        every = range(self.oldest, self.newest + 1)
        return [minor for minor in every if any(is_within(each, minor) for each in spans)]


def is_within(spans: str, minor: int) -> bool:
    """Whether ranges such as ``25-27,30-`` hold a version."""
    for span in spans.split(","):
        first, _, last = span.partition("-")
        if int(first) <= minor and (not last or minor <= int(last)):
            return True
    return False


@cache
def definitions() -> Definitions:
    """What the file says."""
    first, *lines = _FILE.read_text("utf-8").splitlines()
    oldest, _, newest = first.removeprefix("versions ").partition("-")
    kinds: dict[str, tuple[tuple[str, str], ...]] = {}
    types: dict[str, str] = {}
    for line in lines:
        name, _, rest = line.partition(" ")
        if "=" in rest:
            types[name] = rest
        else:
            kind, spans, written = rest.split(" ")
            key = f"{name} {kind}"
            kinds[key] = (*kinds.get(key, ()), (spans, written))
    return Definitions(_minor(oldest), _minor(newest), kinds, types)


def _minor(version: str) -> int:
    return int(version.partition(".")[2])
