"""Ten times as many callers as are let in: those who are let in wait no longer, and the server does not grow."""

import asyncio
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fairhold.store import open_store
from tests.cli.rush import rush
from tests.cli.test_serving import KEY, ask, program, url_of

LINE = 16
SECONDS = 8
pytestmark = pytest.mark.slow


def megabytes(process: int) -> int:
    """What the process holds in memory."""
    [line] = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) // 1024


def test_under_ten_times_the_load_the_server_neither_grows_nor_keeps_those_waiting_whom_it_took(tmp_path: Path) -> None:
    with program(tmp_path, "serve", "--port", "0", FAIRHOLD_QUEUE=str(LINE), FAIRHOLD_SANDBOX="1") as server:
        url = url_of(server)
        port = urlsplit(url).port or 0
        # One caller may fill three quarters of the queue.
        warm, usual = (asyncio.run(rush(port, LINE // 2, 3, KEY, name)) for name in ("warm", "usual"))
        before = megabytes(server.pid)
        crowded = asyncio.run(rush(port, 10 * LINE, SECONDS, KEY, "crowded", pause=0.02))
        grown = megabytes(server.pid) - before
        assert usual.statuses.keys() == {201}
        assert crowded.statuses.keys() == {201, 503}
        assert crowded.with_retry_after == crowded.statuses[503]
        assert crowded.statuses[201] > usual.statuses[201] / 20, "it goes on"
        # Seconds would tell of the machine; however slow it is, no more wait than the line is long.
        assert usual.waiting(3) < LINE
        assert crowded.waiting(SECONDS) < 2 * LINE
        assert grown < 40
        assert ask(f"{url}/health") == (200, {"status": "ok"})
    with closing(open_store(f"sqlite:///{tmp_path}/fairhold.db")) as store:
        placed = sum(1 for _ in store.reader().scan_orders(None, 1_000_000))
    assert placed == sum(one.statuses[201] for one in (warm, usual, crowded)), "whoever was refused placed nothing"
