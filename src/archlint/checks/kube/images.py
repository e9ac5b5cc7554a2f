"""Images: can they be pulled, and does the manifest say which version runs?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents.editing import rewritten, with_setting
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.build import images_set_elsewhere
from archlint.model.kubernetes.images import (
    full_name,
    image_fault,
    is_filled_in,
    parse_image,
)
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


@join(Container)
def image_digest_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """An image that is named by a tag, which may be moved."""
    text = _readable(container)
    if text and not parse_image(text).digest and not _is_set_elsewhere(text, world):
        yield observe(container.get("image").place(), container=container.name, image=text)


def _readable(container: Container) -> str:
    """The image of a container; empty if it is filled in later, or is no reference."""
    text = (container.get("image").text or "").strip()
    return "" if not text or is_filled_in(text) or image_fault(text) else text


def _is_set_elsewhere(text: str, world: World) -> bool:
    return parse_image(text).name in world.fact(images_set_elsewhere)


@join(Container)
def image_pull_policy_not_always(
    container: Container, world: World, options: Options
) -> Iterator[Observation]:
    """A tag that a node takes from its store, and so without asking whether the pod may have it."""
    text, policy = _readable(container), container.get("imagePullPolicy")
    if not text or parse_image(text).digest or policy.text == "Always":
        return
    is_implied = not policy.is_set and parse_image(text).moves
    names = ["polaris:pullPolicyNotAlways"]
    names += [] if is_implied else ["kube-score:container-image-pull-policy"]
    yield observe(
        policy.place() if policy.is_set else container.get("image").place(),
        "implied" if is_implied else "set" if policy.is_set else "default",
        aliases=names,
        container=container.name,
        image=text,
        policy=policy.text or "IfNotPresent",
        fix=with_setting(container.node, ("imagePullPolicy",), "Always", safe=True),
    )


@check(Container)
def image_registry_not_allowed(container: Container, options: Options) -> Iterator[Observation]:
    """An image from a registry that the team does not know."""
    text = _readable(container)
    if not text or not options["allowed"]:
        return
    name = full_name(text)
    if not any(name == prefix or name.startswith(prefix.rstrip("/") + "/") for prefix in options["allowed"]):
        registry = name.partition("/")[0]
        yield observe(container.get("image").place(), container=container.name, image=text, registry=registry)


_RETIRED = {"k8s.gcr.io": "registry.k8s.io", "gcr.io/google_containers": "registry.k8s.io"}
"""Registries that get nothing new any more, and what took their place."""


@check(Container)
def image_registry_retired(container: Container, options: Options) -> Iterator[Observation]:
    """An image from a registry that gets no new versions."""
    text, image = _readable(container), container.get("image")
    for old, new in _RETIRED.items():
        if text.startswith(f"{old}/"):
            fix = rewritten(image, new + text.removeprefix(old), safe=True) if old == "k8s.gcr.io" else None
            yield observe(image.place(), container=container.name, image=text, old=old, new=new, fix=fix)
