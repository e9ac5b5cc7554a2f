"""Which parts of a graph lead to one that answers a question with yes, in time linear in the graph.

Graphs of schemas have circles, so an answer cannot be put together from those of the parts below.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def reaching(
    start: T,
    *,
    name: Callable[[T], Hashable],
    below: Callable[[T], Iterable[T]],
    answer: Callable[[T], bool | None],
) -> Iterator[tuple[T, bool]]:
    """Each part that the start leads to, with whether it is one, or leads to one, whose answer is yes.

    ``answer`` is ``None`` where what lies below decides; below the others nothing is looked at, so answers
    that are kept from one call to the next are not found out again. ``name`` tells parts apart.
    """
    found, above = {name(start): start}, dict[Hashable, list[Hashable]]()
    waiting, certain = [start], list[Hashable]()
    while waiting:
        current = waiting.pop()
        which, said = name(current), answer(current)
        if said:
            certain.append(which)
        elif said is None:
            for child in below(current):
                above.setdefault(name(child), []).append(which)
                if name(child) not in found:
                    found[name(child)] = child
                    waiting.append(child)
    sure = set(certain)
    while certain:
        fresh = {each for each in above.get(certain.pop(), ()) if each not in sure}
        sure |= fresh
        certain.extend(fresh)
    for which, each in found.items():
        yield each, which in sure
