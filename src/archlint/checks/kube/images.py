"""Images: can they be pulled, and does the manifest say which version runs?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.build import images_set_elsewhere
from archlint.model.kubernetes.images import image_fault, is_filled_in, parse_image
from archlint.model.world import World

_OPENSHIFT_REGISTRY = "image-registry.openshift-image-registry.svc"
"""What lies there are ImageStreams: their tags are names that a trigger follows, not versions."""


@join(Container)
def image_reference_invalid(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """An image that no container runtime can read."""
    node = container.get("image")
    text = node.text or ""
    if not text.strip() or is_filled_in(text) or parse_image(text).name in world.fact(images_set_elsewhere):
        return
    fault = image_fault(text)
    if fault is not None:
        yield observe(node.place(), container=container.name, image=text, fault=fault)


@join(Container)
def image_tag_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """An image without a tag or with ``latest``, and without a digest."""
    node = container.get("image")
    text = (node.text or "").strip()
    if not text or is_filled_in(text) or image_fault(text):
        return
    image = parse_image(text)
    is_stream = image.name.startswith(_OPENSHIFT_REGISTRY)
    if not image.moves or is_stream or image.name in world.fact(images_set_elsewhere):
        return
    names = ["kube-score:container-image-tag", "kube-linter:latest-tag"]
    if image.tag == "latest" or ":" not in text:
        names.append("polaris:tagNotSpecified")
    elif "/" in text:  # a registry's port: kube-score takes what follows its colon for a tag
        names.remove("kube-score:container-image-tag")
    yield observe(
        node.place(),
        "latest" if image.tag else "default",
        aliases=names,
        container=container.name,
        image=text,
    )
