"""Files kept between runs, in the user's cache folder: data only, never code, and never needed."""

from archlint.cache.store import cache_folder, clean, make_room, write_atomically

__all__ = ["cache_folder", "clean", "make_room", "write_atomically"]
