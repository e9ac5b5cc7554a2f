"""The elements to which an entry of the configuration is limited, and which of them a finding is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding import Finding, Location

_METHODS = frozenset(("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"))


class NamedElements:
    """Pointers, names of objects and operations as an entry writes them; each notes that it was needed."""

    def __init__(self, written: Sequence[str]) -> None:
        self._written = {_plain(text): text for text in written}
        self._needed: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._written)

    def cover(self, finding: Finding, places: Sequence[Location]) -> bool:
        """Whether a finding is about one of these elements.

        An operation covers what hits it, and nothing that hits others as well: what all callers meet is not
        accepted by one of them.
        """
        pointers = (upper for each in places if each.pointer is not None for upper in upwards(each.pointer))
        about = finding.object
        names = (about.name, str(about)) if about is not None else ()
        found = self._written.keys() & {*pointers, *names}
        operations = {f"{each.method} {each.path}" for each in finding.operations}
        if operations and operations <= self._written.keys():
            found |= operations
        self._needed |= found
        return bool(found)

    @property
    def idle(self) -> tuple[str, ...]:
        """What nothing was found of, as it is written."""
        return tuple(text for plain, text in self._written.items() if plain not in self._needed)


def _plain(text: str) -> str:
    method, space, path = text.strip().partition(" ")
    if space and method.upper() in _METHODS:
        return f"{method.upper()} {path.strip()}"
    return text.removeprefix("#")


def upwards(pointer: str) -> Iterator[str]:
    """The pointer and those of all elements around it."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""
