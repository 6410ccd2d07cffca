"""120 answers in one push, closed loop of 8 and of 32 phones on PostgreSQL with fsync on, beside ODK Central and the floor."""

from collections.abc import Iterator

from tests.bench.ratios import Ratio
from tests.bench.serving import served
from tests.bench.submitting import CENTRAL_CPU_MS, CENTRAL_MS, CLIENTS, TEXT_BY_FLOOR, floor, submit

COUNT, WARM = 960, 160


def ratios() -> Iterator[Ratio]:
    """The floor of this machine and minute, then the product with each number of phones; the baseline is Central's."""
    least = floor(0) * 1000
    yield Ratio("floor: sha256, file, fsync, 120 rows in one transaction", least, CENTRAL_MS, 1, "ms")
    for clients in CLIENTS:
        with served("postgres") as server:
            took, cpu, _ = submit(server, clients, COUNT, WARM, 0)
        what = f"a submission of 120 answers, {clients} phones"
        yield Ratio(f"{what}: wall", took * 1000, CENTRAL_MS, 1 / 3, "ms")
        yield Ratio(f"{what}: wall beside the floor", took * 1000, least, TEXT_BY_FLOOR, "ms")
        yield Ratio(f"{what}: CPU", cpu * 1000, CENTRAL_CPU_MS, 1 / 3, "ms")
