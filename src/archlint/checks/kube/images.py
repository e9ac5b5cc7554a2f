"""Images: does the manifest say which version runs?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.build import images_set_elsewhere
from archlint.model.kubernetes.images import is_placeholder, parse_image
from archlint.model.world import World


@join(Container)
def image_tag_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """An image without a tag or with ``latest``, and without a digest."""
    node = container.get("image")
    text = (node.text or "").strip()
    if not text or is_placeholder(text):
        return
    image = parse_image(text)
    if not image.moves or image.name in world.fact(images_set_elsewhere):
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
