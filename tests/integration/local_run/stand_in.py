"""A service as the supervisor sees one: listens on its port, says that it is ready, and ends when told."""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import FrameType


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the name that http.server calls
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the polling for readiness would fill the log."""


def end(_number: int, _frame: FrameType | None) -> None:
    sys.stdout.write("ended in order\n")
    sys.stdout.flush()
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    port = int(os.environ[f"{sys.argv[1].upper()}_PORT"])
    sys.stdout.write(f"listening on {port}\n")
    sys.stdout.flush()
    HTTPServer((os.environ["HOST"], port), Ready).serve_forever()
