"""`dean paper`: official papers, proof sheets, dossiers and reports from the register, which stays as it is."""

from typing import TYPE_CHECKING

import click

from cli.door import Desk, notice, open_desk
from cli.handing_over import saved
from cli.lazy import Command
from cli.options import by_reader
from cli.typed import YEAR, line
from states.reading import read_code

if TYPE_CHECKING:
    from flows.jobs.papers.letters.making import PaperForm
    from flows.jobs.papers.tables.frame import File, Occasion

#: Papers that are no letters, and always PDF.
SHEETS = ("proof", "dossier", "programme-report")


@click.command(cls=Command)
@click.argument(
    "kind",
    metavar="LOẠI",
    type=line("Loại văn bản"),
    help="proof, dossier, programme-report, hoặc một loại của dean template list.",
)
@click.argument(
    "code",
    metavar="MÃ",
    type=line("Mã"),
    required=False,
    help="Mã đề án; danh mục NĂM/local; số hợp đồng, quyết định; mã chương trình.",
)
@click.option("--docx", "as_docx", is_flag=True, help="Dạng Word (mặc định với văn bản).")
@click.option("--pdf", "as_pdf", is_flag=True, help="Dạng PDF, theo mẫu chung (mặc định với hồ sơ, báo cáo).")
@click.option("--pdf-a", "as_pdf_a", is_flag=True, help="Dạng PDF/A để lưu trữ.")
@click.option("--clock", metavar="MÃ", type=line("Mã thời hạn"), help="Với proof: chỉ một thời hạn, ví dụ D-CHECK.")
@click.option("--year", metavar="NĂM", type=YEAR, help="Năm ký, khi nhiều hợp đồng trùng số.")
@click.option("--output", metavar="TỆP", help="Ghi vào tệp hoặc thư mục này; - là in ra stdout.")
@click.option("--force", is_flag=True, help="Ghi đè tệp đã có.")
@by_reader
def paper(
    kind: str,
    code: str | None,
    as_docx: bool,
    as_pdf: bool,
    as_pdf_a: bool,
    clock: str | None,
    year: int | None,
    output: str | None,
    force: bool,
    by: str | None,
) -> None:
    """Soạn văn bản từ sổ: tờ trình, quyết định, hợp đồng, biên bản, công văn; hồ sơ, báo cáo.

    Chỉ đọc sổ, không ghi gì. Số và ngày để trống cho văn thư.
    """
    from flows.jobs.papers.letters.making import PaperForm
    from flows.jobs.papers.tables.frame import Occasion
    from models.queries import register as about

    forms = [form for form, wanted in zip(PaperForm, (as_docx, as_pdf, as_pdf_a), strict=True) if wanted]
    if len(forms) > 1:
        raise click.UsageError("Hãy chọn một dạng: --docx, --pdf, --pdf-a.", click.get_current_context())
    name = kind.lower().replace("_", "-")
    if clock is not None and name != "proof":
        raise click.UsageError("--clock chỉ đi với proof.", click.get_current_context())
    with open_desk() as desk, desk.reading(by) as view:
        occasion = Occasion(view.session, view.reader, desk.at, about(desk.store)["is_demonstration"])
        if name in SHEETS:
            file = _sheet(occasion, name, code, forms[0] if forms else PaperForm.PDF, clock)
        else:
            file = _letter(desk, occasion, name, code, forms[0] if forms else PaperForm.DOCX, year)
    for doubt in file.doubts:
        notice(f"Cần đối chiếu (không in trên văn bản): {doubt}")
    saved([file.content], file.name, output, force=force)


def _letter(
    desk: Desk, occasion: "Occasion", kind: str, code: str | None, form: "PaperForm", year: int | None
) -> "File":
    from flows.jobs.papers.letters.making import PaperForm, is_own, letter_file, refuse_other_roles
    from flows.jobs.papers.letters.subjects import named
    from flows.jobs.papers.letters.templates import letter_of

    letter = letter_of(kind)
    if code is None:
        raise click.UsageError(
            "Thiếu MÃ: đề án, danh mục NĂM/local, số hợp đồng hoặc quyết định.", click.get_current_context()
        )
    refuse_other_roles(occasion.reader, letter.kind)
    found = letter_file(occasion, desk.settings, letter.kind, named(occasion, code, year), form)
    if form is not PaperForm.DOCX and is_own(desk.settings, letter.kind):
        notice("Lưu ý: bản PDF theo mẫu chung; mẫu riêng của đơn vị chỉ dùng cho bản Word.")
    return found


def _sheet(occasion: "Occasion", kind: str, code: str | None, form: "PaperForm", clock: str | None) -> "File":
    if kind == "programme-report":
        from flows.jobs.papers.sheets.programme import programme_file
        from models.status import current_programme

        return programme_file(occasion, code or current_programme(occasion.session, occasion.today), form)
    if code is None:
        raise click.UsageError("Thiếu MÃ đề án.", click.get_current_context())
    if kind == "proof":
        from flows.jobs.papers.sheets.proof import proof_file

        return proof_file(occasion, read_code(code), form, clock)
    from flows.jobs.papers.sheets.dossier import dossier_file

    return dossier_file(occasion, read_code(code), form)
