"""Which files are papers: told by their first bytes, so that a name cannot lie about them."""

from typing import NamedTuple

from states.folding import clean_line, nfc, quoted
from states.refusal import Refused

#: What one upload may weigh; a scanned decision with its annex has some megabytes.
LARGEST_UPLOAD = 25 * 1024 * 1024


class FileKind(NamedTuple):
    """A kind of file: how it begins, what its names end with, and how a browser is told of it."""

    label: str
    begins: tuple[bytes, ...]
    endings: tuple[str, ...]
    media_type: str


KINDS = (
    FileKind("PDF", (b"%PDF-",), ("pdf",), "application/pdf"),
    FileKind("ảnh JPEG", (b"\xff\xd8\xff",), ("jpg", "jpeg"), "image/jpeg"),
    FileKind("ảnh PNG", (b"\x89PNG\r\n\x1a\n",), ("png",), "image/png"),
    FileKind("ảnh TIFF", (b"II*\x00", b"MM\x00*"), ("tif", "tiff"), "image/tiff"),
    FileKind(
        "Word, Excel hoặc tệp nén (docx, xlsx, odt, ods, zip)",
        (b"PK\x03\x04",),
        ("docx", "xlsx", "pptx", "odt", "ods", "zip"),
        "application/octet-stream",
    ),
    FileKind(
        "Word hoặc Excel đời cũ (doc, xls)",
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        ("doc", "xls"),
        "application/octet-stream",
    ),
)
_TAKEN = ", ".join(ending for kind in KINDS for ending in kind.endings)


def file_kind(name: str, content: bytes) -> FileKind:
    """Tell what a file is. Raises Refused for one that is empty, too large, of another kind, or misnamed."""
    shown = quoted(name)
    if not content:
        raise Refused(f"Tệp {shown} rỗng; hãy chọn tệp có nội dung.")
    if len(content) > LARGEST_UPLOAD:
        most = LARGEST_UPLOAD // 1024 // 1024
        raise Refused(f"Tệp {shown} lớn hơn {most} MB; hãy nén hoặc quét lại với dung lượng nhỏ hơn.")
    kind = next((kind for kind in KINDS if content.startswith(kind.begins)), None)
    if kind is None:
        raise Refused(f"Tệp {shown} không phải loại giấy tờ nhận được; hãy gửi một trong các loại: {_TAKEN}.")
    ending = name.rpartition(".")[2].casefold()
    if ending not in kind.endings:
        endings = " hoặc ".join(f".{ending}" for ending in kind.endings)
        raise Refused(f"Nội dung của tệp {shown} là {kind.label}; hãy đặt đuôi tên tệp là {endings}.")
    return kind


def media_type_of(name: str) -> str:
    """How a browser is told of a file by its name; a name that no kind of ours has is just bytes."""
    ending = name.rpartition(".")[2].casefold()
    return next((kind.media_type for kind in KINDS if ending in kind.endings), "application/octet-stream")


def clean_file_name(name: str) -> str:
    """The last part of a name as a browser sent it, in one line of NFC."""
    last = nfc(name).replace("\\", "/").rpartition("/")[2]
    return clean_line(last, "Tên tệp")
