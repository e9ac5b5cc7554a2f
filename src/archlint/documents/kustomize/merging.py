"""Strategic merge patches.

Source: kyaml's ``merge2`` and ``walk`` (kustomize 5.7), which differ from the API server: directives are
``$patch: delete|replace|merge`` alone, lists of built-in kinds merge by the keys of their schema, all other
lists are replaced, and what a patch adds to a list stands first. A patch is used up: merge a copy.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.schema import Schema
from archlint.documents.kustomize.values import Origin, Value

_DIRECTIVE = "$patch"
_LONGEST = 5000
"""Items of a list that is merged by keys; beyond, comparing each with each would take too long."""


def merge(target: Value, patch: Value, schema: Schema) -> Value | None:
    """What a patch makes of an object; ``None`` if nothing is left of it."""
    return _merged(target, patch, schema, patch.origin)


def _merged(target: Value | None, patch: Value | None, schema: Schema, by: Origin) -> Value | None:
    """``by`` is where the patch says what it does here."""
    kind = _kind(target) or _kind(patch)
    for value in (target, patch):
        if kind and _kind(value) not in (None, kind):
            assert value is not None
            raise Refusal("The patch has another type here than what it is merged into.", by)
    if kind is list:
        if schema.is_merged:
            return _merged_list(target, patch, schema, by)
        return patch if patch is not None else target
    if kind is str:
        return patch if patch is not None else target
    return _merged_map(target, patch, schema, by)


def _kind(value: Value | None) -> type | None:
    """``dict``, ``list``, or ``str`` for any scalar; ``None`` for what is missing or null."""
    if value is None or value.data is None:
        return None
    return type(value.data) if isinstance(value.data, (dict, list)) else str


def _merged_map(target: Value | None, patch: Value | None, schema: Schema, by: Origin) -> Value | None:
    if target is None or target.data is None:
        if patch is not None and patch.data is not None and _directive(patch) == "delete":
            return None
        if patch is None:
            return target if target is not None and target.text_is_null else None
        result = patch
    else:
        if patch is not None and patch.data is None:
            return None
        directive = _directive(patch) if patch is not None else "merge"
        if directive == "delete":
            return None
        result = patch if directive == "replace" and patch is not None else target
    if not isinstance(result.data, dict):
        return result
    _merge_fields(result, patch, schema)
    return result


def _merge_fields(result: Value, patch: Value | None, schema: Schema) -> None:
    added = patch.data if patch is not None and isinstance(patch.data, dict) else {}
    for key in list(dict.fromkeys((*result.data, *added))):
        below = added.get(key)
        why = below.origin if below is not None else result.origin
        value = _merged(result.data.get(key), below, schema.field(key), why)
        if value is None or (value.data is None and below is not None):
            result.drop(key, why)
        else:
            result.data[key] = value


def _directive(patch: Value) -> str:
    """What ``$patch`` says in a map; it is taken out."""
    said = patch.data.get(_DIRECTIVE) if isinstance(patch.data, dict) else None
    if said is None:
        return "merge"
    if said.text not in ("delete", "replace", "merge"):
        raise Refusal(f"'{_DIRECTIVE}: {said.text}' is neither delete, replace nor merge.", said.origin)
    del patch.data[_DIRECTIVE]
    word: str = said.text
    return word


def _list_directive(patch: Value) -> str:
    """What an item ``- $patch: ...`` says of a whole list; such items are taken out."""
    for item in patch.data:
        said: Value | None = item.get(_DIRECTIVE)
        if said is not None:
            if len(item.data) > 1:
                return "merge"
            if said.text not in ("delete", "replace", "merge"):
                raise Refusal(
                    f"'{_DIRECTIVE}: {said.text}' is neither delete, replace nor merge.", said.origin
                )
            patch.data[:] = [
                each
                for each in patch.data
                if _text(each, _DIRECTIVE) != said.text and each.data not in (None, {})
            ]
            return said.text
    return "merge"


def _merged_list(target: Value | None, patch: Value | None, schema: Schema, by: Origin) -> Value | None:
    if target is None or target.data is None:
        if patch is None:
            return None
        result = patch
    else:
        if patch is not None and patch.data is None:
            return None
        directive = _list_directive(patch) if patch is not None else "merge"
        if directive == "delete":
            return None
        result = patch if directive == "replace" and patch is not None else target
    sources = (result, patch)
    if sum(len(each.data) for each in sources if each is not None and each.data) > _LONGEST:
        raise Refusal(f"A list of more than {_LONGEST} items is not merged.", by, Reason.LIMIT)
    if not schema.keys:
        _merge_primitives(result, patch)
    else:
        _Items(result, patch, schema, by).merge()
    return result


def _merge_primitives(result: Value, patch: Value | None) -> None:
    first = patch.data if patch is not None and patch.data else []
    merged: dict[str, Value] = {}
    for item in (*first, *result.data):
        merged.setdefault(item.text, item)
    result.data = list(merged.values())


def _text(item: Value, key: str) -> str:
    found = item.get(key)
    return found.text if found is not None else ""


class _Items:
    """The items of a list that merges by keys, of which some may be left out everywhere."""

    def __init__(self, result: Value, patch: Value | None, schema: Schema, by: Origin) -> None:
        self.result = result
        self.patch = patch if patch is not None and isinstance(patch.data, list) else None
        self.schema = schema
        self.by = by
        self.keys = schema.keys

    def merge(self) -> None:
        """Merge the items of the patch into those of the list."""
        listed = self._listed()
        if self.patch is None and len(listed) == len(self.result.data) and all(map(all, listed)):
            kept = (_merged(item, None, self.schema.items, self.by) for item in self.result.data)
            self.result.data = [item for item in kept if item is not None]
            return
        added: list[Value] = []
        keys: Sequence[str] = self.keys
        for values in listed:
            keys, wanted = _valid(listed, values, self.keys)
            item = self._merged_item(keys, wanted)
            if item is None or item.data == {}:
                self._delete(keys, wanted)
                continue
            for key, text in zip(keys, wanted, strict=False):
                if isinstance(item.data, dict) and key not in item.data and text:
                    item.data[key] = Value(text, item.origin)
            added = _put(added, item, keys, wanted)
        if listed:
            self.result.data = _appended(added, self.result.data, keys)

    def _listed(self) -> list[tuple[str, ...]]:
        """What the keys of all items say, those of the patch first."""
        sources = (self.patch, self.result)
        texts = [
            tuple(_text(item, key) for key in self.keys)
            for source in sources
            if source is not None
            for item in source.data
        ]
        listed = list(dict.fromkeys(texts))
        if len(self.keys) > 1 and any("" in values for values in listed):
            return _completed(listed)
        return listed

    def _merged_item(self, keys: Sequence[str], wanted: Sequence[str]) -> Value | None:
        keys, wanted = _valid([tuple(wanted)], wanted, keys)
        target = _first(self.result, keys, wanted)
        patch = _first(self.patch, keys, wanted)
        return _merged(target, patch, self.schema.items, patch.origin if patch is not None else self.by)

    def _delete(self, keys: Sequence[str], wanted: Sequence[str]) -> None:
        left = _without(self.result.data, keys, wanted)
        if len(left) < len(self.result.data):
            said = _first(self.patch, keys, wanted)
            self.result.note("/".join(wanted), said.origin if said is not None else self.by)
        self.result.data = left


def _completed(listed: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Keys that are left out once are taken from items with the same other keys."""
    done = list(listed)
    for one in range(len(done)):
        for other in range(len(done)):
            both = _together(done[one], done[other])
            if both is not None:
                done[one] = done[other] = both
    return done


