"""Files that are given back: always to be saved, never shown inside our pages."""

from pathlib import Path

from fastapi.responses import FileResponse, Response

from models.store import file_path
from states.refusal import Refused


def attached(files: Path, digest: str, name: str) -> Response:
    """The file of a paper under its own name. What came from outside does not run in our pages.

    Raises Refused where the file is not on disk any more.
    """
    path = file_path(files, digest)
    if not path.is_file():
        raise Refused("Tệp này không còn trong kho giấy tờ; hãy báo quản trị lấy lại từ bản sao lưu.")
    return FileResponse(path, media_type="application/octet-stream", filename=name)
