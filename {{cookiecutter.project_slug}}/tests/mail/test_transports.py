"""Messages leave encrypted where that was asked for, and to nobody who only claims a name."""

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtplib import SMTPAuthenticationError, SMTPException
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from app.core.settings import read
from app.mail import transports
from app.mail.transports import Console, Smtp
from tests.mail.servers import Mailbox, listening

LOGIN = (b"ada", b"p@ss/word")
ADA = "ada:p%40ss%2Fword@localhost"


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "us@example.com", "you@example.com", "Hello"
    mail.set_content("Plain\n")
    mail.add_alternative("<p>Rich</p>\n", subtype="html")
    return mail


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


async def test_smtps_is_encrypted_from_the_first_byte(tls: ssl.SSLContext, trusted: None) -> None:
    mailbox = Mailbox()
    async with listening(mailbox, implicit=tls) as port:
        await Smtp(f"smtps://localhost:{port}").deliver(message())

    assert [mail["Subject"] for mail in mailbox.received] == ["Hello"]


async def test_starttls_encrypts_before_the_password_is_sent(
    tls: ssl.SSLContext, trusted: None
) -> None:
    mailbox = Mailbox()
    async with listening(mailbox, starttls=tls, login=LOGIN) as port:
        await Smtp(f"smtp://{ADA}:{port}?starttls").deliver(message())

    assert len(mailbox.received) == 1


async def test_starttls_that_the_server_does_not_offer_is_not_done_without() -> None:
    mailbox = Mailbox()
    async with listening(mailbox) as port:
        with pytest.raises(SMTPException):
            await Smtp(f"smtp://localhost:{port}?starttls").deliver(message())

    assert mailbox.received == []


@pytest.mark.parametrize("address", ["smtps://localhost:{}", "smtp://localhost:{}?starttls"])
async def test_a_server_that_cannot_prove_its_name_gets_nothing(
    address: str, tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    at_once = address.startswith("smtps")
    async with listening(
        mailbox, implicit=tls if at_once else None, starttls=None if at_once else tls
    ) as port:
        with pytest.raises((SMTPException, ssl.SSLError)):
            await Smtp(address.format(port)).deliver(message())

    assert mailbox.received == []


async def test_a_wrong_password_is_an_error_that_may_pass(
    tls: ssl.SSLContext, trusted: None
) -> None:
    async with listening(Mailbox(), starttls=tls, login=LOGIN) as port:
        with pytest.raises(SMTPAuthenticationError):
            await Smtp(f"smtp://ada:wrong@localhost:{port}?starttls").deliver(message())


async def test_a_server_that_hangs_is_given_up_in_time() -> None:
    mailbox = Mailbox()
    mailbox.patience.clear()
    async with listening(mailbox) as port:
        with pytest.raises(SMTPException):
            await Smtp(f"smtp://localhost:{port}", seconds=0.2).deliver(message())
        mailbox.patience.set()


async def test_a_developer_reads_mail_in_the_log() -> None:
    with capture_logs() as logs:
        await Console().deliver(message())

    (line,) = logs
    assert (line["to"], line["subject"], line["text"]) == ("you@example.com", "Hello", "Plain\n")


@pytest.mark.parametrize(
    ("environment", "address", "expected"),
    [
        ("production", "smtp://mail.example.com", Smtp),
        ("development", "smtp://localhost:1025", Smtp),
        ("development", "", Console),
        ("production", "", type(None)),
        ("test", "", type(None)),
    ],
)
def test_messages_take_the_way_that_is_configured(
    environment: str, address: str, expected: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    monkeypatch.setenv("SMTP_URL", address)
    read.cache_clear()
    try:
        assert type(transports.configured()) is expected
    finally:
        read.cache_clear()
