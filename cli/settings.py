"""`dean settings`: what is in force, and where it comes from."""

import os
from typing import TYPE_CHECKING, Any

import click

from cli.door import read_settings
from cli.lazy import Command
from cli.options import as_json
from cli.output import Column, print_json, print_table

if TYPE_CHECKING:
    from flows.jobs.settings import Settings

HIDDEN = "(đã đặt, không in)"

#: What each setting is for, in the order in which the settings stand.
MEANINGS = {
    "home": "thư mục của cơ sở dữ liệu và giấy tờ",
    "database_url": "cơ sở dữ liệu khác, ví dụ postgresql+psycopg://…",
    "demo": "dùng sổ minh họa",
    "today": "coi hôm nay là ngày này; chỉ để thử",
    "by": "người ghi khi lệnh không có --by",
    "smtp_url": "máy chủ thư: smtp://… hoặc smtps://…",
    "zalobot_url": "kênh Zalo Bot: zalobot://TOKEN",
    "zalooa_url": "kênh Zalo OA: zalooa://APP_ID:KHÓA",
    "zalozns_url": "kênh Zalo ZNS: zalozns://APP_ID:KHÓA?template=…",
    "zalobot_webhook_secret": "mã bí mật của webhook Zalo Bot (địa chỉ nhận: /zalo/bot); bỏ trống thì không nhận",
    "zalooa_webhook_secret": "OA Secret Key của webhook Zalo OA (địa chỉ nhận: /zalo/oa); bỏ trống thì không nhận",
    "webhook_url": "cổng tin nhắn của cơ quan: json://… hoặc dạng khác mà Apprise biết",
    "webhook_private": "máy, mạng nội bộ mà webhook được gửi tới, ví dụ: truc.local 10.1.2.0/24; bỏ trống: không",
    "secret_key_file": "tệp khóa ký liên kết trong thư; bỏ trống thì nằm trong DEAN_HOME",
    "seal_key_file": "tệp khóa niêm phong sổ; bỏ trống thì nằm trong DEAN_HOME",
    "notify_mode": "off: không gửi; redirect: mọi thư về một địa chỉ; live: gửi cho từng người",
    "notify_redirect": "địa chỉ nhận mọi thư ở chế độ redirect",
    "operator_email": "người vận hành: nhận báo cáo đêm và báo kênh dừng",
    "email_per_minute": "số thư nhiều nhất mỗi phút; 0: không giới hạn",
    "messages_per_minute": "số tin nhiều nhất mỗi phút của mỗi kênh khác; 0: không giới hạn",
    "base_url": "địa chỉ của hệ thống trong các liên kết gửi đi",
    "paper_deputy": "văn bản soạn ra do cấp phó ký thay (KT.)",
    "paper_section": "ký hiệu phòng soạn văn bản của Sở (Số: …/SCT-QLCN; Lưu: VT, QLCN); bỏ trống thì không ghi",
    "web_hosts": "các tên máy khác mà trang web trả lời, cách nhau bằng dấu cách",
    "metrics_token": "mã mà máy giám sát gửi để đọc /metrics và chi tiết của /readyz; bỏ trống thì chỉ máy này",
    "oidc_issuer": "cổng đăng nhập của cơ quan (OpenID Connect), ví dụ https://sso.vinhlong.gov.vn",
    "oidc_client_id": "mã của chương trình ở cổng đăng nhập",
    "oidc_client_secret": "khóa của chương trình ở cổng đăng nhập",
}


@click.command(cls=Command)
@as_json
def settings(as_json: bool) -> None:
    """Xem cấu hình đang dùng và nguồn của nó.

    Mật khẩu và địa chỉ có thể chứa mật khẩu không bao giờ được in.
    """
    values = read_settings()
    rows = [_row(values, name) for name in type(values).model_fields]
    if as_json:
        print_json({"settings": rows, "database": _database(values)})
        return
    print_table(
        (Column("Biến"), Column("Giá trị", flexible=True), Column("Nguồn"), Column("Dùng để", flexible=True)),
        [(row["name"], row["value"], row["source"], row["meaning"]) for row in rows],
    )
    click.echo(f"\nCơ sở dữ liệu đang dùng: {_database(values)}")


def _row(values: "Settings", name: str) -> dict[str, Any]:
    from pydantic import SecretStr

    value = getattr(values, name)
    if isinstance(value, SecretStr):
        value = HIDDEN
    shown = value if value is None or isinstance(value, bool) else str(value)
    more = {"source": _source(values, name), "meaning": MEANINGS.get(name, "")}
    return {"name": f"DEAN_{name.upper()}", "value": shown, **more}


def _source(values: "Settings", name: str) -> str:
    if any(key.upper() == f"DEAN_{name.upper()}" for key in os.environ):
        return "môi trường"
    return "tệp .env" if name in values.model_fields_set else "mặc định"


def _database(values: "Settings") -> str:
    from flows.jobs.settings import choose_database

    url, _ = choose_database(values)
    if values.database_url is not None:
        return f"theo DEAN_DATABASE_URL {HIDDEN}"
    return url.removeprefix("sqlite:///")
