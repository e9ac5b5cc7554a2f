"""What the folders of a collection of Bruno and its environments say for the requests in them.

``bruno.json`` or ``opencollection.yml`` marks the collection; ``collection.bru`` and ``folder.bru`` (in YAML
``opencollection.yml`` and ``folder.yml``) have headers, auth, variables and scripts, ``environments`` values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from posixpath import dirname

from archlint.documents import Node
from archlint.finding.records import dataclass, replace
from archlint.model.evidence.around import Around, beside, folders_above
from archlint.model.evidence.auth import INHERITED, Auth
from archlint.model.evidence.bru_blocks import NO_BLOCK, auth_of, blocks_of
from archlint.model.evidence.environments import layered, set_by_scripts
from archlint.model.evidence.exchange import OPEN
from archlint.model.evidence.files import EvidenceFile, EvidenceProblem

_MARKS = ("bruno.json", "opencollection.yml", "opencollection.yaml", "collection.bru")
_OF_FOLDERS = ("folder.bru", "folder.yml", "folder.yaml")
_OF_ROOTS = ("collection.bru", "opencollection.yml", "opencollection.yaml")


@dataclass(frozen=True, slots=True)
class Said:
    """What a folder says, or all of them together."""

    headers: tuple[tuple[str, str], ...] = ()
    auth: Auth = Auth()
    values: Mapping[str, str] = field(default_factory=dict)
    is_scripted: bool = False
    """Whether a script runs before each request."""
    set_later: Mapping[str, str] = field(default_factory=dict)
    """Variables whose values scripts set, so that they are open."""

    def headers_without(self, names: set[str]) -> Iterator[tuple[str, str]]:
        """Its headers, but for some that a request has itself."""
        own = {name.lower() for name in names}
        yield from ((name, value) for name, value in self.headers if name.lower() not in own)

    def inside(self, above: Said) -> Said:
        """What both say for a request in it."""
        mine = {name for name, _ in self.headers}
        return Said(
            headers=(*self.headers, *above.headers_without(mine)),
            auth=above.auth if self.auth.kind in ("", INHERITED) else self.auth,
            values={**above.values, **self.values},
            is_scripted=self.is_scripted or above.is_scripted,
            set_later={**above.set_later, **self.set_later},
        )


def said_above(path: str, around: Around) -> Said:
    """What is said for the request in a file."""
    folders = folders_above(path)
    root = next((at for at, each in enumerate(folders) if _first(each, _MARKS, around) is not None), None)
    if root is None:
        return Said()
    said = around.once(_of_collection, folders[root])
    for folder in reversed(folders[:root]):
        found = _first(folder, _OF_FOLDERS, around)
        said = said if found is None else found.inside(said)
    return said


def _of_collection(folder: str, around: Around) -> Said:
    whole = _first(folder, _OF_ROOTS, around) or Said()
    values = layered(whole.values, list(_environments(folder, around)))
    scripts = (text for _, text in around.below(folder, ".bru", ".yml", ".yaml"))
    return replace(whole, values=values, set_later=set_by_scripts(scripts))


def _first(folder: str, names: Sequence[str], around: Around) -> Said | None:
    """What the first file of some names says."""
    for name in names:
        path = beside(folder, name)
        text = around.text(path)
        if text is not None:
            return _of_file(path, text)
    return None


def _of_file(path: str, text: str) -> Said:
    if path.endswith(".bru"):
        blocks = blocks_of(text)
        mode = blocks.get("auth", NO_BLOCK).values().get("mode", "")
        return Said(
            headers=tuple((name, value) for name, value, _ in blocks.get("headers", NO_BLOCK).pairs()),
            auth=auth_of(mode, blocks),
            values=blocks.get("vars:pre-request", NO_BLOCK).values(),
            is_scripted="script:pre-request" in blocks,
        )
    root = None if path.endswith(".json") else _root_of(path, text)
    return Said() if root is None else said_by(root.get("request"))


def said_by(request: Node) -> Said:
    """What the defaults of a folder in YAML say."""
    return Said(
        headers=tuple((name, value) for name, value, _ in pairs_in(request.get("headers"))),
        auth=auth_in(request.get("auth")),
        values=values_in(request.get("variables")),
        is_scripted=is_scripted(request.get("scripts")),
    )


def pairs_in(listed: Node, kind: str | None = None) -> list[tuple[str, str, Node]]:
    """Names and values of a list in YAML, without those that are switched off; of one type, if named."""
    return [
        (item.get("name").text or "", text_in(item.get("value")), item)
        for item in listed.elements()
        if item.get("name").text
        and item.get("disabled").value is not True
        and item.get("enabled").value is not False
        and (kind is None or item.get("type").text == kind)
    ]


def values_in(listed: Node) -> dict[str, str]:
    """The values of variables in YAML; those without one are open."""
    return {name: value or OPEN for name, value, _ in pairs_in(listed)}


def text_in(node: Node) -> str:
    """A text, number or boolean as it is sent; empty for anything else."""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value) if isinstance(node.value, (str, int, float)) else ""


def auth_in(node: Node) -> Auth:
    """An auth helper in YAML: a word, or a map."""
    if node.text is not None:
        return Auth(node.text)
    placement = node.get("placement").text
    kind, key = node.get("type").text or "", node.get("key").text or ""
    return Auth(kind, key, placement in ("query", "queryparams"))


def is_scripted(listed: Node) -> bool:
    """Whether one of some scripts in YAML runs before a request."""
    kinds = [item.get("type").text for item in listed.elements()]
    return "before-request" in kinds or listed.get("preRequest").exists


def _environments(folder: str, around: Around) -> Iterator[Mapping[str, str]]:
    home = beside(folder, "environments")
    for path, text in around.below(home, ".bru", ".yml", ".yaml"):
        if dirname(path) != home:
            continue
        if path.lower().endswith(".bru"):
            yield blocks_of(text).get("vars", NO_BLOCK).values()
        else:
            root = _root_of(path, text)
            yield values_in(root.get("variables")) if root else {}


def _root_of(path: str, text: str) -> Node | None:
    """The data of a file in YAML; of a broken one nothing."""
    try:
        document = EvidenceFile(path, text).document
    except EvidenceProblem:
        return None
    return None if document is None else document.root
