"""«Complete this order at that time» with DBOS: `python -m benchmarks.peers.timers_dbos CONNINFO COUNT`.

Every order has a workflow that sleeps durably until the same moment (`DBOS.sleep_async`) and then runs one step, which
updates its order and adds an event, in one statement. They are coroutines of one process, as its documents advise for
many workflows that wait.
"""

import asyncio
import json
import sys
import time
from urllib.parse import quote

from dbos import DBOS
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from benchmarks.peers.timers_order import COMPLETE, DONE, TABLES

STARTED_TOGETHER = 100
POOL = 16

pools: list[AsyncConnectionPool] = []


@DBOS.step()
async def complete(order: int) -> None:
    """The work itself."""
    async with pools[0].connection() as connection:
        await connection.execute(COMPLETE, {"order": order})


@DBOS.workflow()
async def timer(order: int, due: float) -> None:
    """Wait and complete."""
    await DBOS.sleep_async(max(0.0, due - time.time()))
    await complete(order)


async def main(conninfo: str, count: int) -> None:
    """Start all of them, wait until they are due, say how long it took from then to the last."""
    parts = conninfo_to_dict(conninfo)
    url = f"postgresql+psycopg://{parts['user']}@/{parts['dbname']}?host={quote(str(parts['host']), safe='')}"
    DBOS(config={"name": "timers", "system_database_url": url, "sys_db_pool_size": POOL, "log_level": "ERROR"})
    DBOS.launch()
    async with AsyncConnectionPool(
        conninfo, min_size=4, max_size=POOL, open=False, kwargs={"autocommit": True}
    ) as pool:
        pools.append(pool)
        async with pool.connection() as connection:
            await connection.execute(TABLES.replace("COUNT", str(count)))
        handles = []
        due = time.time() + 5 + count / 100
        for start in range(0, count, STARTED_TOGETHER):
            some = range(start + 1, min(start + STARTED_TOGETHER, count) + 1)
            handles += await asyncio.gather(*(DBOS.start_workflow_async(timer, order, due) for order in some))
        assert time.time() < due, "they were not all started before they were due"
        await asyncio.sleep(due - time.time())
        began = time.perf_counter()
        fired = 0
        while fired < count:
            await asyncio.sleep(0.05)
            async with pool.connection() as connection:
                fired = (await (await connection.execute(DONE)).fetchone() or (0,))[0]
        took = time.perf_counter() - began
        for handle in handles:
            await handle.get_result()
    print(json.dumps({"fired": fired, "seconds": took}))
    DBOS.destroy()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
