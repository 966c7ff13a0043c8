"""Dead letters: what a queue gave up, for an administrator to look at, send back, or let go of with a reason."""

from shared.messaging.dead_letters.box import DeadLetterBox, NoSuchLetter
from shared.messaging.dead_letters.letter import Letter

__all__ = ["DeadLetterBox", "Letter", "NoSuchLetter"]
