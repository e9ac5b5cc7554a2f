"""Names of container images: what of a reference says which program is in it."""

from __future__ import annotations


def image_repository(image: str) -> str:
    """An image without registry, tag and digest: ``shop/cart`` of ``localhost:5000/shop/cart:1``.

    The first part is a registry if it has a dot or a colon, or is ``localhost``, as Docker reads references.
    """
    name = image.strip().partition("@")[0]
    first, slash, rest = name.partition("/")
    if slash and (first == "localhost" or "." in first or ":" in first):
        name = rest
    path, colon, tag = name.rpartition(":")
    return path if colon and "/" not in tag else name


WEB_SERVERS = frozenset({"nginx", "httpd", "caddy", "openresty", "apache", "nginx-unprivileged"})
"""Programs that serve the files of the program behind them."""


def image_name(image: str) -> str:
    """The last part of an image's repository: ``cart``."""
    return image_repository(image).rpartition("/")[2]
