"""Trained models kept between starts, so that a start need not train what an earlier one has trained already."""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import structlog

from services.routing.learning.releases import replace
from services.routing.learning.weights import BrokenModel
from services.routing.text.matter import Matter
from services.routing.text.model import TextModel
from services.routing.text.training_apart import model_in

_ROUTING = Path(__file__).resolve().parent
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "snowballstemmer")
_OURS = re.compile(r"[0-9a-f]{16}\.npz")
_log = structlog.get_logger("routing")


@cache
def maker() -> str:
    """Tells apart what would train another model out of the same matter: our own code and data, and libraries."""
    digest = hashlib.sha256()
    for file in sorted(each for end in ("py", "yaml") for each in _ROUTING.rglob(f"*.{end}")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


class KeptModels:
    """A directory with models that were trained: each in a file of the matter that it learnt from.

    It is never needed: what is not there, was damaged, or made by other code is trained anew, and where nothing
    can be written nothing is kept.
    """

    def __init__(self, folder: Path, made_by: str | None = None) -> None:
        self._folder = folder
        self._made_by = maker() if made_by is None else made_by

    def load(self, matter: Matter) -> TextModel | None:
        """The model that was trained out of the matter, None where none is kept."""
        try:
            whose, _, content = self._file(matter).read_bytes().partition(b"\n")
            if whose == self._whose(matter):
                return model_in(content, matter)
            _log.info(
                "kept model not used", folder=str(self._folder), reason="other code or other libraries made it"
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("kept model not used", folder=str(self._folder), reason=error.strerror)
        except BrokenModel as error:
            _log.info("kept model not used", folder=str(self._folder), reason=str(error))
        return None

    def keep(self, matter: Matter, content: bytes) -> None:
        """Keeps a model's file for the next start."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace(self._file(matter), self._whose(matter) + b"\n" + content)
        except OSError as error:
            _log.warning("model not kept", folder=str(self._folder), reason=error.strerror)

    def forget_others(self, matters: Iterable[Matter]) -> None:
        """Removes models of matter that nobody learns from any more."""
        wanted = {self._file(matter) for matter in matters}
        try:
            for file in self._folder.iterdir():
                if file not in wanted and _OURS.fullmatch(file.name):
                    file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("models not removed", folder=str(self._folder), reason=error.strerror)

    def _whose(self, matter: Matter) -> bytes:
        return hashlib.sha256(f"{self._made_by} {' '.join(matter.content)}".encode()).hexdigest().encode()

    def _file(self, matter: Matter) -> Path:
        return self._folder / f"{hashlib.sha256(' '.join(matter.content).encode()).hexdigest()[:16]}.npz"
