"""The four services."""

import sys

if "rich" not in sys.modules:
    # structlog loads Rich and Pygments, for coloured tracebacks that no service prints: 4 MB in each of them. It
    # can do without where they are not there.
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog as structlog

    del sys.modules["rich"]
