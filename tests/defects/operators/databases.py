"""Databases that are asked for more than they have, that nobody saves, or that forget."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import is_patched, manifests
from tests.metamorphic.repositories import Files

_DEPLOYMENT = re.compile(
    r"(?ms)^kind: (?:Deployment|StatefulSet)\nmetadata:\n  name: (?P<name>[\w-]+)\n.*?(?=^---|\Z)"
)
_ENV = re.compile(r"(?m)^          env:\n")
_URL = re.compile(r"value: (?P<scheme>postgres://\w+@)(?P<host>[a-z-]+)(?P<rest>\.[\w.:/-]+)\n")
_IMAGE = re.compile(r"(?m)^          image: \S*/postgres:\S+\n")
_NAMES = (
    ("DB_POOL_SIZE", 40),
    ("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", 50),
    ("SQLALCHEMY_POOL_SIZE", 60),
    ("DB_MAX_OPEN_CONNS", 70),
)
_LIMIT = 30


def _blocks(files: Files) -> Iterator[tuple[str, re.Match[str]]]:
    for path, text in sorted(files.items()):
        if path.endswith(".yaml") and "/templates/" not in path:
            for block in _DEPLOYMENT.finditer(text):
                yield path, block


def _servers(files: Files) -> dict[str, tuple[str, int]]:
    """Each database in the cluster, with the file and where the line after its image begins."""
    return {
        block["name"]: (path, block.start() + image.end())
        for path, block in _blocks(files)
        if (image := _IMAGE.search(block[0]))
    }


def _clients(files: Files) -> Iterator[tuple[str, re.Match[str], re.Match[str], tuple[str, int]]]:
    """Each service with its database: path, manifest, URL, and where the database is."""
    servers = _servers(files)
    for path, block in _blocks(files):
        for url in _URL.finditer(block[0]):
            if url["host"] in servers:
                yield path, block, url, servers[url["host"]]


def _limited(files: Files, server: tuple[str, int], limit: int) -> tuple[dict[str, str], Line]:
    """The repository with a limit of connections in a database's arguments, and the line of it."""
    path, at = server
    text = files[path]
    entry = f"          args: [-c, shared_buffers=256MB, -c, max_connections={limit}]\n"
    return edited(files, path, text[:at] + entry + text[at:]), (path, line_of(text, at))


def _line(files: Files, path: str, block: re.Match[str], text: str) -> Line:
    return (path, line_of(files[path], files[path].index(text, block.start())))


@seeds("database-connections-exceeded")
def pools_above_the_limit(files: Files) -> Iterator[Defect]:
    """A variable with the size of a pool, which is more than the database's arguments allow."""
    for path, block, url, server in _clients(files):
        for name, size in _NAMES:
            changed, limit = _limited(files, server, _LIMIT)
            start = block.start() + next(_ENV.finditer(block[0])).end()
            entry = f'            - name: {name}\n              value: "{size}"\n'
            text = changed[path]
            changed = edited(changed, path, text[:start] + entry + text[start:])
            pool = _line(changed, path, block, f'value: "{size}"')
            both = frozenset({pool, limit})
            yield Defect(f"{block['name']} opens {size} of {url['host']}", changed, both, both)


@seeds("database-connections-exceeded")
def pools_in_the_address(files: Files) -> Iterator[Defect]:
    """A URL with the size of a pool, and the limit in a file of settings that the database mounts."""
    for path, block, url, (home, at) in _clients(files):
        for key, size in (("pool_max_conns", 200), ("pool_max_conns", 120), ("connection_limit", 150)):
            start = block.start() + url.end("rest")
            text = files[path]
            changed = edited(files, path, f"{text[:start]}?{key}={size}{text[start:]}")
            pool = (path, line_of(text, start))
            host = url["host"]
            settings = f"deploy/kubernetes/{host}-settings.yaml"
            changed[settings] = (
                f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {host}-settings\n"
                "  namespace: shop-data\ndata:\n  postgresql.conf: |\n    listen_addresses = '*'\n"
                f"    max_connections = {_LIMIT}\n"
            )
            volume = "      volumes:\n"
            where = changed[home].index(volume, at) + len(volume)
            entry = f"        - name: settings\n          configMap: {{name: {host}-settings}}\n"
            changed = edited(changed, home, changed[home][:where] + entry + changed[home][where:])
            both = frozenset({pool, (settings, 9)})
            yield Defect(f"{block['name']} opens {size} of {host} by its address", changed, both, both)


