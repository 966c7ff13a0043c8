"""Makes one PDF and ends: ``python pdf_worker.py <page.html >report.pdf``. It knows nothing of the service.

Tagged for screen readers (PDF/UA-1). It opens no file and no address, whatever the page names.
"""

import os
import resource
import sys
import warnings
from typing import Any, Final, NoReturn

CANNOT_LOAD: Final = 3
"""Exit code where the libraries beneath WeasyPrint are missing."""
_MOST_MEMORY: Final = 2 * 1024**3
_GENTLY: Final = 10


def main() -> None:
    """Reads a page, writes a PDF. Ends with ``CANNOT_LOAD`` where it cannot on this machine."""
    os.nice(_GENTLY)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    sys.stdout.buffer.write(make_pdf(sys.stdin.buffer.read().decode()))


def make_pdf(page: str) -> bytes:
    """The page as a PDF, with its headings as bookmarks and its language told."""
    weasyprint = _library()
    document = weasyprint.HTML(string=page, url_fetcher=_nothing_from_elsewhere)
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _library() -> Any:
    try:
        with warnings.catch_warnings():
            # What it will want one day is for an update to see to.
            warnings.simplefilter("ignore")
            import weasyprint  # noqa: PLC0415  only this process carries it
    except (ImportError, OSError):
        sys.exit(CANNOT_LOAD)
    return weasyprint


def _nothing_from_elsewhere(address: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a report is whole in itself; {address} is not fetched")


if __name__ == "__main__":
    main()
