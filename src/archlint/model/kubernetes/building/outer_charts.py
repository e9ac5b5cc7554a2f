"""Charts that take in another one by ``file://``: its templates may use what theirs define, as Helm puts all
of them together. By itself such a chart is not for rendering.
"""

from __future__ import annotations

from collections import defaultdict
from posixpath import dirname, normpath

from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.world import World

_SCHEME = "file://"
_NO_TEMPLATE = regex(r'no template "([^"]{1,200})"')
_DEFINES = regex(r"""\{\{-?[ \t]*define[ \t]+["`]([^"`\n]{1,200})["`]""")


def is_of_outer_chart(message: str, folder: str, world: World) -> bool:
    """Whether a chart in a folder is refused for want of a template that a chart around it defines."""
    wanted = _NO_TEMPLATE.search(message)
    if wanted is None:
        return False
    waiting, seen = [folder], {folder}
    while waiting:
        for outer in world.fact(_outer).get(waiting.pop(), frozenset()) - seen:
            if wanted[1] in world.fact(_defined).get(outer, ()):
                return True
            seen.add(outer)
            waiting.append(outer)
    return False


def _outer(world: World) -> dict[str, frozenset[str]]:
    """The folders of the charts that take in the one in a folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for document in world.documents(Kind.CHART):
        home = dirname(document.path)
        for node in document.root.get("dependencies").elements():
            repository = node.get("repository").text or ""
            if repository.startswith(_SCHEME):
                path = normpath(f"{home or '.'}/{repository[len(_SCHEME) :]}")
                found["" if path == "." else path].add(home)
    return {folder: frozenset(outer) for folder, outer in found.items()}


def _defined(world: World) -> dict[str, set[str]]:
    """The names that the templates of each chart define, by its folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in world.paths(Kind.CHART_TEMPLATE):
        folder, inside, _ = f"/{path}".rpartition("/templates/")
        if inside:
            found[folder.lstrip("/")].update(_DEFINES.findall(world.text(path) or ""))
    return dict(found)