@seeds("database-on-scratch-volume")
def database_without_a_claim(files: Files) -> Iterator[Defect]:
    """A database whose data lies in a volume that goes with the pod."""
    claims = re.compile(r"(?ms)^  volumeClaimTemplates:\n(?:    .*\n|  .*?\n)*?(?=^---|\Z)")
    for path, block in _blocks(files):
        claim = claims.search(block[0])
        if claim is None or not _IMAGE.search(block[0]):
            continue
        for medium in ("{}", "{sizeLimit: 2Gi}", "{sizeLimit: 10Gi}", "{medium: Memory}"):
            whole = block[0][: claim.start()] + block[0][claim.end() :]
            entry = f"      volumes:\n        - name: data\n          emptyDir: {medium}\n"
            whole = whole.replace("      volumes:\n", entry)
            text = files[path]
            changed = edited(files, path, text[: block.start()] + whole + text[block.end() :])
            place = _line(changed, path, block, f"emptyDir: {medium}")
            lines = frozenset({place, (path, place[1] - 1)})
            yield Defect(f"{block['name']} on emptyDir {medium}", changed, lines)


@seeds("database-on-scratch-volume")
def database_without_a_volume(files: Files) -> Iterator[Defect]:
    """A database that keeps its data in the image, as nothing is mounted where it writes."""
    mount = re.compile(r"            - name: data\n              mountPath: \S+\n")
    for path, block in _blocks(files):
        if not _IMAGE.search(block[0]) or not mount.search(block[0]):
            continue
        for directory in ("/data", "/backup", "/tmp/data", "/var/lib/postgresql-old"):
            whole = mount.sub(f"            - name: data\n              mountPath: {directory}\n", block[0])
            text = files[path]
            changed = edited(files, path, text[: block.start()] + whole + text[block.end() :])
            image = _line(changed, path, block, "image: ")
            yield Defect(
                f"{block['name']} mounts its volume at {directory}",
                changed,
                frozenset((path, image[1] + offset) for offset in range(-2, 60)),
            )


def _with_claim(text: str, name: str, namespace: str | None) -> tuple[str, range]:
    """A file with a claim for a volume of one node at its end, and the lines of that."""
    above = text.rstrip("\n") + "\n---\n"
    claim = f"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {name}\n"
    claim += f"  namespace: {namespace}\n" if namespace else ""
    claim += "spec:\n  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n"
    first = above.count("\n") + 1
    return above + claim, range(first, first + claim.count("\n"))


@seeds("volume-claim-of-one-pod")
def replicas_of_one_claim(files: Files) -> Iterator[Defect]:
    """A Deployment of several pods that mount one volume of one node."""
    for path, block in _blocks(files):
        if not block[0].startswith("kind: Deployment") or is_patched(files, path):
            continue
        for replicas in (2, 3, 4, 5):
            whole = re.sub(r"(?m)^  replicas: \d+\n", "", block[0])
            whole = whole.replace("\nspec:\n", f"\nspec:\n  replicas: {replicas}\n", 1)
            if "\n  strategy:" in whole:
                continue  # it would be said twice
            pod = "      containers:\n"
            if "      volumes:\n" in whole or pod not in whole:
                continue
            taken = f"persistentVolumeClaim: {{claimName: {block['name']}}}"
            entry = f"      volumes:\n        - name: data\n          {taken}\n"
            whole = whole.replace(pod, entry + pod, 1)
            text = files[path]
            changed = edited(files, path, text[: block.start()] + whole + text[block.end() :])
            namespace = re.search(r"(?m)^  namespace: ([\w-]+)$", block[0])
            changed[path], claim = _with_claim(changed[path], block["name"], namespace and namespace[1])
            said = _line(changed, path, block, f"  replicas: {replicas}")
            used = _line(changed, path, block, "persistentVolumeClaim")
            scaled = {
                each.at("maxReplicas: ")
                for each in manifests(changed, "HorizontalPodAutoscaler")
                if each.namespace == (namespace and namespace[1])
                and each.data["spec"]["scaleTargetRef"]["name"] == block["name"]
            }  # where an autoscaler has the word, it is what is mended
            yield Defect(
                f"{replicas} pods of {block['name']} mount one claim",
                changed,
                frozenset({said, used, *scaled}),
                frozenset((path, number) for number in claim),
            )


