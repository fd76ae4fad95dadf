"""Statements straight on libpq: what fails, fails as psycopg would say it, and the connection can be used again."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import OperationalError, errors, pq

from fairhold.store.postgres.arrays import blobs, ints, texts
from fairhold.store.postgres.connections import WRITING, Address
from fairhold.store.postgres.pipeline import Pipeline

pytestmark = pytest.mark.postgres


@pytest.fixture
def pipeline(postgres: str) -> Iterator[Pipeline]:
    with closing(Address(postgres).open(WRITING)) as connection:
        connection.execute("CREATE TABLE kept (id bigint PRIMARY KEY, text text, data bytea)")
        yield Pipeline(connection)


def test_rows_come_back_as_they_were_given(pipeline: Pipeline) -> None:
    insert = "INSERT INTO kept SELECT * FROM unnest(%s, %s, %s)"
    given = [(1, "one", b"\x00\xff"), (2, "zwei «ü» 😀", b"")]
    ids, words, data = zip(*given, strict=True)
    _, found = pipeline.run(
        [(insert, (ints(ids), texts(words), blobs(data))), ("SELECT * FROM kept WHERE id <= %s ORDER BY id", (2,))]
    )
    assert pipeline.rows(found) == given
    [one] = pipeline.run([("SELECT id FROM kept WHERE text = %s", ("one",))])
    assert pipeline.rows(one) == [(1,)]


def test_the_first_error_is_raised_and_nothing_behind_it_is_run(pipeline: Pipeline) -> None:
    insert = "INSERT INTO kept (id) VALUES (%s)"
    with pytest.raises(errors.UniqueViolation):
        pipeline.run([("BEGIN", ()), (insert, (1,)), (insert, (1,)), ("SELECT 1 / 0", ()), ("COMMIT", ())])
    assert pipeline.connection.info.transaction_status == pq.TransactionStatus.INERROR
    pipeline.run([("ROLLBACK", ())])
    [found] = pipeline.run([("SELECT count(*) FROM kept", ())])
    assert pipeline.rows(found) == [(0,)]
    pipeline.run([(insert, (1,))])


def test_a_statement_that_cannot_be_prepared_spoils_no_other(pipeline: Pipeline) -> None:
    good, bad = "SELECT id FROM kept WHERE id = %s", "SELECT nothing FROM nowhere WHERE id = %s"
    for _ in range(2):
        with pytest.raises(errors.UndefinedTable):
            pipeline.run([(good, (1,)), (bad, (1,)), ("SELECT text FROM kept", ())])
        [found] = pipeline.run([(good, (1,))])
        assert pipeline.rows(found) == []
    pipeline.run([("SELECT text FROM kept", ())])


def test_more_than_any_buffer_holds_goes_both_ways(pipeline: Pipeline) -> None:
    echo, large = "SELECT data FROM unnest(%s) AS asked (data)", [b"x" * 1_000_000] * 8
    results = pipeline.run([(echo, (blobs(large),))] * 4)
    assert [len(pipeline.rows(result)) for result in results] == [8] * 4


def test_a_connection_that_was_cut_is_closed_and_said_to_be_lost(pipeline: Pipeline, postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", (pipeline.connection.info.backend_pid,))
    with pytest.raises(OperationalError):
        pipeline.run([("SELECT 1", ())])
    assert pipeline.connection.closed


def test_a_connection_cut_while_it_works_is_closed_and_said_to_be_lost(pipeline: Pipeline) -> None:
    with pytest.raises(OperationalError):
        pipeline.run([("SELECT 1", ()), ("SELECT pg_terminate_backend(pg_backend_pid())", ()), ("SELECT 2", ())])
    assert pipeline.connection.closed
