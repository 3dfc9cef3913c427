import socket
import ssl
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.demo_servers import HOST, Fault, LoopbackSmtp, Moment
from notifications.message import Attachment, Message, message_id
from notifications.outcome import Delivery, Outcome
from notifications.post import deliver

SENDER = "Trung tâm Khuyến công <dean@sct.example.vn>"
USER, PASSWORD = "may.gui.thu", "Kh0ng-Ai-Biet/@:?#%+"
MESSAGE = Message(
    key="bao-cao-dem:2026-08-05:41",
    to_address="hong.nguyen@congthuong.example.vn",
    to_name="Nguyễn Thị Hồng",
    subject="Báo cáo đêm 05/8/2026: 3 đề án quá hạn, 12 đề án đến hạn trong 7 ngày làm việc",
    text="Kính gửi chị Hồng,\n\n.Chương trình đã dùng 74.975 triệu đồng.\nFrom: không phải tiêu đề\n.\n",
    html="<p>Chương trình đã dùng <b>74.975 triệu đồng</b>.</p>\n",
    attachments=(Attachment(name="Báo cáo đêm.txt", media_type="text/plain", content="đủ\r\n.\r\n".encode()),),
    references=("chuong-trinh:2021-2025",),
    created_at=datetime(2026, 8, 5, 18, 30, tzinfo=UTC),
)


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the loopback address, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def lines(value: object) -> str:
    return str(value).replace("\r\n", "\n")


def test_vietnamese_mail_arrives_exactly(server: LoopbackSmtp) -> None:
    delivery = deliver(MESSAGE, server.url(SENDER))

    (arrived,) = server.mails
    mail = arrived.parsed
    text, html, (attached,) = mail.get_body(("plain",)), mail.get_body(("html",)), mail.iter_attachments()
    assert text is not None
    assert html is not None
    assert delivery == Delivery(
        outcome=Outcome.OK,
        provider_id=message_id(MESSAGE.key, "dean@sct.example.vn"),
        code="250 2.0.0",
        detail="Máy chủ thư đã nhận: 2.0.0 OK: queued as 1",
    )
    assert (arrived.sender, arrived.recipients) == ("dean@sct.example.vn", (MESSAGE.to_address,))
    assert str(mail["Subject"]) == MESSAGE.subject
    assert (lines(text.get_content()), lines(html.get_content())) == (MESSAGE.text, MESSAGE.html)
    assert attached.get_filename() == "Báo cáo đêm.txt"
    assert attached.get_payload(decode=True) == "đủ\r\n.\r\n".encode()
    assert str(mail["Message-ID"]) == delivery.provider_id
    assert str(mail["Auto-Submitted"]) == "auto-generated"


def test_second_hand_over_is_the_same_mail(server: LoopbackSmtp) -> None:
    url = server.url(SENDER)

    deliver(MESSAGE, url)
    deliver(replace(MESSAGE), url)

    first, second = server.mails
    assert first.content == second.content


def test_decomposed_text_arrives_composed(server: LoopbackSmtp) -> None:
    decomposed = replace(
        MESSAGE,
        subject=unicodedata.normalize("NFD", MESSAGE.subject),
        text=unicodedata.normalize("NFD", MESSAGE.text),
    )

    deliver(decomposed, server.url(SENDER))

    mail = server.mails[0].parsed
    text = mail.get_body(("plain",))
    assert text is not None
    assert (str(mail["Subject"]), lines(text.get_content())) == (MESSAGE.subject, MESSAGE.text)


def test_very_long_text_is_one_mail(server: LoopbackSmtp) -> None:
    text = "Đề án số 14 còn 3 ngày làm việc.\n" * 4_000

    deliver(replace(MESSAGE, text=text), server.url(SENDER))

    (arrived,) = server.mails
    body = arrived.parsed.get_body(("plain",))
    assert body is not None
    assert lines(body.get_content()) == text


