"""How Stripe says no."""


class SaysNo(Exception):
    """An error as it goes over the wire."""

    def __init__(
        self, message: str, code: str = "", *, status: int = 400, kind: str = "invalid_request_error", param: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, dict[str, str]] = {"error": {"type": kind, "message": message}}
        if code:
            self.body["error"]["code"] = code
        if param:
            self.body["error"]["param"] = param


def missing(kind: str, name: str, param: str = "id") -> SaysNo:
    """There is no such thing, or it is somebody else's."""
    return SaysNo(f"No such {kind}: '{name}'", "resource_missing", status=404, param=param)
