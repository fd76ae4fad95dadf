"""The benchmarks themselves: what the loader makes is what the engine would have made, and a run goes from end to end."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from benchmarks import report
from benchmarks.__main__ import main
from benchmarks.auditing import NotClean, assert_clean, check, sample, sums
from benchmarks.figures import wrong_figures
from benchmarks.loader import Loader
from benchmarks.people import FAVOURITE, FAVOURITE_OF, People
from benchmarks.report import Row
from benchmarks.review_stories import LANGUAGES, PHOTOS, STARS, review_stories
from benchmarks.stories import all_stories
from benchmarks.under_way import confirmations, tell
from fairhold.domain.ids import OrderId, is_order_id, line_id
from fairhold.engine.installation.settings import Settings
from fairhold.store import open_store
from fairhold.wiring import build


def migrated(new_schema: Callable[[str], str]) -> str:
    """The URL of an empty database."""
    url = new_schema("18")
    store = open_store(url)
    store.migrate()
    store.close()
    return url


@pytest.mark.slow
@pytest.mark.postgres
def test_loaded_orders_are_clean_and_the_engine_goes_on_with_them(new_schema: Callable[[str], str]) -> None:
    stories_url, url = migrated(new_schema), migrated(new_schema)
    loader = Loader(url, all_stories(stories_url), [0], People.of(2_000))
    loader.history(2_000)
    delivered, due = loader.add("delivered", 300), loader.due(40)
    assert all(is_order_id(one.id) for one in (*delivered, *due))
    assert {f"{one.tag}-1" for one in delivered} == {line_id(OrderId(one.id), 1) for one in delivered}
    assert assert_clean(url) == "all 2,340 orders audited"
    app = build(Settings(database=url, sandbox=True))
    app.start(background=False)
    answers, _ = tell(app, confirmations(delivered), 32, "confirm")
    assert len(answers) == len(delivered)
    assert app.sweeper.once() == len(due)
    app.close()
    assert_clean(url)
    store = open_store(url)
    with psycopg.connect(url) as connection:
        by_status: dict[str, int] = dict(
            connection.execute("SELECT status, count(*) FROM orders GROUP BY status").fetchall()
        )
        assert set(by_status) >= {"completed", "cancelled", "refunded", "awaiting_confirmation", "awaiting_delivery"}
        assert by_status["completed"] > 1_500
        old = "SELECT count(*) FROM orders WHERE has_keys = 0 AND id IN (SELECT order_id FROM idempotency)"
        assert connection.execute(old).fetchall() == [(0,)]
        chosen = sample(connection, 2_340)
        reader = store.reader()
        assert list(check(connection, chosen, reader)) == []
        connection.execute("UPDATE balances SET balance = balance + 1 WHERE account = 'fees:RUB'")
        connection.execute("UPDATE orders SET total = total + 1 WHERE id = %s", (chosen[0],))
        assert len(list(check(connection, chosen, reader))) == 1
        assert len(sums(connection)) == 1
        connection.commit()
    store.close()
    with pytest.raises(NotClean, match="findings"):
        assert_clean(url)


@pytest.mark.slow
@pytest.mark.postgres
def test_loaded_reviews_are_of_every_kind_and_add_up(new_schema: Callable[[str], str]) -> None:
    stories_url, url = migrated(new_schema), migrated(new_schema)
    Loader(url, review_stories(stories_url), [0], People.of(1_500)).history(1_500, favourite=5)
    assert assert_clean(url) == "all 1,500 orders audited"
    with psycopg.connect(url) as connection:
        of_one = "SELECT count(*) FROM product_reviews WHERE product = %s"
        assert connection.execute(of_one, (f"{FAVOURITE_OF}/{FAVOURITE}",)).fetchall() == [(300,)]
        kinds = "SELECT count(DISTINCT facet) FROM product_reviews WHERE facet < 1000"
        assert connection.execute(kinds).fetchall() == [(len(STARS) * len(PHOTOS) * len(LANGUAGES),)]
        rare = (
            "SELECT count(*), bool_or(version > 1), bool_or(reply_status = 'published'), bool_or(anonymous = 0),"
            " bool_or(automatic = 1 AND author LIKE 'buyer:%'), bool_or(automatic = 1 AND author LIKE 'seller:%')"
            " FROM reviews"
        )
        [(count, *there)] = connection.execute(rare).fetchall()
        assert there == [True] * 5
        assert count > 1_500
        assert wrong_figures(connection) == []
        connection.execute("UPDATE review_figures SET five = five + 1 WHERE name = 'seller:seller-00000' AND day = 0")
        assert len(wrong_figures(connection)) == 2
        connection.commit()
    with pytest.raises(NotClean, match="1 findings"):
        assert_clean(url)


@pytest.mark.timeout(600)
@pytest.mark.wrk
@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(
    ("cases", "rows"),
    [
        ("http", {"POST receipt over HTTP, 2 connections, 1 worker"}),
        ("reviews", {"API: newest, 6,000 reviews, p99", "page: deep in the list, 6,000 reviews, p99"}),
        (
            "process,sqlite,sweep",
            {
                "confirm in process, 64 under way",
                "one lone command in process, p50",
                "confirm in process on SQLite, synchronous=FULL, batches, 256 under way",
                "sweep of 200 due orders, 1 process",
                "sweep of 200 due orders, 2 processes",
            },
        ),
    ],
)
def test_a_run_goes_from_end_to_end_and_keeps_a_line(tmp_path: Path, cases: str, rows: set[str]) -> None:
    assert main(["--tiny", "--only", cases, "--results", str(tmp_path)]) == 0
    [line] = (tmp_path / "tiny.jsonl").read_text().splitlines()
    kept = json.loads(line)
    assert kept["machine"]["syncs_per_second"] > 0
    assert kept["sizes"]["kind"] == "tiny"
    found = {row["what"]: row for row in kept["rows"]}
    assert rows <= found.keys()
    for what in rows:
        assert all(figure > 0 for figure in (*found[what]["ours"], *found[what]["theirs"], *found[what]["ratios"]))


def test_a_case_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "http,speed"])
    assert "not speed" in capsys.readouterr().err


def test_the_table_shows_medians_of_the_rounds_and_whether_they_are_as_wanted() -> None:
    faster = Row("a", "ours", "theirs", "a second", (300, 100, 150), (100, 100, 100), 1.5)
    slower = Row("b", "a time", "another", "ms", (2.0,), (1.0,), 1.5, at_most=True, note="said below")
    alone = Row("c", "memory", "", "MB", (80.5,))
    assert (faster.reached, slower.reached, alone.reached) == (True, False, None)
    shown = report.table([faster, slower, alone])
    assert "1.50 (1.00–3.00)" in shown
    assert "≥ 1.5 ✓" in shown
    assert "≤ 1.5 ✗" in shown
    assert shown.endswith("2. said below")
