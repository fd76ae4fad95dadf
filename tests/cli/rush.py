"""A rush: so many connections ask without a pause, and what each answer was and how long it took.

`python -m tests.cli.rush PORT CONNECTIONS SECONDS KEY` prints a line of figures.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import NamedTuple

from tests.cli.test_serving import ORDER


class Rush(NamedTuple):
    """What became of it: answers by their status, and the seconds that each accepted and each refused one took."""

    statuses: Counter[int]
    accepted: list[float]
    refused: list[float]
    with_retry_after: int

    def waiting(self, seconds: float) -> float:
        """How many of those who were accepted waited for their answer at a time, on average over so long."""
        return sum(self.accepted) / seconds

    def at(self, share: float, *, refused: bool = False) -> float:
        """The time within which that share of the accepted, or refused, was answered; in seconds."""
        times = sorted(self.refused if refused else self.accepted)
        return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


async def rush(port: int, connections: int, seconds: float, key: str, name: str, pause: float = 0.0) -> Rush:
    """Place orders over that many connections; whoever is refused waits for `pause` seconds."""
    found = Rush(Counter(), [], [], 0)
    body = json.dumps(ORDER).encode()
    ends = time.monotonic() + seconds
    polite = 0

    async def ask(number: int) -> None:
        nonlocal polite
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count = 0
        while time.monotonic() < ends:
            count += 1
            writer.write(
                f"POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
                f"Idempotency-Key: {name}-{number}-{count}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            began = time.monotonic()
            head = await reader.readuntil(b"\r\n\r\n")
            took = time.monotonic() - began
            status = int(head.split()[1])
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            await reader.readexactly(length)
            found.statuses[status] += 1
            (found.accepted if status < 300 else found.refused).append(took)
            if status == 503:
                polite += b"retry-after: " in head.lower()
                await asyncio.sleep(pause)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(ask(number) for number in range(connections)))
    return found._replace(with_retry_after=polite)


def main() -> None:
    """As the first lines say."""
    port, connections, seconds, key = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    found = asyncio.run(rush(port, connections, seconds, key, f"{time.time()}", pause=float(sys.argv[5])))
    accepted = [f"{found.at(share) * 1000:.0f}" for share in (0.5, 0.99, 1)]
    refused = [f"{found.at(share, refused=True) * 1000:.0f}" for share in (0.5, 0.99, 1)]
    print(dict(found.statuses), "accepted p50 p99 max ms", *accepted, "refused", *refused)  # noqa: T201


if __name__ == "__main__":
    main()
