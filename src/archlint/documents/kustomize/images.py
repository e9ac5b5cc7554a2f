"""``images`` and ``replicas``: other versions of images, other numbers of replicas.

Source: kustomize's ``filters/imagetag``, ``internal/image`` and ``filters/replicacount``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from archlint.documents.kustomize.paths import Specs, apply
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.selectors import engine
from archlint.documents.kustomize.values import Origin, Value
from archlint.finding.regex import regex

_PLAIN_NAME = regex(r"[A-Za-z0-9_/:@-]*\Z")
_REST = r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?"
_REST_PATTERN = regex(rf"{_REST}\Z")


def set_images(resources: Resources, entries: Sequence[Value], specs: Specs) -> None:
    """Replace images wherever they are used, one after the other."""
    changes = [_Change(entry) for entry in entries]
    if not changes:
        return
    for item in resources:
        if item.kind == "CustomResourceDefinition":
            continue
        holders = list(_containers(item.root))
        for change in changes:
            for holder in holders:
                change.apply(holder, "image")
            for spec in specs.of(item.gvk):
                apply(item.root, spec, change.apply)


def _containers(value: Value) -> Iterator[dict[str, Value]]:
    """The containers of any object: the items of lists under ``containers`` and ``initContainers``."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if here.raw is not None and not _has_containers(here.raw):
            continue
        data = here.data
        if isinstance(data, list):
            waiting.extend(data)
        elif isinstance(data, dict):
            waiting.extend(data.values())
            for key in ("containers", "initContainers"):
                listed = data.get(key)
                if listed is not None and isinstance(listed.data, list):
                    for item in listed.data:
                        if isinstance(item.data, dict):
                            if "image" in item.data:
                                yield item.data
                        elif item.data is not None:
                            raise Refusal("A container must be a map.", item.origin)


def _has_containers(raw: Any) -> bool:
    """Whether there is such a list somewhere in plain data."""
    waiting = [raw]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if "containers" in here or "initContainers" in here:
                return True
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return False


class _Change:
    """What one entry of ``images`` says."""

    def __init__(self, entry: Value) -> None:
        self.said = {key: value for key, value in entry.data.items() if value.text}
        self.origin = entry.origin
        self._fits = is_image(self._get("name"), entry.origin)

    def _get(self, key: str) -> str:
        return self.said[key].text if key in self.said else ""

    def apply(self, holder: Any, key: Any) -> None:
        """Change an image if it is the one."""
        old = holder[key]
        if isinstance(old.data, (dict, list)):
            raise Refusal("An image must be a text.", old.origin)
        if old.data is None or not self._fits(old.text):
            return
        name, tag, digest = split_image(old.text)
        name = self._get("newName") or name
        if "newTag" in self.said or "digest" in self.said:
            tag, digest = self._get("newTag"), self._get("digest")
        elif "tagSuffix" in self.said:
            tag, digest = tag + self._get("tagSuffix"), ""
        text = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
        if text != old.text or len(self.said) > 1:
            holder[key] = Value(text, self._origin(old.origin))

    def _origin(self, old: Origin) -> Origin:
        """The field that says what changes most."""
        for key in ("newTag", "digest", "newName", "tagSuffix"):
            if key in self.said:
                found: Origin = self.said[key].origin
                return found
        return old


def is_image(name: str, origin: Origin) -> Callable[[str], bool]:
    """Tells whether an image is the one of a name, whatever its tag; the name may be a pattern."""
    if _PLAIN_NAME.match(name):
        return lambda text: text.startswith(name) and _REST_PATTERN.match(text, len(name)) is not None
    judge = engine(f"^{name}{_REST}$")
    if judge is None:
        raise Refusal(f"'{name}' cannot be the name of an image.", origin)
    return judge


def split_image(text: str) -> tuple[str, str, str]:
    """Name, tag and digest, as kustomize takes them apart."""
    slash = max(text.find("/"), 0)
    at = text.find("@", slash)
    colon = text.find(":", slash)
    if at < 0 and colon < 0:
        return text, "", ""
    if at >= 0 and (at < colon or colon < 0):
        return text[:at], "", text[at + 1 :]
    if at >= 0:
        return text[:colon], text[colon + 1 : at], text[at + 1 :]
    return text[:colon], text[colon + 1 :], ""


def set_replicas(resources: Resources, entry: Value, specs: Specs) -> None:
    """Set the number of replicas of the objects of a name."""
    named, count = entry.data.get("name"), entry.data.get("count")
    name = named.text if named is not None else ""
    value = Value(count.data if count is not None else 0, count.origin if count is not None else entry.origin)

    def setter(holder: Any, key: Any) -> None:
        if isinstance(holder[key].data, (dict, list)):
            raise Refusal("The number of replicas can only be set where a number stands.", holder[key].origin)
        holder[key] = value

    is_found = False
    for spec in specs:
        for item in resources:
            if any(known.name == name and known.gvk.is_selected(spec.gvk) for known in item.identities()):
                is_found = True
                if item.gvk.is_selected(spec.gvk):
                    apply(item.root, spec, setter, blank=int, origin=entry.origin)
    if not is_found:
        raise Refusal(
            f"No Deployment, StatefulSet, ReplicaSet or ReplicationController is called '{name}'.",
            entry.origin,
            Reason.MISSING,
        )
