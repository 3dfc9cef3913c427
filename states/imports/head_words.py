"""What a column of a register may say, and the heads by which offices name it."""

from states.folding import fold
from states.vocabulary import Labelled


class Field(Labelled):
    """What a column may say of a đề án."""

    ORDINAL = "ordinal", "số thứ tự"
    CODE = "code", "mã đề án"
    NAME = "name", "tên đề án"
    CONTENT = "content", "nội dung"
    ACTIVITY = "activity", "hoạt động"
    ROUTE = "route", "tuyến"
    KIND = "kind", "loại đề án"
    PLAN_YEAR = "plan_year", "năm kế hoạch"
    UNIT = "unit", "đơn vị thực hiện"
    BENEFICIARY = "beneficiary", "đơn vị thụ hưởng"
    TAX_CODE = "tax_code", "mã số thuế"
    PLACE = "place", "địa điểm"
    PERIOD = "period", "thời gian thực hiện"
    STARTS_ON = "starts_on", "bắt đầu"
    ENDS_ON = "ends_on", "kết thúc"
    TOTAL_COST = "total_cost", "tổng kinh phí"
    SUPPORT = "support", "kinh phí hỗ trợ"
    NATIONAL_FUND = "national_fund", "kinh phí KC quốc gia"
    LOCAL_FUND = "local_fund", "kinh phí KC địa phương"
    COUNTERPART = "counterpart", "kinh phí đối ứng"
    EQUIPMENT = "equipment", "máy móc, thiết bị"
    PARTNER = "partner", "đơn vị phối hợp"
    OBJECTIVES = "objectives", "mục tiêu"
    SCOPE = "scope", "quy mô"
    TARGET = "target", "chỉ tiêu"
    EXPECTED_JOBS = "expected_jobs", "lao động dự kiến"
    EXPECTED_REVENUE = "expected_revenue", "doanh thu dự kiến"
    EXPECTED_EFFECT = "expected_effect", "hiệu quả dự kiến"
    NOTE = "note", "ghi chú"
    STAGE = "stage", "giai đoạn"
    APPROVED = "approved", "kinh phí được phê duyệt"
    PAID = "paid", "kinh phí đã chi"
    SETTLED = "settled", "kinh phí đã quyết toán"
    DECISION = "decision", "quyết định phê duyệt"
    DECIDED_ON = "decided_on", "ngày quyết định"
    SETTLED_ON = "settled_on", "ngày quyết toán"


#: What only the register of ended projects says; a list of projects at work leaves it unread.
OLD_MONEY = (Field.APPROVED, Field.PAID, Field.SETTLED)
ONLY_OLD = frozenset((*OLD_MONEY, Field.STAGE, Field.DECISION, Field.DECIDED_ON, Field.SETTLED_ON))
MONEY = frozenset(
    (
        *(Field.TOTAL_COST, Field.SUPPORT, Field.NATIONAL_FUND, Field.LOCAL_FUND),
        *(Field.COUNTERPART, Field.EXPECTED_REVENUE, *OLD_MONEY),
    )
)


