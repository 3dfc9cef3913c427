"""Who may benefit from support."""

#: Kinds by code. Basis: NĐ 235/2025/NĐ-CP Điều 1; Decision 3082/QĐ-UBND II.2 for services.
BENEFICIARY_KINDS = {
    "enterprise": "doanh nghiệp",
    "cooperative": "hợp tác xã",
    "cooperative_union": "liên hiệp hợp tác xã",
    "cooperative_group": "tổ hợp tác",
    "household": "hộ kinh doanh",
    "service": "tổ chức dịch vụ khuyến công",
}