def _together(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...] | None:
    shares = False
    result: list[str] = []
    for mine, theirs in zip(one, other, strict=True):
        if mine == theirs:
            shares = True
        elif mine and theirs:
            return None
        result.append(mine or theirs)
    return tuple(result) if shares else None


def _valid(
    listed: Sequence[tuple[str, ...]], values: Sequence[str], keys: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The keys that any item has, with what one item says of them; all keys if none has any."""
    used = {keys[index] for each in listed for index, text in enumerate(each) if text}
    if not used:
        return keys, values
    return (
        [key for key in keys if key in used],
        [text for key, text in zip(keys, values, strict=False) if text or key in used],
    )


def _matches(item: Value, keys: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether an item says what is wanted of each key; of keys without a wish, what the last one said."""
    found = None
    for index, key in enumerate(keys):
        if index < len(wanted):
            found = item.get(key)
            if found is None or (wanted[index] and found.text != wanted[index]):
                return False
            if not wanted[index] and found.data is None:
                return False
        if found is None:
            return False
    return True


def _first(source: Value | None, keys: Sequence[str], wanted: Sequence[str]) -> Value | None:
    if source is None:
        return None
    for item in source.data:
        if isinstance(item.data, dict) and all(
            (found := item.get(key)) is not None and found.text == text
            for key, text in zip(keys, wanted, strict=False)
        ):
            found_item: Value = item
            return found_item
    return None


def _without(items: list[Value], keys: Sequence[str], wanted: Sequence[str]) -> list[Value]:
    return [item for item in items if item.data not in (None, {}) and not _matches(item, keys, wanted)]


def _put(items: list[Value], new: Value, keys: Sequence[str], wanted: Sequence[str]) -> list[Value]:
    """The items with one in the place of those that match it, else at the end."""
    is_placed = False
    result: list[Value] = []
    for item in items:
        if item.data in (None, {}):
            continue
        if _matches(item, keys, wanted):
            is_placed = True
            result.append(new)
        else:
            result.append(item)
    return result if is_placed else [*result, new]


def _appended(items: list[Value], more: list[Value], keys: Sequence[str]) -> list[Value]:
    for item in more:
        wanted: list[str] = []
        for key in keys:
            found = item.get(key)
            if found is None or found.data is None:
                items.append(item)
            else:
                wanted.append(found.text)
        if len(keys) > 1:
            items = _without(items, keys, wanted)
        items = _put(items, item, keys, wanted)
    return items
