"""«Complete this order at that time» with procrastinate: `python -m benchmarks.peers.timers_procrastinate CONNINFO COUNT`.

Every order has a job scheduled for the same moment. When it has come, one worker with 64 jobs at a time, as its documents
advise for asynchronous tasks, works them off. A job updates its order and adds an event, in one statement.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta

from procrastinate import App, PsycopgConnector
from psycopg_pool import AsyncConnectionPool

from benchmarks.peers.timers_order import COMPLETE, DONE, TABLES

CONCURRENCY = 64
BATCH = 1000


async def main(conninfo: str, count: int) -> None:
    """Schedule, wait, work, say how long the work took."""
    app = App(connector=PsycopgConnector(conninfo=conninfo, max_size=CONCURRENCY // 4))
    pool = AsyncConnectionPool(conninfo, min_size=4, max_size=CONCURRENCY // 4, open=False, kwargs={"autocommit": True})

    @app.task(name="complete", queue="timers")
    async def complete(order: int) -> None:
        async with pool.connection() as connection:
            await connection.execute(COMPLETE, {"order": order})

    async with app.open_async(), pool:
        await app.schema_manager.apply_schema_async()
        async with pool.connection() as connection:
            await connection.execute(TABLES.replace("COUNT", str(count)))
        due = datetime.now(UTC) + timedelta(seconds=2 + count / 1000)
        for start in range(0, count, BATCH):
            batch = [{"order": order} for order in range(start + 1, min(start + BATCH, count) + 1)]
            await complete.configure(schedule_at=due).batch_defer_async(*batch)
        await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        began = time.perf_counter()
        await app.run_worker_async(concurrency=CONCURRENCY, wait=False, install_signal_handlers=False)
        took = time.perf_counter() - began
        async with pool.connection() as connection:
            fired = (await (await connection.execute(DONE)).fetchone() or (0,))[0]
    print(json.dumps({"fired": fired, "seconds": took}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