REFUSALS: list[tuple[Moment, str, Outcome, str]] = [
    ("greeting", "421 4.3.2 too busy", Outcome.RETRY, "421 4.3.2"),
    ("greeting", "554 5.7.1 go away", Outcome.CONFIG, "554 5.7.1"),
    ("sender", "451 4.3.0 later", Outcome.RETRY, "451 4.3.0"),
    ("sender", "553 5.1.8 sender <dean@sct.example.vn> rejected", Outcome.CONFIG, "553 5.1.8"),
    ("recipient", "450 4.2.1 mailbox of hong.nguyen is busy", Outcome.RETRY, "450 4.2.1"),
    ("recipient", "550 5.1.1 <hong.nguyen@congthuong.example.vn> unknown", Outcome.RECIPIENT, "550 5.1.1"),
    ("start", "451 4.3.0 later", Outcome.RETRY, "451 4.3.0"),
    ("start", "554 5.5.1 no", Outcome.PERMANENT, "554 5.5.1"),
    ("content", "452 4.3.1 disk full", Outcome.RETRY, "452 4.3.1"),
    ("content", "554 5.7.1 spam for hong.nguyen@congthuong.example.vn", Outcome.PERMANENT, "554 5.7.1"),
    ("content", "550 5.4.5 daily sending limit exceeded", Outcome.QUOTA, "550 5.4.5"),
    ("content", "hello?", Outcome.UNKNOWN, "-1"),
]


@pytest.mark.parametrize(("moment", "answer", "outcome", "code"), REFUSALS)
def test_refusal_has_the_outcome_of_its_moment(
    server: LoopbackSmtp, moment: Moment, answer: str, outcome: Outcome, code: str
) -> None:
    server.script(moment, answer)

    refused = deliver(MESSAGE, server.url(SENDER))
    accepted = deliver(MESSAGE, server.url(SENDER))

    assert (refused.outcome, refused.code) == (outcome, code)
    assert "hong.nguyen" not in refused.detail
    assert "@" not in refused.detail
    assert (accepted.outcome, len(server.mails)) == (Outcome.OK, 1)


SILENCES: list[tuple[Moment, Outcome, int]] = [
    ("greeting", Outcome.RETRY, 0),
    ("sender", Outcome.RETRY, 0),
    ("recipient", Outcome.RETRY, 0),
    ("start", Outcome.RETRY, 0),
    ("content", Outcome.UNKNOWN, 1),
]


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize(("moment", "outcome", "arrived"), SILENCES)
def test_silence_is_unknown_only_after_the_content(
    server: LoopbackSmtp, fault: Fault, moment: Moment, outcome: Outcome, arrived: int
) -> None:
    server.script(moment, fault)

    delivery = deliver(MESSAGE, server.url(SENDER, timeout="0.2"))

    assert (delivery.outcome, len(server.mails)) == (outcome, arrived)


def test_mail_with_unknown_outcome_handed_over_again_bears_the_same_message_id(server: LoopbackSmtp) -> None:
    server.script("content", Fault.DROP)

    outcomes = [deliver(MESSAGE, server.url(SENDER)).outcome for _ in range(2)]

    assert outcomes == [Outcome.UNKNOWN, Outcome.OK]
    assert len({str(mail.parsed["Message-ID"]) for mail in server.mails}) == 1


def test_connection_refused_is_retry() -> None:
    with socket.create_server((HOST, 0)) as closing:
        port = closing.getsockname()[1]

    delivery = deliver(MESSAGE, f"smtp://{HOST}:{port}?from={SENDER}")

    assert (delivery.outcome, delivery.code) == (Outcome.RETRY, "refused")


def test_recipient_without_a_mail_address_is_recipient_and_nothing_is_sent(server: LoopbackSmtp) -> None:
    refused = deliver(replace(MESSAGE, to_address="6ede9afa66b88fe6d6a9"), server.url(SENDER))
    accepted = deliver(MESSAGE, server.url(SENDER))

    assert (refused.outcome, refused.code, accepted.outcome) == (Outcome.RECIPIENT, "address", Outcome.OK)
    assert "6ede9afa" not in refused.detail
    assert [mail.recipients for mail in server.mails] == [(MESSAGE.to_address,)]


def test_login_is_needed_and_works() -> None:
    with LoopbackSmtp(user=USER, password=PASSWORD) as server:
        with_login = deliver(MESSAGE, server.url(SENDER))
        without = deliver(MESSAGE, f"smtp://{HOST}:{server.port}?from={SENDER}")
        wrong = deliver(MESSAGE, f"smtp://{USER}:sai@{HOST}:{server.port}?from={SENDER}")
        server.script("login", "454 4.7.0 later", "454 4.7.0 later")
        later = deliver(MESSAGE, server.url(SENDER))

    assert [delivery.outcome for delivery in (with_login, without, wrong, later)] == [
        Outcome.OK,
        Outcome.CONFIG,
        Outcome.CONFIG,
        Outcome.RETRY,
    ]
    assert (wrong.code, len(server.mails)) == ("535 5.7.8", 1)


