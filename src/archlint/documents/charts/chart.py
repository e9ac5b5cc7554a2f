"""A chart as it is handed over to be rendered: its files by name, where each comes from, and its
dependencies.

Only files of the repository are read, and never through links. Left out are schemas of values (whoever
renders would open what their ``$ref`` names), READMEs and the like where no template asks for files, and
what ``.helmignore`` names. Packed dependencies are unpacked here; those that ``file://`` names are taken
from their folder inside of the repository; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import cached_property
from posixpath import basename, dirname, normpath

from archlint.documents.charts.archives import ArchiveProblem, unpacked
from archlint.documents.charts.versions import satisfies
from archlint.documents.document import Document
from archlint.documents.load import Loaded, load_text
from archlint.documents.node import Node
from archlint.files import FileProblem, FileTree, Kind, TextProblem, decode
from archlint.files.globs import Exclusion
from archlint.files.kinds import is_test_values
from archlint.finding.records import dataclass

CHART_FILE = "Chart.yaml"
VALUES_FILE = "values.yaml"
SCHEMA_FILE = "values.schema.json"
_REQUIREMENTS = "requirements.yaml"
_MOST_BYTES = 30_000_000
_MOST_FILES = 5000
_DEEPEST = 6
"""Charts within charts."""
_LARGEST = 5_000_000
"""Bytes of a file that Helm takes."""


class ChartProblem(Exception):
    """A chart that is not read; the text says why."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A dependency that is not in the repository."""

    name: str
    node: Node
    reason: str


@dataclass(slots=True)
class Chart:
    """A chart with all charts in it."""

    folder: str
    name: str
    is_library: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    """Contents by name below the chart, such as ``charts/db/templates/a.yaml``."""
    paths: dict[str, str] = field(default_factory=dict)
    """The path in the repository of each such file; packed files have none."""
    documents: dict[str, Document] = field(default_factory=dict)
    """``Chart.yaml`` and values of the chart and the charts in it, by name."""
    packed: dict[str, Node] = field(default_factory=dict)
    """What of ``Chart.yaml`` stands for a chart in an archive, by its folder below the chart."""
    missing: list[Missing] = field(default_factory=list)
    size: int = 0
    """Bytes of all files."""
    _called: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def top(self) -> Document:
        """``Chart.yaml``."""
        return self.documents[CHART_FILE]

    def templates(self) -> Iterator[str]:
        """The names of its templates, subcharts' too."""
        for name in self.files:
            if _is_template(name):
                yield name

    def subcharts(self, inside: str = "") -> list[str]:
        """The folders of the charts that are directly in one of it."""
        prefix = f"{inside}/charts/" if inside else "charts/"
        found = {name[len(prefix) :].partition("/")[0] for name in self.files if name.startswith(prefix)}
        return sorted(f"{prefix}{each}" for each in found if f"{prefix}{each}/{CHART_FILE}" in self.files)

    def way_to(self, rendered: str) -> list[tuple[str, str]]:
        """The charts on the way to a template, the outermost first: what each is called, and its folder.

        Helm calls a chart in a chart by its alias or its name, whatever its folder is called.
        """
        way: list[tuple[str, str]] = []
        inside = ""
        while rendered.startswith("charts/"):
            called, _, rendered = rendered.removeprefix("charts/").partition("/")
            folder = self.charts_in(inside).get(called)
            if folder is None:
                break
            way.append((called, folder))
            inside = folder
        return way

    def written(self, rendered: str) -> str:
        """The file of a template, by what Helm calls that."""
        way = self.way_to(rendered)
        if not way:
            return rendered
        rest = rendered
        for _ in way:
            rest = rest.removeprefix("charts/").partition("/")[2]
        return f"{way[-1][1]}/{rest}"

    def charts_in(self, inside: str) -> dict[str, str]:
        """The folders of the charts directly in one, by all that Helm calls them."""
        if inside not in self._called:
            named = {_name_of(self, folder): folder for folder in self.subcharts(inside)}
            aliases = {
                alias: named[name]
                for node in _dependencies(self, inside)
                if (alias := node.get("alias").text) and (name := node.get("name").text) in named
            }
            self._called[inside] = {**named, **aliases}
        return self._called[inside]


def _is_template(name: str) -> bool:
    """Whether a file of a chart, or of one in it, is a template."""
    while name.startswith("charts/"):
        name = name.partition("/")[2].partition("/")[2]
    return name.startswith("templates/")


