"""Settings that a change edits while the pods that read them at their start stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.comparison.manifests.pairs import Counterparts, family_of, is_same_text
from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.build import images_set_elsewhere
from archlint.model.kubernetes.idle import has_no_pods
from archlint.model.kubernetes.images import is_filled_in, parse_image
from archlint.model.kubernetes.read_at_start import (
    StartReading,
    StartSetting,
    is_replaced,
    read_at_start,
    settings_of,
)
from archlint.model.kubernetes.sets import find_objects
from archlint.model.kubernetes.workloads import POD_TEMPLATES
from archlint.model.world import World

_CONFIGS = frozenset({("", "ConfigMap"), ("", "Secret")})
_GENERATORS = ("configMapGenerator", "secretGenerator")


@dataclass(frozen=True, slots=True)
class Reader:
    """A workload that reads a setting when its pods start."""

    workload: Workload
    reading: StartReading


@dataclass(frozen=True, slots=True)
class UnseenConfigChange:
    """What a change edits of one ConfigMap or Secret, and who does not see it."""

    base: KubernetesObject
    keys: Mapping[str, tuple[Node, Node]]
    """What is read at the start and has changed: the value as it is and as it was; where there is none, all
    values."""
    readers: tuple[Reader, ...]

    @property
    def object(self) -> ObjectRef:
        """The ConfigMap or Secret."""
        return self.base.object

    @property
    def source(self) -> Document:
        """The document that holds it."""
        return self.base.source


def unseen_changes(base: World, revision: World, renames: Mapping[str, str]) -> Iterator[UnseenConfigChange]:
    """Each ConfigMap or Secret with changes that running pods do not see, those made at one place once."""
    if is_same_text(base, revision) and not _is_made_of_more(revision):
        return
    former = Counterparts(base, revision, renames, _CONFIGS | frozenset(POD_TEMPLATES))
    changed = {id(item): keys for item in revision.all(KubernetesObject) if (keys := _changed(item, former))}
    found: dict[object, tuple[KubernetesObject, dict[str, tuple[Node, Node]], list[Reader]]] = {}
    for workload in revision.all(Workload) if changed else ():
        for reading in read_at_start(workload):
            for config in _meant(reading, workload, revision):
                keys = _read(changed.get(id(config), {}), reading)
                if not keys or not _runs_on(workload, former, revision):
                    continue
                if not is_replaced(workload, config, revision):
                    place = next(iter(keys.values()))[0].place()
                    cause = (place.source.path, place.source.index, config.kind, config.name)
                    entry = found.setdefault(cause, (config, {}, []))
                    entry[1].update(keys)
                    entry[2].append(Reader(workload, reading))
    for config, keys, readers in found.values():
        yield UnseenConfigChange(config, dict(sorted(keys.items())), tuple(readers))


def _is_made_of_more(world: World) -> bool:
    """Whether what is applied may change with files that are no manifests: charts, and what generators of
    kustomizations read."""
    roots = (document.root for document in world.documents(Kind.KUSTOMIZATION))
    return world.charts is not None or any(root.get(key).is_set for root in roots for key in _GENERATORS)


def _changed(item: KubernetesObject, former: Counterparts) -> dict[str, tuple[Node, Node]]:
    """The keys of a ConfigMap or Secret that have not the value that they had, as they are and were; none of
    one that says that it never changes: the API server refuses the change, which is told by itself."""
    if family_of(item) not in _CONFIGS:
        return {}
    old = former.of(item)
    if old is None or old.node.value == item.node.value or old.get("immutable").value is True:
        return {}
    before, now = settings_of(old), settings_of(item)
    return {
        key: (
            now[key].node if key in now else item.get("data"),
            before[key].node if key in before else old.get("data"),
        )
        for key in {**now, **before}
        if _value(now, key) != _value(before, key)
    }


def _value(settings: Mapping[str, StartSetting], key: str) -> object:
    """What pods see of a key: a variable that is empty tells most programs what one that is not set does."""
    return (settings[key].value or b"") if key in settings else b""


def _read(keys: Mapping[str, tuple[Node, Node]], reading: StartReading) -> dict[str, tuple[Node, Node]]:
    return {key: each for key, each in keys.items() if reading.keys is None or key in reading.keys}


def _meant(reading: StartReading, workload: Workload, world: World) -> list[KubernetesObject]:
    """What defines the ConfigMap or Secret that a workload names, applied together with it."""
    name = reading.name.text
    return find_objects(world, workload.base, reading.kind, name, workload.namespace) if name else []


def _runs_on(workload: Workload, former: Counterparts, world: World) -> bool:
    """Whether a workload had pods before, and a release leaves them as they were."""
    old = former.of(workload.base)
    way = POD_TEMPLATES.get((workload.base.group, workload.base.kind))
    if old is None or way is None or has_no_pods(workload, world) or _is_built_later(workload, world):
        return False
    if workload.replicas != 0 and old.get("spec", "replicas").integer == 0:
        return False
    before = old.get(*way)
    return before.is_map and before.value == workload.template.value


def _is_built_later(workload: Workload, world: World) -> bool:
    """Whether an image of its pods gets its tag when they are deployed, so that a release may change the
    template though no file does: Skaffold and the like put the tag of the build into each manifest."""
    images = [item.get("image").text or "" for item in workload.containers]
    named = world.fact(images_set_elsewhere)
    return any(is_filled_in(image) or parse_image(image).name in named for image in images)
