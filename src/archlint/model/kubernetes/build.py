"""Image names that a build or deploy tool replaces: in the manifest they are names, not references."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.images import parse_image
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.world import World

_TILT_BUILD = regex(r"""(?:docker|custom|ko|podman)_build(?:_with_restart)?\(\s*['"]([^'"]+)['"]""")


def images_set_elsewhere(world: World) -> frozenset[str]:
    """Names whose tag comes from elsewhere; ask with ``world.fact(images_set_elsewhere)``.

    Kustomizations that are not built replace them under ``images``, Skaffold builds them under
    ``build.artifacts``, a Tiltfile with ``docker_build`` and the like; OpenShift replaces the name of an
    ImageStream by where its tag leads.
    """
    names: set[str] = set()
    built = world.fact(builds).members
    for document in world.documents(Kind.KUSTOMIZATION):
        if document.path in built:
            continue
        names.update(_kustomized(document.root))
    for base in world.all(KubernetesObject):
        if base.group == "skaffold" and base.kind == "Config":
            names.update(_built(base.node))
        if base.group == "image.openshift.io" and base.kind == "ImageStream":
            names.add(base.name)
    for path in world.kinds:
        if path.rpartition("/")[2] == "Tiltfile":
            names.update(parse_image(name).name for name in _TILT_BUILD.findall(world.text(path) or ""))
    return frozenset(names)


def _kustomized(root: Node) -> Iterator[str]:
    for image in root.get("images").elements():
        name = image.get("name").text
        sets_version = image.get("newTag").is_set or image.get("digest").is_set
        if name and (sets_version or not parse_image(image.get("newName").text or name).moves):
            yield name


def _built(root: Node) -> Iterator[str]:
    builds = [root.get("build"), *(profile.get("build") for profile in root.get("profiles").elements())]
    for build in builds:
        for artifact in build.get("artifacts").elements():
            if artifact.get("image").text:
                yield parse_image(artifact.get("image").text or "").name
