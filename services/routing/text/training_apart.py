"""Training in a process of its own: what learns needs four times the memory of what reads, and only once."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from services.routing.learning.weights import read_model, written
from services.routing.text.corpus import Corpus
from services.routing.text.lexicon import Lexicon
from services.routing.text.matter import Matter
from services.routing.text.model import TextModel
from services.routing.text.tuning import name_of

_PROJECT: Final = Path(__file__).resolve().parents[3]
_WORKER: Final = (sys.executable, "-m", "services.routing.text.training_apart")
_GIVEN: Final = ("PATH", "HOME", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Of the environment the worker gets no more than this: the rest holds addresses and passwords. The last two are
for processors on which the library would take the wrong way, and reckon otherwise than the service.
"""
_NOBODY: Final = "apart"
_PATIENCE: Final = 600.0


class TrainingFailed(RuntimeError):  # noqa: N818  the service cannot start, and says why
    """The process that trains ended without a model; what it said last is in the message."""


def train_apart(matter: Matter) -> bytes:
    """The file of the model that ``training.train`` makes of the matter. Blocks for seconds. Raises
    ``TrainingFailed``.
    """
    environment = {name: os.environ[name] for name in _GIVEN if name in os.environ}
    told = b"\n".join((matter.lexicon.model_dump_json().encode(), matter.corpus.lines))
    try:
        done = subprocess.run(  # noqa: S603  our own program
            _WORKER, input=told, capture_output=True, cwd=_PROJECT, env=environment, timeout=_PATIENCE, check=True
        )
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TrainingFailed(f"training ended with {error.returncode}: {last}") from None
    except subprocess.TimeoutExpired:
        raise TrainingFailed(f"training did not end within {_PATIENCE:.0f} seconds") from None
    return done.stdout


def model_in(content: bytes, matter: Matter) -> TextModel:
    """The model that was trained of the matter. Raises ``BrokenModel``."""
    return read_model(content, _NOBODY, matter.lexicon).called(name_of(matter.corpus, matter.lexicon))


def main() -> None:
    """Reads a lexicon, one line of JSON, and the corpus after it, and writes the model that they make."""
    from services.routing.text.training import train  # noqa: PLC0415  the service itself must not load it

    lists, _, lines = sys.stdin.buffer.read().partition(b"\n")
    lexicon = Lexicon.model_validate_json(lists)
    sys.stdout.buffer.write(written(train(Corpus(lines, ""), lexicon), _NOBODY, lexicon))


if __name__ == "__main__":
    main()
