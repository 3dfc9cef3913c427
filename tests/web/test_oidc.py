"""Signing in with the office's account, at a small account server on this machine that can also misbehave."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr

from models.desk.access_log import access_log
from models.people import edit_person
from models.queries import people
from tests.web.reading import read
from web.access import COOKIE

CLIENT, SECRET = "so-khuyen-cong", "một bí mật dài"


@dataclass
class AccountServer:
    """What the server knows, and how it may lie. `claims` go into every token over the honest ones."""

    key: RSAKey
    now: Any
    port: int = 0
    subject: str = "u-4711"
    email: str = "binh@sct.example"
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    signs_with: Any = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/so"

    def description(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
        } | self.described

    def authorize(self, address: str) -> str:
        """What a person does there: say yes. Answers the address to which the browser is sent back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """A token for a code that fits its verifier and its client, once."""
        asked = self.codes.pop(form.get("code", ""), None)
        known = base64.b64decode(authorization.removeprefix("Basic ")).decode() if authorization else ""
        if "client_id" in form:
            known = f"{form['client_id']}:{form['client_secret']}"
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if asked is None or known != f"{CLIENT}:{SECRET}" or challenge.decode() != asked["code_challenge"]:
            return None
        at = int(self.now().timestamp())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": at, "exp": at + 300}
        claims |= {"nonce": asked["nonce"], "email": self.email, "email_verified": True} | self.claims
        key = self.signs_with or self.key
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return {"id_token": jwt.encode(header, claims, key, algorithms=[self.algorithm]), "token_type": "Bearer"}


