"""Settings: what is wrong is named."""

import pytest

from fairhold.engine.installation.settings import Settings, SettingsError, database_urls, read_settings


def test_nothing_set_is_a_local_file_and_the_default_policy() -> None:
    assert read_settings({}) == Settings()
    assert Settings().database == "sqlite:///fairhold.db"


def test_everything_can_be_set() -> None:
    settings = read_settings(
        {
            "FAIRHOLD_DATABASE": "sqlite:////srv/x.db",
            "FAIRHOLD_SECRET": "s" * 32,
            "FAIRHOLD_OPERATOR_KEY": "k" * 20,
            "FAIRHOLD_SANDBOX": "yes",
            "FAIRHOLD_POLICY": "fair",
            "FAIRHOLD_QUEUE": "100",
            "FAIRHOLD_BATCH": "10",
            "FAIRHOLD_LANES": "4",
            "FAIRHOLD_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2",
            "FAIRHOLD_PHOTOS": "s3://evidence/fairhold",
            "FAIRHOLD_PHOTOS_A_DAY": "50",
            "FAIRHOLD_WEBHOOK_NETWORKS": "10.1.0.0/16, fd12::/16",
            "FAIRHOLD_LOG_LEVEL": "warning",
        }
    )
    assert (settings.sandbox, settings.policy, settings.queue, settings.batch) == (True, "fair", 100, 10)
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.log_level == "warning"
    assert settings.lanes == 4
    assert settings.webhook_networks == ("10.1.0.0/16", "fd12::/16")
    assert (settings.photos, settings.photos_a_day) == ("s3://evidence/fairhold", 50)


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("FAIRHOLD_DATABASE", "mysql://x", "must look like sqlite:///"),
        ("FAIRHOLD_DATABASE", "sqlite:///", "must look like"),
        ("FAIRHOLD_DATABASE", "sqlite:///a.db, sqlite:///b.db", "several databases of PostgreSQL only"),
        ("FAIRHOLD_LANES", "0", "whole number from 1 to 256"),
        ("FAIRHOLD_PHOTOS", "gs://bucket", "must be a folder or s3://bucket/prefix"),
        ("FAIRHOLD_PHOTOS", "s3://x", "must be a folder or s3://bucket/prefix"),
        ("FAIRHOLD_PHOTOS", "a\nb", "must be a folder or s3://bucket/prefix"),
        ("FAIRHOLD_PHOTOS_A_DAY", "0", "whole number from 1"),
        ("FAIRHOLD_WEBHOOK_NETWORKS", "10.1.0.1/16", "has host bits set"),
        ("FAIRHOLD_WEBHOOK_NETWORKS", "the office", "must name networks such as"),
        ("FAIRHOLD_MAIL", "sendmail", "must be console, files:FOLDER, or smtp"),
        ("FAIRHOLD_MAIL", "files:", "must be console"),
        ("FAIRHOLD_MAIL_FROM", "nobody", "must be an address such as"),
        ("FAIRHOLD_MAIL_FROM", "a@b.org\nBcc: c@d.org", "must be an address such as"),
        ("FAIRHOLD_URL", "shop.example.org", "must look like https://"),
        ("FAIRHOLD_URL", "https://shop.example.org/path", "must look like https://"),
        ("FAIRHOLD_URL", "https://user@shop.example.org", "must look like https://"),
        ("FAIRHOLD_URL", "javascript:alert(1)", "must look like https://"),
        ("FAIRHOLD_SANDBOX", "maybe", "must be 1 or 0"),
        ("FAIRHOLD_SECRET", "short", "at least 16"),
        ("FAIRHOLD_OPERATOR_KEY", "a b c d e f g", "without spaces"),
        ("FAIRHOLD_OPERATOR_KEY", "ключ-оператора", "ASCII"),
        ("FAIRHOLD_QUEUE", "-1", "whole number from 1"),
        ("FAIRHOLD_QUEUE", "9" * 5000, "whole number"),
        ("FAIRHOLD_BATCH", "0", "whole number from 1"),
        ("FAIRHOLD_LOG_LEVEL", "loud", "must be one of"),
    ],
)
def test_what_cannot_be_used_is_named(variable: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        read_settings({variable: value})
    assert caught.value.variable == variable
    assert str(caught.value).startswith(variable)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("sqlite:///a,b.db", ("sqlite:///a,b.db",)),
        ("postgresql://one,two:5433/orders", ("postgresql://one,two:5433/orders",)),
        ("postgresql://one/a,postgresql://two/b", ("postgresql://one/a", "postgresql://two/b")),
        (" postgresql://one,two/a ,\n\tpostgres://three/b ", ("postgresql://one,two/a", "postgres://three/b")),
        ("postgresql://one/a postgresql://two/b", ("postgresql://one/a", "postgresql://two/b")),
    ],
)
def test_several_databases_are_parted_where_the_next_url_begins(text: str, urls: tuple[str, ...]) -> None:
    settings = read_settings({"FAIRHOLD_DATABASE": text})
    assert database_urls(settings.database) == urls


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///fairhold.db", "sqlite:///fairhold.db"),
        ("postgresql://host/orders", "postgresql://host/orders"),
        (
            "postgresql://a:hush@one/x, postgresql://b:hush@two/y?password=hush",
            "postgresql://a@one/x postgresql://b@two/y?password=…",
        ),
        ("postgresql://fair@host/orders", "postgresql://fair@host/orders"),
        ("postgres://fair:hush@host:5433/orders", "postgres://fair@host:5433/orders"),
        ("postgresql:///orders?user=fair&password=hush&host=x", "postgresql:///orders?user=fair&password=…&host=x"),
    ],
)
def test_a_database_is_shown_without_its_password(url: str, shown: str) -> None:
    assert read_settings({"FAIRHOLD_DATABASE": url}).database_shown == shown


@pytest.mark.parametrize("variable", ["FAIRHOLD_STRIPE_KEY", "FAIRHOLD_YOOKASSA_KEY", "FAIRHOLD_PAYMENT_KEY"])
def test_the_sandbox_refuses_live_payment_keys(variable: str) -> None:
    with pytest.raises(SettingsError, match="live payment key"):
        read_settings({"FAIRHOLD_SANDBOX": "1", variable: "sk_live_123"})
    assert read_settings({"FAIRHOLD_SANDBOX": "1", variable: "sk_test_123"}).sandbox
    assert not read_settings({variable: "sk_live_123"}).sandbox


SMTP = {
    "FAIRHOLD_MAIL": "smtps://us:secret-word@smtp.example.org:465",
    "FAIRHOLD_MAIL_FROM": "no-reply@shop.example.org",
    "FAIRHOLD_URL": "https://shop.example.org/",
}


def test_letters_to_people_say_whose_they_are_and_where_their_links_lead() -> None:
    settings = read_settings(SMTP)
    assert (settings.mail, settings.url) == (SMTP["FAIRHOLD_MAIL"], "https://shop.example.org")
    for variable in ("FAIRHOLD_MAIL_FROM", "FAIRHOLD_URL"):
        with pytest.raises(SettingsError, match="as FAIRHOLD_MAIL sends letters to people") as caught:
            read_settings({name: value for name, value in SMTP.items() if name != variable})
        assert caught.value.variable == variable


@pytest.mark.parametrize(
    "url", ["smtp://", "smtp://host:port", "smtp://host:0", "smtps://us:secret-word@host/x", "smtp://[::1"]
)
def test_a_mail_server_that_cannot_be_read_is_named_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="must look like") as caught:
        read_settings({**SMTP, "FAIRHOLD_MAIL": url})
    assert "secret-word" not in str(caught.value)
