"""Texts of several lines."""


def plain_lines(text: str) -> str:
    """The text with each line ended by one character: browsers send two for what they count as one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
