"""Database servers, and how many connections each takes at once.

Sources: PostgreSQL, ``max_connections`` (100 by default); MySQL and MariaDB, ``max_connections`` (151);
CloudNativePG, ``spec.postgresql.parameters``; Zalando's operator, the same; Crunchy's operator,
``spec.patroni.dynamicConfiguration``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.mounted import mounted_files
from archlint.model.appconfig.placed import of_block
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.services import protocols
from archlint.model.services.applications import images_of
from archlint.model.world import World

_DEFAULTS = {"postgres": 100, "mysql": 151}
_OFFICIAL = frozenset({"postgres", "mysql", "mariadb", "postgis", "pgvector"})
"""Images that keep the default where nothing is said; others bring settings of their own."""
_ARGUMENT = regex(r"max[_-]connections\s{0,3}=\s{0,3}[\"']?([0-9]{1,9})(?![0-9])")
_SETTING = regex(r"(?m)^[ \t]{0,16}max_connections[ \t]{0,16}=?[ \t]{0,16}'?([0-9]{1,9})(?![0-9])")
_VARIABLES = frozenset({"POSTGRESQL_MAX_CONNECTIONS", "MYSQL_MAX_CONNECTIONS", "POSTGRES_MAX_CONNECTIONS"})
_POOLERS = ("bouncer", "pgcat", "odyssey", "proxysql", "pgpool", "maxscale")
_PARAMETERS = ("spec", "postgresql", "parameters")
_OPERATED: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("postgresql.cnpg.io", "Cluster"): (("-rw",), _PARAMETERS),
    ("acid.zalan.do", "postgresql"): (("",), _PARAMETERS),
    ("postgres-operator.crunchydata.com", "PostgresCluster"): (
        ("-primary", "-ha"),
        ("spec", "patroni", "dynamicConfiguration", "postgresql", "parameters"),
    ),
}
"""By group and kind: how the hosts of a cluster end that lead to its primary, and where parameters are."""


@dataclass(frozen=True)
class DatabaseServer(ObjectFacet):
    """A database server whose limit of connections is known."""

    limit: int
    place: Place | None
    """Where the limit is said; ``None`` where it is the default."""
    workload: Workload | None
    """What runs it; ``None`` where an operator does."""
    hosts: tuple[str, ...] = ()
    """The hosts of what an operator runs."""
    protocol: str = "postgres"
    """``postgres`` or ``mysql``; what operators here run is the former."""

    @classmethod
    def all(cls, world: World) -> Iterable[DatabaseServer]:
        """Every server of a workload, then those of operators."""
        files = _limits_in_files(world)
        for workload in world.all(Workload):
            server = _of_workload(workload, files.get(id(workload), []))
            if server is not None:
                yield server
        for base in world.all(KubernetesObject):
            if (base.group, base.kind) in _OPERATED and base.name:
                yield from _of_operator(base)


_Said = tuple[int, Place]


def _of_workload(workload: Workload, in_files: list[_Said]) -> DatabaseServer | None:
    if workload.kind in ("Job", "CronJob") or not workload.name:
        return None
    images = [image.rpartition("/")[2] for image in images_of(workload)]
    if any(pooler in image for image in images for pooler in _POOLERS):
        return None
    main = [item for item in workload.containers if item.role == "main"]
    speaking = {protocols.of_image(item.get("image").text or "") for item in main}
    protocol = next((name for name in _DEFAULTS if name in speaking), None)
    if protocol is None:
        return None
    said = [found for item in main for key in ("command", "args") for found in _in_arguments(item.get(key))]
    said += [found for item in main for found in _in_variables(item.get("env"))] + in_files
    if len({number for number, _ in said}) == 1:
        return DatabaseServer(workload.base, *said[0], workload, protocol=protocol)
    is_plain = not said and not any(_is_configured(item.node) for item in main)
    if is_plain and not _takes_files(workload) and _OFFICIAL.issuperset(images):
        return DatabaseServer(workload.base, _DEFAULTS[protocol], None, workload, protocol=protocol)
    return None


def _in_arguments(arguments: Node) -> Iterator[_Said]:
    for node in arguments.elements():
        for match in _ARGUMENT.finditer((node.text or "")[:4096]):
            yield int(match[1]), node.value_place()


def _in_variables(variables: Node) -> Iterator[_Said]:
    for entry in variables.elements():
        text = entry.get("value").text or ""
        if entry.get("name").text in _VARIABLES and text.isascii() and text.isdecimal() and len(text) < 10:
            yield int(text), entry.get("value").value_place()


def _is_configured(container: Node) -> bool:
    return any(container.get(key).is_set for key in ("command", "args", "envFrom"))


def _takes_files(workload: Workload) -> bool:
    """Whether files from elsewhere may hold settings: ConfigMaps, Secrets, what containers share."""
    kinds = ("configMap", "secret", "projected", "hostPath")
    volumes = workload.pod_spec.get("volumes").elements()
    return any(volume.get(kind).is_set for volume in volumes for kind in kinds)


def _limits_in_files(world: World) -> dict[int, list[_Said]]:
    """The limits in files that workloads mount, by workload."""
    found: dict[int, list[_Said]] = {}
    for item in world.fact(mounted_files):
        if "max_connections" not in (item.node.text or "") or item.name.endswith((".sql", ".sh")):
            continue
        text = of_block(item.node)
        for match in _SETTING.finditer(text.text) if text is not None else ():
            place = text.place(match.start(1), match.end(1)) if text is not None else item.node.value_place()
            found.setdefault(id(item.workload), []).append((int(match[1]), place))
    return found


def _of_operator(base: KubernetesObject) -> Iterator[DatabaseServer]:
    endings, way = _OPERATED[base.group, base.kind]
    node = base.get(*way, "max_connections")
    hosts = tuple(f"{base.name}{ending}" for ending in endings)
    text = str(node.integer) if node.integer is not None else node.text
    if text is not None and text.isascii() and text.isdecimal() and len(text) < 10:
        yield DatabaseServer(base, int(text), node.value_place(), None, hosts)
    elif not node.is_set and base.kind == "Cluster" and base.get("spec").is_map:
        yield DatabaseServer(base, _DEFAULTS["postgres"], None, None, hosts)
