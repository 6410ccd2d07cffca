"""The peer's work: one submission is 120 answers in one push; ODK Central on such a machine takes 142/s at 10 ms of CPU each."""

from collections.abc import Iterator

from tests.bench.clients import Phone, send_all
from tests.bench.ratios import Ratio
from tests.bench.serving import Served, served
from tests.bench.world_of_visits import set_up

CENTRAL_MS, CENTRAL_CPU_MS = 1000 / 142, 10.0
SUBMISSIONS = 960
WARM = 160
KINDS = ("postgres",)


def ratios() -> Iterator[Ratio]:
    """A closed loop of 8 and of 32 phones."""
    for kind in KINDS:
        for clients in (8, 32):
            with served(kind) as server:
                took, cpu = _submit(server, clients)
            what = f"a submission of 120 answers, {clients} phones, {kind}"
            yield Ratio(f"{what}: wall", took * 1000, CENTRAL_MS, 1 / 3, "ms")
            yield Ratio(f"{what}: CPU", cpu * 1000, CENTRAL_CPU_MS, 1 / 3, "ms")


def _submit(server: Served, clients: int) -> tuple[float, float]:
    """Seconds and CPU seconds of one submission."""
    each, warm = SUBMISSIONS // clients, WARM // clients
    phones = [Phone(one) for one in set_up(server.app, clients, each + warm)]
    send_all(server.port, [[phone.registration()] for phone in phones])
    queues = [[phone.submission(visit) for visit in phone.inspecting.visits] for phone in phones]
    send_all(server.port, [queue[:warm] for queue in queues])
    before = server.cpu_seconds()
    took = send_all(server.port, [queue[warm:] for queue in queues])
    return took / SUBMISSIONS, (server.cpu_seconds() - before) / SUBMISSIONS
