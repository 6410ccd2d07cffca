"""120 answers and 6 photos of 400 kB, closed loop of 8 and of 32 phones on PostgreSQL with fsync on, beside ODK Central and the floor."""

from collections.abc import Iterator

from tests.bench.ratios import Ratio
from tests.bench.serving import served
from tests.bench.submitting import (
    CENTRAL_CPU_MS_PER_MB,
    CENTRAL_PHOTOS_MS,
    CLIENTS,
    PHOTO,
    PHOTOS,
    PHOTOS_BY_FLOOR,
    floor,
    submit,
)

COUNT, WARM = 96, 32
MOST_MEMORY_MB = 250


def ratios() -> Iterator[Ratio]:
    """The floor of this machine and minute, then the product with each number of phones; the baseline is Central's."""
    least = floor(PHOTOS, times=25) * 1000
    yield Ratio("floor: the same with 6 photos of 400 kB", least, CENTRAL_PHOTOS_MS, 1, "ms")
    for clients in CLIENTS:
        with served("postgres") as server:
            took, cpu, memory = submit(server, clients, COUNT, WARM, PHOTOS)
        what = f"with 6 photos of 400 kB, {clients} phones"
        megabytes = PHOTOS * PHOTO / 1e6
        yield Ratio(f"{what}: wall", took * 1000, CENTRAL_PHOTOS_MS, 1 / 2, "ms")
        yield Ratio(f"{what}: wall beside the floor", took * 1000, least, PHOTOS_BY_FLOOR, "ms")
        yield Ratio(f"{what}: CPU per MB", cpu * 1000 / megabytes, CENTRAL_CPU_MS_PER_MB, 1 / 2, "ms")
        yield Ratio(f"{what}: memory of all processes", memory / 1e6, MOST_MEMORY_MB, 1, "MB")
