"""Secrets that anybody who has the repository can read."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding.regex import regex
from archlint.model.appconfig.plain_settings import PlainSetting
from archlint.model.kubernetes.plain_secrets import PlainSecret
from archlint.model.kubernetes.plain_values import PlainValue, stands_for_one
from archlint.model.kubernetes.tried_out import is_tried_out
from archlint.model.world import World

_PASSWORD = regex(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:/@\"'<>]{0,100}:([^\s@/\"'<>]{3,200})@[A-Za-z0-9._-]")


@join(PlainSecret)
def credential_in_secret(secret: PlainSecret, world: World, options: Options) -> Iterator[Observation]:
    """A value of a Secret that is a credential by its form."""
    token = secret.token
    if token is not None and secret.key not in options["allowed"]:
        yield observe(secret.node.place(), name=secret.name, key=secret.key, token=token)


@join(PlainSecret)
def secret_in_git(secret: PlainSecret, world: World, options: Options) -> Iterator[Observation]:
    """A value of a Secret that is a password by its key."""
    if secret.is_password and secret.token is None and secret.key not in options["allowed"]:
        yield observe(secret.node.place(), name=secret.name, key=secret.key)


@check(PlainValue)
def password_in_address(value: PlainValue, options: Options) -> Iterator[Observation]:
    """An address with a password in it."""
    if value.key in options["allowed"] or value.token is not None or is_tried_out(value.base):
        return
    for match in _PASSWORD.finditer(value.text[:200_000]):
        word = match[1]
        if not (stands_for_one(word) or any(mark in word for mark in "${}%()[]*")):
            yield observe(value.node.value_place(), identity=(value.key,), where=value.where)
            return


@join(PlainSetting)
def credential_in_settings(found: PlainSetting, world: World, options: Options) -> Iterator[Observation]:
    """A setting of an application that is a credential by its form."""
    key = found.setting.key
    if key not in options["allowed"]:
        message = "default" if found.unit else "root"
        yield observe(found.place, message, identity=(key,), key=key, service=found.unit, token=found.token)