def handler(server: AccountServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(("GET", self.path))
            if self.path.endswith("/.well-known/openid-configuration"):
                self.answer(server.description())
            elif self.path.endswith("/keys"):
                self.answer({"keys": [server.key.as_dict(private=False)]})
            else:
                self.answer(None)

        def do_POST(self) -> None:
            server.asked.append(("POST", self.path))
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(server.token(form, self.headers.get("authorization", "")))

        def answer(self, told: dict[str, Any] | None) -> None:
            content = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(200 if told is not None else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Keep the tests quiet."""

    return Handler


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1"})


@pytest.fixture
def server(office: Any, key: RSAKey) -> Iterator[AccountServer]:
    told = AccountServer(key, now=lambda: office.at)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(told)) as http:
        told.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield told
        http.shutdown()
        thread.join()


@pytest.fixture
def desk(office: Any, server: AccountServer, make_web: Any) -> Any:
    with office.store.write() as session:
        edit_person(session, "binh", office.origin, email="Binh@SCT.example")
    issuer = {"oidc_issuer": server.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    return make_web(office, **issuer)


def sign_in(desk: Any, server: AccountServer, onward: str = "/me") -> tuple[Any, Any]:
    """A browser goes out, the person says yes there, and it comes back: the browser and the last answer."""
    browser = desk.by()
    out = browser.get(f"/login/oidc?next={onward}")
    assert out.status_code == 303
    return browser, come_back(browser, server.authorize(out.headers["location"]))


def come_back(browser: Any, address: str) -> Any:
    """A link from the other site: browsers say so."""
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}", headers={"sec-fetch-site": "cross-site"})


def test_person_known_by_a_proved_address_comes_in_and_is_kept(desk: Any, server: AccountServer) -> None:
    browser, answer = sign_in(desk, server)
    server.email = "somebody-else@sct.example"
    again, second = sign_in(desk, server)

    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert "Trần Thị Bình (binh)" in browser.get("/me").text
    # The second time the subject counts, whatever address the account has by then.
    assert (second.status_code, "Trần Thị Bình (binh)" in again.get("/me").text) == (303, True)
    with desk.office.store.read() as session:
        assert [(row["act"], row["person"]) for row in access_log(session)] == [("account_linked", "binh")]


def test_browser_goes_out_with_a_challenge_and_no_secret(desk: Any, server: AccountServer) -> None:
    out = desk.by().get("/login/oidc")

    asked = dict(parse_qsl(urlsplit(out.headers["location"]).query))
    assert asked["code_challenge_method"] == "S256"
    assert (asked["response_type"], asked["scope"]) == ("code", "openid email profile")
    assert asked["redirect_uri"] == "http://127.0.0.1:8321/login/oidc/callback"
    assert SECRET not in out.headers["location"]
    assert "httponly" in out.headers["set-cookie"].lower()


def test_door_stands_on_the_sign_in_page_only_where_it_leads_somewhere(desk: Any, web: Any) -> None:
    assert "/login/oidc?next=%2F" in desk.by().get("/login").text
    assert "/login/oidc" not in web.by().get("/login").text
    refused = web.by().get("/login/oidc")
    assert (refused.status_code, "hãy đăng nhập bằng mật khẩu" in refused.text) == (409, True)


def test_account_of_nobody_makes_no_person(desk: Any, server: AccountServer) -> None:
    server.email = "nobody@sct.example"
    with desk.office.store.read() as session:
        before = people(session)

    browser, answer = sign_in(desk, server)

    assert (answer.status_code, "hãy nhờ quản trị ghi đúng địa chỉ thư" in answer.text) == (409, True)
    assert COOKIE not in browser.cookies
    with desk.office.store.read() as session:
        assert people(session) == before


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email": ""}])
def test_address_that_nobody_has_proved_opens_nothing(desk: Any, server: AccountServer, claims: dict[str, Any]) -> None:
    server.claims = claims

    _, answer = sign_in(desk, server)

    assert (answer.status_code, "chưa xác nhận địa chỉ thư" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://elsewhere.example"}, "do nơi khác cấp"),
        ({"aud": "another-program"}, "cấp cho chương trình khác"),
        ({"aud": [CLIENT, "another-program"]}, "cấp cho chương trình khác"),
        ({"nonce": "of another sign-in"}, "không phải cho lần đăng nhập này"),
        ({"exp": 1}, "đã hết hạn"),
        ({"exp": "tomorrow"}, "đã hết hạn"),
        ({"sub": ""}, "không nói là ai"),
    ],
)
def test_token_that_is_not_for_this_sign_in_is_not_believed(
    desk: Any, server: AccountServer, claims: dict[str, Any], why: str
) -> None:
    server.claims = claims

    browser, answer = sign_in(desk, server)

    assert (answer.status_code, why in answer.text) == (409, True)
    assert COOKIE not in browser.cookies


def test_token_of_another_key_is_not_believed(desk: Any, server: AccountServer) -> None:
    server.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})

    _, answer = sign_in(desk, server)

    assert (answer.status_code, "chữ ký không đúng" in answer.text) == (409, True)


def test_token_signed_with_our_own_secret_is_not_believed(desk: Any, server: AccountServer) -> None:
    server.algorithm, server.signs_with = "HS256", OctKey.import_key(SECRET * 3)

    _, answer = sign_in(desk, server)

    assert (answer.status_code, "chữ ký không đúng" in answer.text) == (409, True)


def test_answer_for_another_browser_is_refused(desk: Any, server: AccountServer) -> None:
    out = desk.by().get("/login/oidc")
    victim = desk.by()
    victim.get("/login/oidc")

    answers = [come_back(browser, server.authorize(out.headers["location"])) for browser in (victim, desk.by())]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("không bắt đầu từ trình duyệt này" in answer.text for answer in answers)


def test_code_works_once(desk: Any, server: AccountServer) -> None:
    browser = desk.by()
    back = server.authorize(browser.get("/login/oidc").headers["location"])
    cookies = dict(browser.cookies)

    first = come_back(browser, back)
    again = desk.by()
    again.cookies.update(cookies)
    second = come_back(again, back)

    assert (first.status_code, second.status_code) == (303, 409)


def test_refusal_at_the_server_is_told(desk: Any, server: AccountServer) -> None:
    browser = desk.by()
    state = dict(parse_qsl(urlsplit(browser.get("/login/oidc").headers["location"]).query))["state"]

    answer = browser.get(f"/login/oidc/callback?error=access_denied&state={state}")

    assert (answer.status_code, "đã thôi giữa chừng" in answer.text) == (409, True)


@pytest.mark.parametrize("cookie", ["", "x", base64.urlsafe_b64encode(b"[]").decode(), "bnVsbA=="])
def test_cookie_that_is_none_of_ours_is_refused(desk: Any, cookie: str) -> None:
    browser = desk.by()
    browser.cookies.set("dean_signing_in", cookie)

    assert browser.get("/login/oidc/callback?code=x&state=").status_code == 409


def test_locked_person_stays_outside(desk: Any, server: AccountServer) -> None:
    sign_in(desk, server)
    with desk.office.store.write() as session:
        edit_person(session, "binh", desk.office.origin, active=False)

    _, answer = sign_in(desk, server)

    assert (answer.status_code, "đã khóa" in answer.text) == (409, True)


def test_second_account_does_not_take_over_a_person(desk: Any, server: AccountServer) -> None:
    sign_in(desk, server)
    server.subject = "u-4712"

    refused = sign_in(desk, server)[1]
    desk.by("giang").post("/people/binh/account/unlink")
    linked = sign_in(desk, server)[1]

    assert (refused.status_code, "đã nối với một tài khoản khác" in refused.text) == (409, True)
    assert linked.status_code == 303


def test_address_of_two_people_opens_nothing(desk: Any, server: AccountServer) -> None:
    with desk.office.store.write() as session:
        edit_person(session, "bach", desk.office.origin, email="binh@sct.example")

    _, answer = sign_in(desk, server)

    assert (answer.status_code, "là của nhiều người trong sổ" in answer.text) == (409, True)


def test_second_factor_is_asked_for_here_too(desk: Any, server: AccountServer) -> None:
    from pyotp import TOTP

    from models.desk.second_factor import secret_of
    from models.reminders.links import secret_key

    browser, _ = sign_in(desk, server)
    seed = read(browser.get("/me/second-factor").text).form("/me/second-factor").fields["seed"][0]
    secret = secret_of(secret_key(desk.office.store.files.parent / "secret.key"), seed)
    browser.post("/me/second-factor", data={"seed": seed, "code": TOTP(secret).at(desk.office.at)})
    desk.office.at += timedelta(minutes=1)

    again, answer = sign_in(desk, server)

    assert answer.headers["location"] == "/login/code?next=/me"
    assert again.get("/me").status_code == 303


def test_server_that_does_not_answer_or_lies_about_its_name_is_told(desk: Any, server: AccountServer) -> None:
    server.described = {"issuer": "https://elsewhere.example"}
    lied = desk.by().get("/login/oidc")
    server.described = {"token_endpoint": "http://elsewhere.example/token"}
    plain = desk.by().get("/login/oidc")
    server.port = 1

    assert "DEAN_OIDC_ISSUER không đúng tên" in lied.text
    assert "phải là https" in read(plain.text).text
    assert [answer.status_code for answer in (lied, plain)] == [409, 409]


def test_dead_server_is_told(office: Any, make_web: Any) -> None:
    desk = make_web(office, oidc_issuer="http://127.0.0.1:9/so", oidc_client_id=CLIENT)

    answer = desk.by().get("/login/oidc")

    assert (answer.status_code, "không trả lời; hãy thử lại sau" in answer.text) == (409, True)


def test_client_that_names_itself_in_the_form_is_served(desk: Any, server: AccountServer) -> None:
    server.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert sign_in(desk, server)[1].status_code == 303


def test_next_leads_nowhere_else(desk: Any, server: AccountServer) -> None:
    assert sign_in(desk, server, "https://evil.example")[1].headers["location"] == "/"