@pytest.mark.parametrize("implicit", [True, False])
def test_mail_travels_encrypted_and_checks_the_certificate(certificate: Path, implicit: bool) -> None:
    mode = "tls" if implicit else "starttls"
    with LoopbackSmtp(tls=server_tls(certificate), implicit_tls=implicit, user=USER, password=PASSWORD) as server:
        trusted = deliver(MESSAGE, server.url(SENDER, mode=mode, ca=str(certificate)))
        unchecked = deliver(MESSAGE, server.url(SENDER, mode=mode, verify="no"))
        unknown_issuer = deliver(MESSAGE, server.url(SENDER, mode=mode))
        no_file = deliver(MESSAGE, server.url(SENDER, mode=mode, ca=str(certificate.with_name("missing.pem"))))

    assert [delivery.outcome for delivery in (trusted, unchecked)] == [Outcome.OK, Outcome.OK]
    assert (unknown_issuer.outcome, unknown_issuer.code) == (Outcome.CONFIG, "certificate")
    assert (no_file.outcome, no_file.code) == (Outcome.CONFIG, "ca-file")
    assert len(server.mails) == 2


def test_wrong_kind_of_encryption_is_config_and_never_clear_text(server: LoopbackSmtp) -> None:
    no_starttls = deliver(MESSAGE, server.url(SENDER, starttls="1"))
    no_tls = deliver(MESSAGE, server.url(SENDER, mode="tls"))

    assert (no_starttls.outcome, no_starttls.code) == (Outcome.CONFIG, "no-starttls")
    assert (no_tls.outcome, no_tls.code) == (Outcome.CONFIG, "tls")
    assert server.mails == []


@pytest.mark.parametrize("url", ["", "mailto://u:abc@example.vn", "smtp://u:abc@example.vn:x?from=a@b.vn", "smtp://"])
def test_unusable_channel_is_config_and_not_repeated(url: str) -> None:
    delivery = deliver(MESSAGE, url)

    assert (delivery.outcome, delivery.code) == (Outcome.CONFIG, "channel-url")
    assert "abc" not in delivery.detail


def test_nothing_secret_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    caplog.set_level(1, logger="apprise")
    secrets = ("hong.nguyen", "dean@", PASSWORD, "Kh0ng", USER)
    with LoopbackSmtp(user=USER, password=PASSWORD) as server:
        server.script("recipient", f"550 5.1.1 {MESSAGE.to_address} unknown to {USER}")
        server.script("content", "554 5.7.1 no", Fault.DROP)

        deliveries = [deliver(MESSAGE, server.url(SENDER)) for _ in range(4)]
    told = caplog.text + repr(deliveries) + repr(server)

    assert [delivery.outcome for delivery in deliveries] == [
        Outcome.RECIPIENT,
        Outcome.PERMANENT,
        Outcome.UNKNOWN,
        Outcome.OK,
    ]
    assert [secret for secret in secrets if secret in told] == []
    assert "apprise" in caplog.text


def test_many_senders_at_once_keep_their_outcomes_apart(server: LoopbackSmtp) -> None:
    messages = [replace(MESSAGE, key=f"nhac:{number}") for number in range(40)]
    url = server.url(SENDER)

    with ThreadPoolExecutor(4) as workers:
        deliveries = list(workers.map(lambda message: deliver(message, url), messages))

    wanted = [message_id(message.key, "dean@sct.example.vn") for message in messages]
    assert [delivery.provider_id for delivery in deliveries] == wanted
    assert sorted(str(mail.parsed["Message-ID"]) for mail in server.mails) == sorted(wanted)


def test_mistake_in_a_plug_in_is_not_swallowed() -> None:
    from notifications.channel import Channel, hand_over, register

    class Broken(Channel):  # type: ignore[no-untyped-call]
        protocol = "deanbroken"

        @staticmethod
        def parse_url(url: str, *_: object, **__: object) -> dict[str, str]:
            return {"schema": "deanbroken"}

        def carry(self, message: Message) -> Delivery:
            raise ZeroDivisionError(message.key)

    register(Broken)

    with pytest.raises(ZeroDivisionError, match=MESSAGE.key):
        hand_over(MESSAGE, "deanbroken://anything")


def test_apprise_is_not_imported_before_the_first_mail() -> None:
    program = "import sys, notifications.post, notifications.demo_servers; print(*sys.modules)"

    answered = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert {"apprise", "aiosmtpd", "notifications.post"} & set(answered.stdout.split()) == {"notifications.post"}
