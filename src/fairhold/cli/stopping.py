"""How a command ends early: with one sentence that says what is wrong, and one that says what to do."""

CLEAN = 0
FOUND_SOMETHING = 1
CANNOT = 2
"""Exit codes: all is well; something was found that needs a look; the command could not do its work."""


class Stop(Exception):
    """A command cannot go on, through no fault of its own code. `hint` says what the person can do."""

    def __init__(self, message: str, hint: str = "", *, code: int = CANNOT) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
