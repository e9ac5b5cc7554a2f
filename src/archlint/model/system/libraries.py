"""Libraries that a build file names: the second sign for settings that several applications share.

A shared ``application.yml`` tells everybody where the broker is; those connect whose build has a client.
"""

from __future__ import annotations

from posixpath import dirname

from archlint.model.system.build_files import JVM_FILES
from archlint.model.system.folders import named_folder, source_folders
from archlint.model.system.parties import Party
from archlint.model.world import World

_BUILD_FILES = (*JVM_FILES, "package.json", "requirements.txt", "go.mod")
_LARGEST = 500_000
_CLIENTS = {
    "eureka.client": ("eureka-client",),
    "spring.rabbitmq": ("amqp", "rabbit"),
    "spring.data.mongodb": ("mongo",),
    "spring.mongodb": ("mongo",),
    "spring.data.redis": ("redis",),
    "spring.redis": ("redis",),
    "spring.kafka": ("kafka",),
    "spring.cloud.stream": ("stream",),
    "spring.datasource": ("jdbc", "jpa", "mybatis", "flyway", "liquibase"),
    "spring.r2dbc": ("r2dbc",),
    "spring.zipkin": ("zipkin", "sleuth"),
    "management.zipkin": ("zipkin", "tracing"),
    "spring.cloud.config": ("spring-cloud-starter-config", "spring-cloud-config-client"),
    "spring.cloud.consul": ("consul",),
    "spring.elasticsearch": ("elasticsearch",),
    "security.oauth2": ("oauth2",),
    "spring.security.oauth2": ("oauth2",),
    "spring.boot.admin.client": ("spring-boot-admin",),
}
"""By the beginning of a key: words of the libraries that read it, any of which shows that it is read."""


def links_library(world: World, party: Party, key: str) -> bool:
    """Whether a build file of a party's source names a library that reads a setting."""
    name = key.lower().replace("_", ".")
    words = next((found for begun, found in _CLIENTS.items() if name.startswith(f"{begun}.")), ())
    if not words:
        return False
    return builds_with(world, party, words)


def builds_with(world: World, party: Party, words: tuple[str, ...]) -> bool:
    """Whether a build file of a party's source names one of some libraries."""
    built: dict[str, str] = world.fact(_build_files)
    return any(word in built.get(folder.path, "") for folder in party.folders for word in words)


def _build_files(world: World) -> dict[str, str]:
    """The text of the build files of each folder of source."""
    folders = world.fact(source_folders).by_path
    found: dict[str, str] = {}
    for path in sorted(world.kinds):
        folder = named_folder(dirname(path))
        if path.endswith(_BUILD_FILES) and folder in folders:
            text = world.text(path) or ""
            if len(text) <= _LARGEST:
                found[folder] = f"{found.get(folder, '')}\n{text.lower()}"
    return found