_SCHEDULE = re.compile(r"(?m)^kind: Schedule\n")


def _unsaved(files: Files, what: str, changed: Files, names: set[str]) -> Iterator[Defect]:
    """A defect for each database that is no longer saved."""
    for path, block in _blocks(files):
        if block["name"] in names:
            line = line_of(files[path], block.start())
            place = frozenset((path, line + offset) for offset in range(4))
            yield Defect(f"{block['name']}: {what}", changed, place)


@seeds("database-without-backup")
def no_longer_saved(files: Files) -> Iterator[Defect]:
    """A schedule of backups that leaves out the namespace of the databases, or does nothing."""
    stores = set(_servers(files))
    home = next((path for path, text in sorted(files.items()) if _SCHEDULE.search(text)), None)
    if home is None:
        return
    text = files[home]
    chosen = "    includedNamespaces: [shop-data]\n"
    for what, new in (
        ("another namespace", "    includedNamespaces: [shop]\n"),
        ("all but its namespace", "    excludedNamespaces: [shop-data, kube-system]\n"),
        ("only what is labelled", f"{chosen}    labelSelector: {{matchLabels: {{tier: front}}}}\n"),
        ("only ConfigMaps", f"{chosen}    includedResources: [configmaps, secrets]\n"),
        ("no volumes", f"{chosen}    excludedResources: [persistentvolumeclaims, persistentvolumes, pods]\n"),
    ):
        yield from _unsaved(files, what, edited(files, home, text.replace(chosen, new)), stores)
    paused = edited(files, home, text.replace("\nspec:\n", "\nspec:\n  paused: true\n"))
    yield from _unsaved(files, "paused", paused, stores)
    gone = {path: each for path, each in files.items() if path != home}
    yield from _unsaved(files, "gone", gone, stores)
    for store in sorted(stores):
        dumps = {**gone, "deploy/jobs/dump.yaml": _dump(store)}
        yield from _unsaved(files, f"only {store} is dumped", dumps, stores - {store})


def _dump(store: str) -> str:
    return (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: dump, namespace: shop-data}\nspec:\n"
        '  schedule: "5 3 * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n'
        "          restartPolicy: OnFailure\n          containers:\n            - name: dump\n"
        f"              image: shop/dump:1.0.0\n              args: [pg_dump, -h, {store}, -f, /backup/all]\n"
    )


@seeds("rollout-waits-for-volume")
def claim_of_a_rolling_deployment(files: Files) -> Iterator[Defect]:
    """A Deployment of one pod that is rolled out with the volume of one node."""
    for defect in replicas_of_one_claim(files):
        path, _ = min(defect.other_sides)
        text = defect.files[path]
        is_scaled = {home for home, _ in defect.places} != {path} or "/kustomize/" in path
        is_scaled = is_scaled or "kind: HorizontalPodAutoscaler" in text
        if not defect.what.startswith("2 ") or is_scaled:
            continue
        for said in (
            "",
            "  strategy:\n    type: RollingUpdate\n",
            "  strategy: {type: RollingUpdate}\n",
            "  strategy: {rollingUpdate: {maxSurge: 1}}\n",
        ):
            for replicas in ("", "  replicas: 1\n"):
                at = text.rindex("\nspec:\n", 0, text.index("claimName: "))
                block = text[at:].replace("  replicas: 2\n", replicas + said, 1)
                changed, first = text[:at] + block, line_of(text, at + 1)
                added = changed.count("\n") - text.count("\n")
                yield Defect(
                    f"{defect.what}: {said or 'nothing'}{replicas}",
                    edited(defect.files, path, changed),
                    frozenset((path, first + offset) for offset in range(4)),
                    frozenset((path, line + added) for _, line in defect.other_sides),
                )
