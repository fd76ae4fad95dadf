"""How much a run measures: a smoke test for CI, a quick look, the usual run, and the one that takes hours."""

from typing import NamedTuple


class Sizes(NamedTuple):
    """Numbers of everything. `seconds` is the length of one measurement, `rounds` how often each is repeated."""

    kind: str
    rounds: int
    seconds: int
    pgbench_scale: int
    most_a_second: int
    """More commands a second than any server is thought to answer: so many orders are loaded."""
    connections: tuple[int, ...]
    history: int
    """Orders that lie in the database before anything is measured."""
    commands: int
    """Commands of one measurement in process."""
    lone: int
    """Commands given one after the other."""
    sqlite: int
    due: int
    """Orders that fall due at once."""
    sweep_rounds: int
    reading: tuple[int, ...]
    """Sizes of database between which reading is compared."""
    reviews: tuple[int, int]
    """Reviews in the databases between which a product's page is compared."""
    growth: tuple[int, int]
    timers: int


FOUR = (1, 8, 64, 128)

TINY = Sizes(
    kind="tiny",
    rounds=1,
    seconds=1,
    pgbench_scale=1,
    most_a_second=800,
    connections=(2,),
    history=300,
    commands=100,
    lone=30,
    sqlite=100,
    due=200,
    sweep_rounds=1,
    reading=(3_000, 4_000),
    reviews=(1_000, 6_000),
    growth=(16_000, 20_000),
    timers=100,
)
QUICK = Sizes(
    kind="quick",
    rounds=2,
    seconds=2,
    pgbench_scale=10,
    most_a_second=12_000,
    connections=FOUR,
    history=5_000,
    commands=4_000,
    lone=300,
    sqlite=2_000,
    due=10_000,
    sweep_rounds=2,
    reading=(10_000, 50_000),
    reviews=(1_000, 50_000),
    growth=(5_000, 50_000),
    timers=1_000,
)
DEFAULT = Sizes(
    kind="default",
    rounds=3,
    seconds=4,
    pgbench_scale=50,
    most_a_second=6_000,
    connections=FOUR,
    history=20_000,
    commands=8_000,
    lone=1_000,
    sqlite=4_000,
    due=50_000,
    sweep_rounds=3,
    reading=(10_000, 1_000_000),
    reviews=(1_000, 1_000_000),
    growth=(100_000, 1_000_000),
    timers=5_000,
)
FULL = Sizes(
    kind="full",
    rounds=5,
    seconds=10,
    pgbench_scale=50,
    most_a_second=12_000,
    connections=FOUR,
    history=100_000,
    commands=20_000,
    lone=2_000,
    sqlite=10_000,
    due=200_000,
    sweep_rounds=5,
    reading=(10_000, 1_000_000, 10_000_000),
    reviews=(1_000, 1_000_000),
    growth=(100_000, 10_000_000),
    timers=20_000,
)
