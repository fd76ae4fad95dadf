import pytest

from fairhold.engine.ports.mail_addresses import on_the_wire, read_address


@pytest.mark.parametrize(
    ("typed", "read", "wire"),
    [
        ("ann@example.org", "ann@example.org", "ann@example.org"),
        ("  Ann.B+shop@Example.ORG ", "Ann.B+shop@example.org", "Ann.B+shop@example.org"),
        ("anna@Почта.РФ", "anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"),
        ("anna@xn--80a1acny.xn--p1ai", "anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"),
        ("o'neil@faß.de", "o'neil@faß.de", "o'neil@xn--fa-hia.de"),
    ],
)
def test_an_address_is_read_into_one_form_and_told_to_servers_in_ascii(typed: str, read: str, wire: str) -> None:
    assert read_address(typed) == read
    assert on_the_wire(read) == wire


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@localhost",
        "ann@127.0.0.1",
        "ann@[127.0.0.1]",
        "ann@exa mple.org",
        "a nn@example.org",
        "ann@example..org",
        ".ann@example.org",
        "ann.@example.org",
        "a..b@example.org",
        '"a b"@example.org',
        "анна@example.org",
        "ann@example.org\nBcc: eve@example.org",
        "ann\r\nBcc: eve@example.org@example.org",
        "ann@example.org, eve@example.org",
        "Ann <ann@example.org>",
        "ann@-example.org",
        "ann@exam_ple.org",
        "a" * 65 + "@example.org",
        "ann@" + ".".join(["a" * 60] * 5) + ".org",
        "ann@\x00example.org",
        "ann@example.org\x00",
    ],
)
def test_what_is_no_plain_address_of_one_mailbox_is_not_taken(typed: str) -> None:
    assert read_address(typed) is None
