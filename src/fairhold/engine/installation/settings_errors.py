"""What is wrong with a setting."""


class SettingsError(Exception):
    """A variable cannot be used; the message names it and says what would do."""

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(f"{variable} {message}")
        self.variable = variable
