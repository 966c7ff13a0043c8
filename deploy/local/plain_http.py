"""HTTP without encryption, to programs on this machine."""

import ssl
from typing import Final

NO_CERTIFICATES: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For ``verify`` of an HTTP client: it knows nobody's certificate and would trust none.

Without it each client, and each request outside of one, loads those of the whole world, which keeps a processor
busy for longer than the request.
"""
