"""Signing in with the office's own account server (OpenID Connect): the questions we ask it, and what we believe.

The authorization code flow with PKCE. An identity token is believed when the server's published key has signed it for
us, for this very sign-in, and it has not run out. The packages it needs are an extra of the installation.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flows.jobs.settings import Settings
from states.folding import quoted
from states.refusal import Refused

if TYPE_CHECKING:
    from httpx import Client
    from joserfc.jwt import Claims

#: Signatures with a key pair only: with a shared secret whoever knows ours could write tokens.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
#: Seconds by which the clocks of two servers may differ, and after which we stop waiting for an answer.
LEEWAY, PATIENCE = 60, 10.0

NOT_INSTALLED = "Chưa cài phần đăng nhập bằng tài khoản của cơ quan; hãy cài thêm gói tùy chọn oidc của chương trình."
NOT_SET = "Nơi này chưa dùng đăng nhập bằng tài khoản của cơ quan; hãy đăng nhập bằng mật khẩu."
NOT_BELIEVED = "Cổng đăng nhập trả lời không hợp lệ nên chưa cho vào; hãy thử lại, hoặc báo quản trị"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that has begun: what only this browser and the answer to it can know."""

    state: str
    nonce: str
    verifier: str
    onward: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the server says it has recognised. `subject` never changes; `email` is empty where it is not proved."""

    subject: str
    email: str
    name: str


def begin(onward: str) -> Attempt:
    """Make the secrets of one sign-in."""
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), onward)


@dataclass(frozen=True, slots=True)
class Provider:
    """The account server, known by its address; what else there is to know it tells itself."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def door(self, attempt: Attempt) -> str:
        """The address at the server to which the browser goes. Raises Refused when the server does not answer."""
        with _client() as http:
            door = self._described(http)["authorization_endpoint"]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{door}{'&' if urlsplit(door).query else '?'}{urlencode(query)}"

    def identity(self, code: str, attempt: Attempt, *, at: datetime) -> Identity:
        """Exchange the code of an answer for an identity. Raises Refused for anything that is not to be believed."""
        with _client() as http:
            described = self._described(http)
            token = self._token(http, described, code, attempt)
            keys = _asked(http, _own(described["jwks_uri"], self.issuer))
        return self._believed(token, keys, attempt, at)

    def _described(self, http: "Client") -> Mapping[str, Any]:
        """What the server says of itself; it must say its own name."""
        described = _asked(http, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if described.get("issuer") != self.issuer or not all(isinstance(described.get(name), str) for name in wanted):
            raise Refused(f"{NOT_BELIEVED} (DEAN_OIDC_ISSUER không đúng tên của cổng).")
        for name in wanted:
            _own(described[name], self.issuer)
        return described

    def _token(self, http: "Client", described: Mapping[str, Any], code: str, attempt: Attempt) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        methods = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in methods:
            answer = _asked(http, described["token_endpoint"], form, auth=(self.client_id, self.client_secret))
        else:
            known = {"client_id": self.client_id, "client_secret": self.client_secret}
            answer = _asked(http, described["token_endpoint"], form | known)
        if not isinstance(answer.get("id_token"), str):
            raise Refused(f"{NOT_BELIEVED} (không có id_token).")
        return str(answer["id_token"])

    def _believed(self, token: str, keys: Mapping[str, Any], attempt: Attempt, at: datetime) -> Identity:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            claims = jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Refused(f"{NOT_BELIEVED} (chữ ký không đúng).") from error
        if wrong := self._wrong(claims, attempt, at):
            raise Refused(f"{NOT_BELIEVED} ({wrong}).")
        # Some servers write the truth of it as a word.
        is_proved = claims.get("email_verified") in (True, "true")
        email = str(claims.get("email") or "") if is_proved else ""
        return Identity(str(claims["sub"]), email.strip().lower(), str(claims.get("name") or ""))

    def _wrong(self, claims: "Claims", attempt: Attempt, at: datetime) -> str:
        """What of a well-signed token is not for us, not for this sign-in, or not any more; empty when it is good."""
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires = claims.get("exp")
        if claims.get("iss") != self.issuer:
            return "do nơi khác cấp"
        if self.client_id not in audiences or (len(audiences) > 1 and claims.get("azp") != self.client_id):
            return "cấp cho chương trình khác"
        if not isinstance(expires, int | float) or expires + LEEWAY <= at.timestamp():
            return "đã hết hạn"
        if not secrets.compare_digest(str(claims.get("nonce", "")), attempt.nonce):
            return "không phải cho lần đăng nhập này"
        return "" if claims.get("sub") else "không nói là ai"


def provider_of(settings: Settings) -> Provider:
    """The account server of the settings. Raises Refused where none is set, or the packages are not installed."""
    if not settings.oidc_issuer or not settings.oidc_client_id:
        raise Refused(NOT_SET)
    try:
        import httpx  # noqa: F401
        import joserfc  # noqa: F401
    except ImportError as error:
        raise Refused(NOT_INSTALLED) from error
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else ""
    redirect = f"{settings.base_url.rstrip('/')}/login/oidc/callback"
    _own(settings.oidc_issuer, settings.oidc_issuer)
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, redirect)


def _client() -> "Client":
    from httpx import Client

    return Client(timeout=PATIENCE, follow_redirects=False)


def _own(address: str, issuer: str) -> str:
    """An address to which secrets may go: over TLS, unless the server is on this machine. Raises Refused."""
    parts = urlsplit(address)
    on_this_machine = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme == "https" or (parts.scheme == "http" and on_this_machine):
        return address
    raise Refused(f"Địa chỉ {quoted(address)} của cổng đăng nhập {quoted(issuer)} phải là https; hãy báo quản trị.")


def _asked(
    http: "Client", address: str, form: Mapping[str, str] | None = None, auth: tuple[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object that a server answers with. Raises Refused where there is none."""
    from httpx import USE_CLIENT_DEFAULT, BasicAuth, HTTPError

    try:
        by = BasicAuth(*auth) if auth else USE_CLIENT_DEFAULT
        answer = http.post(address, data=form, auth=by) if form is not None else http.get(address)
        answer.raise_for_status()
        told = answer.json()
    except (HTTPError, ValueError) as error:
        raise Refused("Cổng đăng nhập của cơ quan không trả lời; hãy thử lại sau, hoặc dùng mật khẩu.") from error
    if not isinstance(told, dict):
        raise Refused(f"{NOT_BELIEVED}.")
    return told
