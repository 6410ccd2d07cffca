"""The house's web server and nothing beside it: the same application on the same server, up again soon after a kill."""

import sys

from granian.constants import Interfaces
from granian.server import Server

if __name__ == "__main__":
    Server(
        "backend.serving.wsgi:build",
        factory=True,
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        blocking_threads=16,
        websockets=False,
        log_enabled=False,
    ).serve()