class Charts:
    """The charts of a tree."""

    def __init__(self, tree: FileTree, paths: Sequence[str], read: Callable[[str], Loaded]) -> None:
        """``paths`` are the files that may be part of charts; ``read`` gives the documents that have been
        read already."""
        self._tree = tree
        self._paths = paths
        self._read = read
        self._by_folder: dict[str, list[str]] | None = None
        self._folders = {dirname(path) for path in paths if basename(path) == CHART_FILE}

    def chart(self, folder: str) -> Chart:
        """The chart in a folder; raises ``ChartProblem``."""
        top = self.document(f"{folder}/{CHART_FILE}" if folder else CHART_FILE)
        if top is None or not top.root.is_map:
            raise ChartProblem(f"{CHART_FILE} cannot be read")
        chart = Chart(folder, top.root.get("name").text or "", top.root.get("type").text == "library")
        self._take(chart, folder, "", ())
        if any(b".Files" in chart.files[name] for name in chart.templates()):
            self._take_others(chart)
        return chart

    def of_ci(self, folder: str) -> list[str]:
        """The files of values that a chart is tested with, as chart-testing has them."""
        ci = f"{folder}/ci" if folder else "ci"
        return [path for path in self._below(folder, "ci/") if dirname(path) == ci and is_test_values(path)]

    def says_something(self, path: str) -> bool:
        """Whether a file has more than comments."""
        content = self._content(path)
        lines = [] if content is None else content.decode("utf-8", "replace").splitlines()
        return any(line.strip() and not line.lstrip().startswith(("#", "---")) for line in lines)

    def document(self, path: str) -> Document | None:
        """The first document of a file."""
        loaded = self._read(path)
        if not loaded.documents and not loaded.problems:
            content = self._content(path)
            if content is None:
                return None
            try:
                loaded = load_text(path, decode(content), Kind.CHART_VALUES, revision=self._tree.revision)
            except TextProblem:
                return None
        return loaded.documents[0] if loaded.documents and not loaded.problems else None

    def _take(self, chart: Chart, folder: str, inside: str, around: Sequence[str]) -> None:
        """Take a chart's folder into a chart, below ``inside``."""
        if len(around) > _DEEPEST or folder in around:
            raise ChartProblem("its dependencies take in each other")
        prefix = f"{folder}/" if folder else ""
        home = f"{inside}/" if inside else ""
        own = list(self._own(folder))
        for path in own:
            name = path[len(prefix) :]
            if name in (CHART_FILE, VALUES_FILE, _REQUIREMENTS, "Chart.lock") or name.startswith(
                "templates/"
            ):
                self._add(chart, f"{home}{name}", path)
        for name in (CHART_FILE, VALUES_FILE, _REQUIREMENTS):
            if f"{home}{name}" in chart.files:
                document = self.document(f"{prefix}{name}")
                if document is not None:
                    chart.documents[f"{home}{name}"] = document
        self._take_charts(chart, folder, inside, (*around, folder))

    def _take_charts(self, chart: Chart, folder: str, inside: str, around: Sequence[str]) -> None:
        prefix = f"{folder}/charts/" if folder else "charts/"
        home = f"{inside}/charts/" if inside else "charts/"
        listed = self._below(folder, "charts/")
        for path in listed:
            name = path[len(prefix) :]
            if "/" not in name and name.endswith(".tgz"):
                self._unpack(chart, inside, path, f"{home}{name}")
        names = sorted(
            {path[len(prefix) :].partition("/")[0] for path in listed if "/" in path[len(prefix) :]}
        )
        for name in names:
            if f"{prefix}{name}" in self._folders and not name.startswith(("_", ".")):
                self._take(chart, f"{prefix}{name}", f"{home}{name}", around)
        for node in _dependencies(chart, inside):
            self._take_dependency(chart, folder, inside, node, around)

    def _take_dependency(
        self, chart: Chart, folder: str, inside: str, node: Node, around: Sequence[str]
    ) -> None:
        """See that a dependency is there, or take it from where ``file://`` says."""
        name = node.get("name").text
        if not name or any(_name_of(chart, each) == name for each in chart.subcharts(inside)):
            return
        repository = node.get("repository").text or ""
        target: str | None = None
        if repository.startswith("file://"):
            path = normpath(f"{folder or '.'}/{repository[len('file://') :]}")
            target = "" if path == "." else path
        else:
            target = self._neighbour(name, node.get("version").text or "", around)
        if target is None or target not in self._folders:
            where = (
                f"which is not at {repository}"
                if target is not None
                else f"of {repository or 'no repository'}"
            )
            chart.missing.append(Missing(name, node, f"'{name}' {where}"))
            return
        self._take(chart, target, f"{inside}/charts/{name}" if inside else f"charts/{name}", around)

    def _neighbour(self, name: str, constraint: str, around: Sequence[str]) -> str | None:
        """The one chart of the repository with a name and a version that fits, as where charts are
        published from."""
        found = [
            folder
            for folder in self._named.get(name, ())
            if folder not in around and "charts" not in folder.split("/")[:-2]
        ]
        if len(found) != 1:
            return None
        top = self.document(f"{found[0]}/{CHART_FILE}" if found[0] else CHART_FILE)
        version = top.root.get("version").text if top is not None else None
        return found[0] if version and satisfies(version, constraint) else None

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """The folders of charts by the charts' names."""
        found: dict[str, list[str]] = {}
        for folder in sorted(self._folders):
            top = self.document(f"{folder}/{CHART_FILE}" if folder else CHART_FILE)
            name = top.root.get("name").text if top is not None else None
            if name:
                found.setdefault(name, []).append(folder)
        return found

    def _unpack(self, chart: Chart, inside: str, path: str, name: str) -> None:
        """Take in a packed chart, without the schemas of values in it."""
        content = self._content(path)
        try:
            files = unpacked(content) if content is not None else {}
        except ArchiveProblem as problem:
            raise ChartProblem(f"{path} is not read: {problem}") from None
        folder = name.removesuffix(".tgz")
        for each, data in files.items():
            if basename(each) != SCHEMA_FILE:
                self._put(chart, f"{folder}/{each}", data)
        named = (
            node
            for node in _dependencies(chart, inside)
            if basename(name).startswith(f"{node.get('name').text}-")
        )
        chart.packed[folder] = next(named, chart.top.root)

    def _take_others(self, chart: Chart) -> None:
        """Files that templates may read with ``.Files``."""
        homes = {
            dirname(name): dirname(path) for name, path in chart.paths.items() if basename(name) == CHART_FILE
        }
        for home, folder in homes.items():
            start = len(folder) + 1 if folder else 0
            for path in self._own(folder):
                name = path[start:]
                if not name.startswith(("templates/", "charts/")) and basename(name) != SCHEMA_FILE:
                    full = f"{home}/{name}" if home else name
                    if full not in chart.files:
                        self._add(chart, full, path)

    def _own(self, folder: str) -> Iterator[str]:
        """The files of a chart's folder, without those of the charts in it."""
        start = len(folder) + 1 if folder else 0
        ignored = self._ignored(folder)
        for path in self._below(folder, ""):
            name = path[start:]
            if not name.startswith("charts/") and not ignored.excludes_file(name, ""):
                yield path

    def _ignored(self, folder: str) -> Exclusion:
        content = self._content(f"{folder}/.helmignore" if folder else ".helmignore")
        lines = [] if content is None else content.decode("utf-8", "replace").splitlines()[:1000]
        wanted = (line for line in lines if line.strip() and not line.startswith("#") and "**" not in line)
        return Exclusion([*wanted, "templates/.?*"])

    def _below(self, folder: str, part: str) -> list[str]:
        """The files below a folder of a chart, by path."""
        if self._by_folder is None:
            self._by_folder = {each: [] for each in self._folders}
            for path in self._paths:
                for above in _above(path):
                    if above in self._by_folder:
                        self._by_folder[above].append(path)
        start = f"{folder}/{part}" if folder else part
        return [path for path in self._by_folder.get(folder, ()) if path.startswith(start)]

    def _add(self, chart: Chart, name: str, path: str) -> None:
        content = self._content(path)
        if content is not None and len(content) <= _LARGEST:
            self._put(chart, name, content)
            chart.paths[name] = path

    def _put(self, chart: Chart, name: str, content: bytes) -> None:
        chart.files[name] = content
        chart.size += len(content)
        if len(chart.files) > _MOST_FILES or chart.size > _MOST_BYTES:
            raise ChartProblem("it has more files than archlint hands over (5,000 with 30 MB)")

    def _content(self, path: str) -> bytes | None:
        try:
            return self._tree.read(path)
        except (FileProblem, OSError, ValueError):
            return None


def _above(path: str) -> Iterator[str]:
    folder = dirname(path)
    while folder:
        yield folder
        folder = dirname(folder)
    yield ""


def _dependencies(chart: Chart, inside: str) -> Iterator[Node]:
    home = f"{inside}/" if inside else ""
    for name in (CHART_FILE, _REQUIREMENTS):
        root = _root_of(chart, f"{home}{name}")
        if root is not None:
            yield from root.get("dependencies").elements()


def _name_of(chart: Chart, folder: str) -> str:
    root = _root_of(chart, f"{folder}/{CHART_FILE}")
    return (root.get("name").text if root is not None else None) or basename(folder)


def _root_of(chart: Chart, name: str) -> Node | None:
    """What a file of a chart says, also of one in an archive."""
    document = chart.documents.get(name)
    if document is not None:
        return document.root
    if name not in chart.files:
        return None
    loaded = load_text(name, chart.files[name].decode("utf-8", "replace"), Kind.CHART)
    return loaded.documents[0].root if loaded.documents else None
