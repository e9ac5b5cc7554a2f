"""Field specifications: which fields of which kinds something is done to, and the way to them.

Source: kustomize's ``filters/fieldspec`` and ``types.FieldSpec``. Lists on the way mean each of their items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, MutableSequence
from functools import lru_cache
from typing import Any, NamedTuple

from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.values import Origin, Value

Holder = MutableMapping[Any, Value] | MutableSequence[Value]
Setter = Callable[[Any, Any], None]
"""Given the map or list that holds a value, and its key or index there."""


class FieldSpec(NamedTuple):
    """A path in objects of some kinds; ``create`` makes what is missing on it."""

    gvk: Gvk
    path: str
    create: bool = False


class Specs(tuple[FieldSpec, ...]):
    """Field specifications, which know those that are about a kind."""

    def __init__(self, _: Iterable[FieldSpec] = ()) -> None:
        self._by_kind: dict[Gvk, tuple[FieldSpec, ...]] = {}

    def of(self, gvk: Gvk) -> tuple[FieldSpec, ...]:
        """Those that are about a kind."""
        found = self._by_kind.get(gvk)
        if found is None:
            found = self._by_kind[gvk] = tuple(spec for spec in self if gvk.is_selected(spec.gvk))
        return found


NO_SPECS = Specs()


@lru_cache(maxsize=4096)
def split_path(path: str, delimiter: str = "/") -> tuple[str, ...]:
    r"""The parts of a path; a delimiter after ``\`` belongs to the part."""
    pieces = path.split(delimiter)
    if len(pieces) > 1 and not pieces[0]:
        pieces = pieces[1:]
    parts = [pieces[0]]
    for piece in pieces[1:]:
        if parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1] + delimiter + piece
        else:
            parts.append(piece)
    return tuple(parts)


def apply(
    root: Value,
    spec: FieldSpec,
    setter: Setter,
    *,
    blank: Callable[[], Any] | None = None,
    origin: Origin | None = None,
) -> None:
    """Call ``setter`` for each field that the path leads to; ``blank`` makes what is created at its end."""
    path = split_path(spec.path)
    holder: Any = {"": root}
    key: Any = ""
    depth = 0
    if blank is None or not spec.create:  # most objects lack most fields, which a few steps through maps tell
        for part in path:
            data = holder[key].data
            if not isinstance(data, dict) or not part or part.endswith("[]"):
                break
            if part not in data:
                return
            holder, key, depth = data, part, depth + 1
    _Walk(path, setter, blank if spec.create else None, origin or root.origin).go(holder, key, depth)


class _Walk:
    def __init__(
        self, path: tuple[str, ...], setter: Setter, blank: Callable[[], Any] | None, origin: Origin
    ) -> None:
        self.path = path
        self.setter = setter
        self.blank = blank
        self.origin = origin

    def go(self, holder: Any, key: Any, depth: int) -> None:
        if depth == len(self.path):
            self.setter(holder, key)
            return
        value: Value = holder[key]
        data = value.data
        if isinstance(data, dict):
            self._into_map(data, depth)
        elif isinstance(data, list):
            for index in range(len(data)):
                self.go(data, index, depth)
        elif data is not None:
            part = self.path[depth]
            raise Refusal(f"'{part}' is looked for below a value that is no map and no list.", value.origin)

    def _into_map(self, data: dict[str, Value], depth: int) -> None:
        part = self.path[depth]
        name = part.removesuffix("[]")
        is_list = name != part
        if not name:
            raise Refusal("A path has an empty part.", self.origin)
        child = data.get(name)
        is_made = self.blank is not None and not is_list
        if child is None:
            if not is_made:
                return
            data[name] = Value(self._blank(depth), self.origin)
        elif child.data is None and (is_made or is_list):
            data[name] = Value([] if is_list else self._blank(depth), self.origin)
        self.go(data, name, depth + 1)

    def _blank(self, depth: int) -> Any:
        return self.blank() if self.blank is not None and depth + 1 == len(self.path) else {}


def merged(old: Specs, new: Iterable[FieldSpec], origin: Origin) -> Specs:
    """Specifications with others added, as far as they are not covered yet."""
    known: dict[str, list[FieldSpec]] = {}
    for spec in old:
        known.setdefault(spec.path, []).append(spec)
    result = list(old)
    for spec in new:
        same = next((item for item in known.get(spec.path, ()) if item.gvk.is_selected(spec.gvk)), None)
        if same is None:
            known.setdefault(spec.path, []).append(spec)
            result.append(spec)
        elif same.create != spec.create:
            raise Refusal(f"Two field specifications for '{spec.path}' contradict each other.", origin)
    return old if len(result) == len(old) else Specs(result)
