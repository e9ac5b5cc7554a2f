"""Applications whose AsyncAPI documents describe other topics than those that they use."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_NAMES = ("billing", "returns", "loyalty", "pricing", "parcels", "reviews")
_APP = """import os

from kafka import KafkaConsumer, KafkaProducer


def run(producer, consumer):
    producer.send("{sent}", b""){sent_mark}
    consumer.subscribe(["{taken}"]){taken_mark}
"""
_SECOND = """asyncapi: 2.6.0
info: {{title: {name}, version: "1"}}
servers: {{main: {{url: "kafka:9092", protocol: kafka}}}}
channels:
"""
_THIRD = """asyncapi: 3.0.0
info: {{title: {name}, version: "1"}}
servers: {{main: {{host: "kafka:9092", protocol: kafka}}}}
channels:
"""


def _document(name: str, version: int, channels: dict[str, str]) -> str:
    """A contract with channels, each with what stands at the end of its line."""
    if version == 2:
        return _SECOND.format(name=name) + "".join(
            f"  {address}:{mark}\n    publish: {{message: {{payload: true}}}}\n"
            for address, mark in channels.items()
        )
    return _THIRD.format(name=name) + "".join(
        f"  c{number}:\n    address: {address}{mark}\n    messages: {{m: {{payload: true}}}}\n"
        for number, (address, mark) in enumerate(channels.items())
    )


def _defect(files: Files, what: str, name: str, document: str, *marks: str) -> Defect:
    """One more application with its contract; the marks stand where it sends, and where it receives."""
    sent_mark, taken_mark = marks
    folder = f"services/{name}-events"
    app = _APP.format(sent=f"{name}.made", taken=f"{name}.asked", sent_mark=sent_mark, taken_mark=taken_mark)
    made = {
        f"{folder}/app.py": app,
        f"{folder}/asyncapi.yaml": document,
        f"{folder}/Dockerfile": "FROM python\n",
    }
    return marked(files, f"{what} of {name}", made)


@seeds("channel-name-differs")
def channel_misspelt(files: Files) -> Iterator[Defect]:
    """A contract spells a topic of its application otherwise."""
    for number, name in enumerate(_NAMES):
        for sent, taken in (
            (f"{name}-made", ""),
            (f"{name}.mad", ""),
            ("", f"{name}_asked"),
            ("", f"{name}.askeds"),
        ):
            channels = {
                sent or f"{name}.made": " #HERE" if sent else "",
                taken or f"{name}.asked": " #HERE" if taken else "",
            }
            document = _document(name, 2 + number % 2, channels)
            yield _defect(
                files,
                f"{sent or taken} in the contract",
                name,
                document,
                " #OTHER" if sent else "",
                " #OTHER" if taken else "",
            )


@seeds("topic-undescribed")
def channel_left_out(files: Files) -> Iterator[Defect]:
    """A contract describes one of two topics."""
    for name in _NAMES:
        for version in (2, 3):
            for lost, kept in (("made", "asked"), ("asked", "made")):
                document = _document(name, version, {f"{name}.{kept}": " #OTHER"})
                marks = [" #HERE" if lost == word else "" for word in ("made", "asked")]
                yield _defect(files, f"{lost} left out in version {version}", name, document, *marks)


@seeds("channel-unused")
def channel_left_over(files: Files) -> Iterator[Defect]:
    """A contract describes a topic that nothing uses any more."""
    for name in _NAMES:
        for version in (2, 3):
            for old in ("archived", "audited"):
                channels = {f"{name}.made": "", f"{name}.asked": "", f"{name}.{old}": " #HERE"}
                document = _document(name, version, channels)
                yield _defect(files, f"{old} in version {version}", name, document, " #OTHER", " #OTHER")
