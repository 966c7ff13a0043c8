"""The image's health check: ``python ready.py [port]`` ends with 0 when the service in this container is ready."""

import sys
import urllib.error
import urllib.request
from http import HTTPStatus

PORTS = (8001, 8002, 8003, 8004)
"""The services' own ports, by which the one that runs here is found where no port is given."""


def is_ready(port: int) -> bool:
    """Whether ``/health/ready`` of that port on this machine answers with 200 within four seconds."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=4) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(0 if any(map(is_ready, map(int, sys.argv[1:]) if sys.argv[1:] else PORTS)) else 1)
