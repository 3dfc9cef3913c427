import io
import logging

import pytest

from notifications.discretion import DiscreetFilter, discreet, silenced


@pytest.mark.parametrize(
    ("spoken", "hushed"),
    [
        ("550 <hong.nguyen@sct.example.vn>: no such user", "550 <***>: no such user"),
        ("POST /bot123456:AbC-d_9/sendMessage", "POST /bot***/sendMessage"),
        ("smtp://dean:p@ss/w@mail.example.vn:25 is down", "smtp://***@mail.example.vn:25 is down"),
        ("?from=<dean%40example.vn>", "?from=<***>"),
        ('{"access_token": "abc", "n": 1}', '{"access_token": "***", "n": 1}'),
        ("refresh_token=abc&app_id=7", "refresh_token=***&app_id=7"),
        ("zalobot://123456:AbC-d?timeout=5 is down", "zalobot://*** is down"),
        ("GET https://gw.example.vn/84901234567/x", "GET https://gw.example.vn/***/x"),
        ("gọi 0901234567, +84351234567.", "gọi ***, ***."),
        ("mã 20260805901234567 và 1.084.901.234.567 đồng", "mã 20260805901234567 và 1.084.901.234.567 đồng"),
        ("Đã gửi 3 thư trong 2 giây", "Đã gửi 3 thư trong 2 giây"),
        ("2 @ 3", "2 @ 3"),
    ],
)
def test_what_looks_like_an_address_or_a_token_is_hidden(spoken: str, hushed: str) -> None:
    assert discreet(spoken) == hushed


def test_known_secret_is_hidden_as_a_whole_word_only() -> None:
    assert discreet("User AN is unknown, an-toàn, bàn, ban", "an", "") == "User *** is unknown, ***-toàn, bàn, ban"


def test_filter_rewrites_arguments_and_tracebacks() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(DiscreetFilter())
    logger = logging.Logger("a logger of its own")
    logger.addHandler(handler)

    logger.warning("to %s with %s", "hong@example.vn", {"password": "abc"})
    try:
        raise ValueError("hong@example.vn refused")
    except ValueError:
        logger.exception("failed")

    lines = written.getvalue().splitlines()
    assert lines[0] == "to *** with {'password': '***'}"
    assert lines[1] == "failed"
    assert lines[-1] == "ValueError: *** refused"


def test_libraries_are_silent_only_while_told(caplog: pytest.LogCaptureFixture) -> None:
    apprise = logging.getLogger("apprise")

    with silenced():
        apprise.warning("during")
    apprise.warning("after")

    assert [record.getMessage() for record in caplog.records] == ["after"]
