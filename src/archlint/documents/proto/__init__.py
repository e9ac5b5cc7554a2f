"""Proto files: found, linked, compiled by protoc in a process of its own, with a place for every name."""

from archlint.documents.proto.load import LoadedProtos, load_protos
from archlint.documents.proto.source import ProtoFile

__all__ = ["LoadedProtos", "ProtoFile", "load_protos"]
