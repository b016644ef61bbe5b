"""What can go wrong with a learner's function, each with the sentence that the learner reads."""


class LearnerFailure(Exception):
    """The learner's side gave no usable answer; `str(failure)` says what to do about it."""

    kind = "failed"


class NotAttempted(LearnerFailure):
    """The function is still a stub."""

    kind = "not attempted"


class NotDefined(LearnerFailure):
    """There is no function of that name."""

    kind = "not defined"


class Raised(LearnerFailure):
    """The function raised an exception of its own."""

    kind = "raised"

    def __init__(self, error: str, message: str = "", line: int | None = None):
        self.error, self.message, self.line = error, message, line
        where = f" at line {line} of your cell" if line else ""
        what = f"{error}: {message}" if message else error
        super().__init__(f"Your function raised {what}{where}.")


class TimedOut(LearnerFailure):
    """The function did not come back in time."""

    kind = "time"

    def __init__(self, seconds: float):
        super().__init__(
            f"Your function was stopped after {seconds:g} seconds. "
            "Does every loop in it end? A `while` needs a condition that becomes false."
        )


class NotPlain(LearnerFailure):
    """What came back is no plain data (numbers, arrays, strings, lists, tuples, dicts)."""

    kind = "type"


class Died(LearnerFailure):
    """The process in which the function ran ended (sandbox only)."""

    kind = "died"


class OracleSpent(BaseException):
    """An oracle was asked more often than its budget allows.

    Not an `Exception`: a learner's `except Exception` must not swallow it.
    """


class JudgeError(Exception):
    """The judge itself failed: never the learner's fault, and never worth a point."""
