"""Python's collector of cycles, kept from walking through the whole program again and again while a large file passes."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting_collector() -> Iterator[None]:
    """Rows make no cycles and go when they are let go; only they are made in here, by the hundred thousand."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
