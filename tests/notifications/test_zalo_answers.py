import pytest

from notifications.outcome import Outcome
from notifications.zalo_answers import OUTCOMES, Endpoint, judge_account, judge_bot, judge_status
from notifications.zalo_http import Answer

# Written out by hand from the documents, and not from the table of the code.
DOCUMENTED = {
    Endpoint.BOT: {
        Outcome.PERMANENT: "400 404",
        Outcome.CONFIG: "401",
        Outcome.RETRY: "403 408 426 429 500 503",
    },
    Endpoint.OA: {
        Outcome.RETRY: "-32 -200 -234",
        Outcome.PERMANENT: "-201 -210 -233 -248 -99999",
        Outcome.CONFIG: "-204 -205 -209 -212 -219 -221 -223 -224 -235 -320 -403",
        Outcome.QUOTA: "-211 -218 -321",
        Outcome.RECIPIENT: "-213 -217 -227 -244",
        Outcome.REFRESH: "-216 -220",
        Outcome.WINDOW: "-230 -232",
    },
    Endpoint.ZNS: {
        Outcome.RETRY: "-100",
        Outcome.RECIPIENT: "-108 -110 -114 -118 -119",
        Outcome.CONFIG: "-109 -117",
        Outcome.PERMANENT: "-111 -112 -99999",
        Outcome.QUOTA: "-115",
        Outcome.REFRESH: "-124",
    },
}
CASES = [
    (endpoint, int(code), outcome)
    for endpoint, meanings in DOCUMENTED.items()
    for outcome, codes in meanings.items()
    for code in codes.split()
]


@pytest.mark.parametrize(("endpoint", "code", "outcome"), CASES)
def test_code_means_what_its_service_documents(endpoint: Endpoint, code: int, outcome: Outcome) -> None:
    if endpoint is Endpoint.BOT:
        body = f'{{"ok": false, "error_code": {code}, "description": "no"}}'
        delivery = judge_bot(Answer(200, body.encode()))
    else:
        delivery = judge_account(endpoint, Answer(200, f'{{"error": {code}, "message": "no"}}'.encode()))

    assert (delivery.outcome, delivery.code, delivery.provider_id) == (outcome, str(code), None)


def test_every_code_of_the_table_is_documented() -> None:
    written = {(endpoint, code) for endpoint, codes in OUTCOMES.items() for code in codes}

    assert written == {(endpoint, code) for endpoint, code, _ in CASES if code != -99999}


def test_same_number_means_different_things_in_different_services() -> None:
    body = b'{"error": -124, "message": "x"}'

    zns, oa = (judge_account(endpoint, Answer(200, body)) for endpoint in (Endpoint.ZNS, Endpoint.OA))

    assert (zns.outcome, oa.outcome) == (Outcome.REFRESH, Outcome.PERMANENT)


def test_code_written_as_a_string_is_read() -> None:
    refused = judge_account(Endpoint.OA, Answer(200, b'{"error": "-213", "message": "x"}'))
    taken = judge_account(Endpoint.ZNS, Answer(200, b'{"error": "0", "data": {"msg_id": 12}}'))

    assert (refused.outcome, refused.code) == (Outcome.RECIPIENT, "-213")
    assert (taken.outcome, taken.provider_id) == (Outcome.OK, "12")


def test_refusal_says_what_zalo_said_and_what_follows() -> None:
    delivery = judge_account(Endpoint.OA, Answer(200, b'{"error": -230, "message": "Too\\n late for 77"}'), "77")

    assert delivery.detail == "Zalo OA từ chối (mã -230: Too late for ***); chưa được phép nhắn cho người này lúc này."


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.UNKNOWN),
        (204, Outcome.UNKNOWN),
        (301, Outcome.CONFIG),
        (401, Outcome.CONFIG),
        (404, Outcome.CONFIG),
        (407, Outcome.CONFIG),
        (408, Outcome.RETRY),
        (413, Outcome.PERMANENT),
        (429, Outcome.RETRY),
        (500, Outcome.RETRY),
        (502, Outcome.UNKNOWN),
        (503, Outcome.RETRY),
        (504, Outcome.UNKNOWN),
        (522, Outcome.UNKNOWN),
        (999, Outcome.UNKNOWN),
    ],
)
def test_status_alone_speaks_where_the_body_is_not_zalo(status: int, outcome: Outcome) -> None:
    assert judge_status("Zalo Bot", Answer(status, b"<html>")).outcome is outcome
