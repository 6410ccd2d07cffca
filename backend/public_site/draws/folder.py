"""A draw's published folder as one file: the same folder gives the same bytes. Pure."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def zipped(folder: Mapping[str, bytes]) -> bytes:
    """The files by name, sorted, without times."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(folder):
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, folder[name])
    return buffer.getvalue()
