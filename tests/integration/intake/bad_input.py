"""Messages that are wrong, each in one way, and what its sender is told first."""

from typing import Any

from shared.contracts.submission import MAX_BODY_BYTES
from tests.unit.intake.messages import follow_up, spelled, submission

TOO_LARGE = b'{"text": "' + b"x" * MAX_BODY_BYTES + b'"}'
DEEP = spelled(submission()).removesuffix(b"}") + b',"more":' + b"[" * 20 + b"]" * 20 + b"}"

NOT_A_SUBMISSION: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"dag,", "not_json"),
    "empty": (b"", "not_json"),
    "wrong encoding": (spelled(submission(text="é")).decode().encode("latin-1"), "not_json"),
    "NaN": (spelled(submission()).replace(b'"complaint"', b"NaN"), "not_json"),
    "nested without end": (b"[" * 50_000 + b"]" * 50_000, "not_json"),
    "nested more deeply than messages are": (
        DEEP.replace(b"[" * 20, b"[" * 300).replace(b"]" * 20, b"]" * 300),
        "not_json",
    ),
    "nested deeply": (DEEP, "unknown_field"),
    "not an object": (b'["a"]', "wrong_type"),
}


def _with(code: str, **changes: Any) -> tuple[bytes, str]:
    return spelled(submission(**changes)), code


WRONG_SUBMISSIONS: dict[str, tuple[bytes, str]] = {
    "missing text": (spelled({k: v for k, v in submission().items() if k != "text"}), "missing"),
    "empty text": _with("too_short", text=""),
    "blank text": _with("invalid", text=" \n "),
    "text over the limit": _with("too_long", text="x" * 20_001),
    "unknown organisation": _with("unknown_organisation", organisation="atlantis"),
    "unknown channel": _with("not_on_list", channel="pigeon"),
    "unknown nature": _with("not_on_list", nature="rant"),
    "unknown directorate": _with("not_on_list", about={"directorate": "atlantis"}),
    "unknown field": _with("unknown_field", colour="red"),
    "time without offset": _with("offset_missing", received_at="2021-03-04T09:30:00"),
    "time in the future": _with("in_the_future", received_at="2090-03-04T09:30:00Z"),
    "time long ago": _with("too_old", received_at="1899-03-04T09:30:00Z"),
    "an operator for an id": _with("wrong_type", submission_id={"$gt": ""}),
    "an operator for an organisation": _with("wrong_type", organisation={"$ne": None}),
    "a NUL character": _with("invalid", subject="a\x00b"),
    "a number in quotes": _with("wrong_type", legal_proceedings="true"),
}

WRONG_FOLLOW_UPS: dict[str, tuple[bytes, str]] = {
    "unknown kind": (spelled(follow_up(kind="shouted")), "not_on_list"),
    "value off the lists": (spelled(follow_up("closed", {"qualification": "splendid"})), "not_on_list"),
    "no extension known": (
        spelled(follow_up("extended", {"days": 3, "reason": "x"})),
        "extension_not_allowed",
    ),
    "no reason": (spelled(follow_up("reopened", {})), "missing"),
    "score out of range": (spelled(follow_up("surveyed", {"score": 11})), "out_of_range"),
    "an operator for a reference": (
        spelled(follow_up(submission_id=..., reference={"$gt": ""})),
        "wrong_type",
    ),
    "in the future": (spelled(follow_up(occurred_at="2090-01-01T00:00:00Z")), "in_the_future"),
}
