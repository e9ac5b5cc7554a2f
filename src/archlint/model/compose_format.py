"""The first format of Compose files, in which services stand at the top and nothing else does.

Compose 2 refuses it. Files in it are read for what they tell of the system, as Compose 1 ran them.

Source: https://docs.docker.com/reference/compose-file/legacy-versions/ ("Version 1 (deprecated)").
"""

from __future__ import annotations

from archlint.documents import Node

_LATER = ("version", "services", "networks", "volumes", "secrets", "configs", "include", "name")
"""Keys at the top that the first format does not have; services may be called so, which nobody can tell."""
_OF_SERVICE = ("image", "build")


def is_first_format(root: Node) -> bool:
    """Whether a file has services at the top: each with an image, or a folder that it is built from."""
    if not root.is_map or any(root.get(key).exists for key in _LATER):
        return False
    entries = [node for _, node in root.items()]
    return bool(entries) and all(any(node.get(key).exists for key in _OF_SERVICE) for node in entries)


def services_in(root: Node) -> Node:
    """The map of the services of a file, in each format."""
    return root if is_first_format(root) else root.get("services")
