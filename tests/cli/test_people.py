"""Who signs in here, from the command line: the first operator, and everybody's roles."""

from pathlib import Path

from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.cli.conftest import Type
from tests.databases import up_to_date


def test_the_first_operator_is_invited_and_listed(typed: Type, tmp_path: Path) -> None:
    database = f"sqlite:///{up_to_date(tmp_path / 'fairhold.db')}"
    assert "No staff" in typed("people", "list", "--database", database).out
    invited = typed("people", "invite", "ops@example.org", "--person", "ops", "--database", database)
    assert invited.code == 0
    token = invited.out.partition("token=")[2].split()[0]
    app = build(Settings(database=database), migrate=False)
    made = app.members.entrance.open_account(token, "Olga", "correct horse battery", "en", sells=False)
    assert app.store.tables().rows("SELECT template FROM mail")[0][0] == "account_invited"
    app.close()
    assert getattr(made, "person", None) == "ops"
    [row] = typed("people", "list", "--json", "--database", database).json
    assert row == {
        "person": "ops",
        "name": "Olga",
        "email": "ops@example.org",
        "roles": ["operator"],
        "second_step": False,
    }
    assert typed("people", "roles", "OPS@example.org", "mediator,buyer", "--database", database).code == 0
    assert "mediator, buyer" in typed("people", "list", "--database", database).out


def test_what_cannot_be_done_is_said(typed: Type, tmp_path: Path) -> None:
    database = f"sqlite:///{up_to_date(tmp_path / 'fairhold.db')}"
    for arguments in (
        ("invite", "nobody"),
        ("invite", "a@example.org", "--roles", "king"),
        ("invite", "a@example.org", "--roles", ","),
        ("invite", "a@example.org", "--person", "a b"),
        ("roles", "a@example.org", "buyer"),
    ):
        answer = typed("people", *arguments, "--database", database)
        assert answer.code == 2, arguments
        assert "Traceback" not in answer.err


def test_a_key_is_rotated_and_the_old_one_counts_for_a_while(typed: Type, tmp_path: Path) -> None:
    database = f"sqlite:///{up_to_date(tmp_path / 'fairhold.db')}"
    made = typed("keys", "create", "--scopes", "sign_in,keys", "--json", "--database", database).json
    new = typed("keys", "rotate", made["id"], "--json", "--database", database).json
    assert new["scopes"] == ["sign_in", "keys"]
    listed = typed("keys", "list", "--json", "--database", database).json
    assert [bool(key["revoked_at"]) for key in listed] == [True, False]
    assert typed("keys", "rotate", made["id"], "--database", database).code == 2
    assert typed("keys", "rotate", "none", "--database", database).code == 2