#: Heads as offices write them, folded, without units and punctuation. The label of a field is one of its heads too.
_HEADS: dict[Field, str] = {
    Field.ORDINAL: "stt, tt, so tt, s tt, so thu tu, no",
    Field.CODE: "ma de an, ma da, ma so de an, ma, code, ma so",
    Field.NAME: (
        "ten de an, ten da, ten de an khuyen cong, ten de an nhiem vu, de an, danh muc de an, ten, ten nhiem "
        "vu, noi dung de an, ten chuong trinh de an, ten de an kc, danh muc, name, ten de an ho tro"
    ),
    Field.CONTENT: (
        "noi dung, nhom, nhom noi dung, noi dung nhom, noi dung khuyen cong, nd, noi dung ct, nhom nd, noi "
        "dung chuong trinh, noi dung hoat dong khuyen cong, thuoc noi dung, content, noi dung so"
    ),
    Field.ACTIVITY: "hoat dong, loai hoat dong, hinh thuc ho tro, loai hinh ho tro, hoat dong khuyen cong",
    Field.ROUTE: "tuyen, cap, nguon, nguon kinh phi, nguon von, cap de an, loai nguon, khuyen cong, chuong trinh",
    Field.KIND: "loai, loai de an, hinh thuc de an",
    Field.PLAN_YEAR: "nam, nam ke hoach, nam kh, nam thuc hien, ke hoach nam, nien do",
    Field.UNIT: (
        "don vi thuc hien, dv thuc hien, dvth, don vi chu tri, to chuc thuc hien, don vi th, don vi chu tri "
        "thuc hien, don vi trien khai, chu tri"
    ),
    Field.BENEFICIARY: (
        "don vi thu huong, dv thu huong, doi tuong thu huong, co so thu huong, don vi thu huong ten, thu "
        "huong, ten don vi thu huong, ten co so, doanh nghiep co so, ten doanh nghiep, co so cnnt, don vi "
        "phoi hop thu huong, ten doanh nghiep co so, doanh nghiep, co so, don vi thu huong ten don vi, ten co "
        "so thu huong, dvh, don vi duoc ho tro"
    ),
    Field.TAX_CODE: "ma so thue, mst, ms thue, ma thue, don vi thu huong ma so thue, don vi thu huong mst",
    Field.PLACE: (
        "dia diem, dia diem thuc hien, dia ban, noi thuc hien, xa phuong, xa, dia chi, dia ban thuc hien, dia "
        "diem trien khai, xa phuong thi tran, dia diem xa, dia diem dau tu"
    ),
    Field.PERIOD: "thoi gian, thoi gian thuc hien, tgth, tg thuc hien, tien do, tien do thuc hien, thoi gian th",
    Field.STARTS_ON: (
        "bat dau, ngay bat dau, khoi cong, tu ngay, thoi gian bat dau, tu, thoi gian thuc hien bat dau, thoi "
        "gian tu, thoi gian thuc hien tu, thoi gian tu ngay, khoi dau"
    ),
    Field.ENDS_ON: (
        "ket thuc, ngay ket thuc, hoan thanh, den ngay, thoi gian ket thuc, den, ngay hoan thanh, thoi gian "
        "hoan thanh, thoi gian thuc hien ket thuc, thoi gian den, thoi gian thuc hien den, thoi gian den ngay"
    ),
    Field.TOTAL_COST: (
        "tong kinh phi, tong von, tong muc dau tu, tong von dau tu, tong kp, tong chi phi, kinh phi tong, "
        "kinh phi tong cong, kinh phi tong so, tong cong, tong so, tong kinh phi thuc hien, tong du toan, "
        "tong, kinh phi thuc hien tong so, kinh phi thuc hien tong, du toan, tong kinh phi de an"
    ),
    Field.SUPPORT: (
        "kinh phi ho tro, kp ho tro, kinh phi khuyen cong, muc ho tro, so tien ho tro, de nghi ho tro, kinh "
        "phi kc, kinh phi de nghi ho tro, kinh phi khuyen cong ho tro, kinh phi nha nuoc ho tro, ngan sach ho "
        "tro, ho tro, kp kc, von ho tro, kinh phi ngan sach"
    ),
    Field.NATIONAL_FUND: (
        "kcqg, khuyen cong quoc gia, kc quoc gia, kinh phi kcqg, kp kcqg, kinh phi khuyen cong quoc gia, quoc "
        "gia, nguon kcqg, von kcqg, kinh phi ho tro kcqg, ngan sach trung uong, nstw, trung uong"
    ),
    Field.LOCAL_FUND: (
        "kcdp, khuyen cong dia phuong, kc dia phuong, kinh phi kcdp, kp kcdp, kinh phi khuyen cong dia "
        "phuong, dia phuong, nguon kcdp, von kcdp, kinh phi ho tro kcdp, ngan sach tinh, ngan sach dia "
        "phuong, nsdp, kc tinh, kinh phi khuyen cong tinh, khuyen cong tinh"
    ),
    Field.COUNTERPART: (
        "doi ung, von doi ung, kinh phi doi ung, kp doi ung, don vi thu huong doi ung, doi ung cua co so, von "
        "tu co, co so doi ung, doanh nghiep doi ung, dn doi ung, kinh phi dau tu cua co so, von cua co so, "
        "dong gop"
    ),
    Field.EQUIPMENT: "may moc, thiet bi, may moc thiet bi, may moc thiet bi ho tro, ten may moc thiet bi, ten thiet bi",
    Field.PARTNER: "don vi phoi hop, phoi hop, co quan phoi hop",
    Field.OBJECTIVES: "muc tieu, muc tieu de an",
    Field.SCOPE: "quy mo, quy mo noi dung, noi dung thuc hien, noi dung ho tro, noi dung quy mo, noi dung cong viec",
    Field.TARGET: "chi tieu, chi tieu dong gop",
    Field.EXPECTED_JOBS: "lao dong, so lao dong, lao dong du kien, viec lam, so lao dong du kien",
    Field.EXPECTED_REVENUE: "doanh thu, doanh thu du kien, doanh thu mot nam",
    Field.EXPECTED_EFFECT: "hieu qua, hieu qua du kien, hieu qua kinh te xa hoi",
    Field.NOTE: "ghi chu, gc, note",
    Field.STAGE: (
        "giai doan, trang thai, tinh trang, tinh trang de an, tinh hinh thuc hien, ket qua, ket qua thuc hien, "
        "tinh trang thuc hien, hien trang"
    ),
    Field.APPROVED: (
        "phe duyet, duoc duyet, so phe duyet, so duoc duyet, kinh phi phe duyet, kinh phi duoc duyet, kinh phi duyet, "
        "kp phe duyet, kp duoc duyet, kp duyet, kinh phi ho tro duoc duyet, kinh phi ho tro phe duyet, ho tro duoc "
        "duyet, kinh phi ho tro duoc phe duyet"
    ),
    Field.PAID: (
        "da chi, da giai ngan, giai ngan, kinh phi giai ngan, kinh phi da giai ngan, da cap, da thanh toan, thanh "
        "toan, kinh phi thanh toan, kinh phi da thanh toan, so da chi, da chi tra, kinh phi ho tro da giai ngan"
    ),
    Field.SETTLED: (
        "quyet toan, da quyet toan, so quyet toan, kinh phi quyet toan, kp quyet toan, gia tri quyet toan, so tien "
        "quyet toan, kp da quyet toan, kinh phi ho tro quyet toan, gia tri thanh ly"
    ),
    Field.DECISION: (
        "quyet dinh, so quyet dinh, qd phe duyet, so qd, quyet dinh so, van ban phe duyet, quyet dinh phe duyet so, "
        "so quyet dinh phe duyet, qd, quyet dinh phe duyet kinh phi"
    ),
    Field.DECIDED_ON: "ngay qd, ngay phe duyet, ngay ky quyet dinh, ngay quyet dinh phe duyet, quyet dinh ngay",
    Field.SETTLED_ON: "ngay thanh ly, ngay ket thuc quyet toan, ngay nghiem thu thanh ly, ngay thanh quyet toan",
}
HEADS: dict[str, Field] = {
    head: name for name, heads in _HEADS.items() for head in (fold(name.label), *heads.split(", "))
} | {str(name): name for name in Field}
