"""dean programme publish, unpublish, published: the switch of the public page at a terminal."""

from typing import Any

P = "KC-VL-2021-2025"


def test_leader_opens_lists_and_closes_the_page(office: Any, dean: Any) -> None:
    opened = dean("programme", "publish", P, "--by", "chi")
    listed, told = dean("programme", "published", "--json").json, dean("programme", "published").out
    closed = dean("programme", "unpublish", P, "--by", "chi")

    assert (opened.code, closed.code) == (0, 0)
    assert [row["code"] for row in listed] == [P]
    assert f"/public/{P}" in told
    assert dean("programme", "published", "--json").json == []
    office.prove()


def test_others_and_wrong_codes_are_refused(office: Any, dean: Any) -> None:
    refused, unknown = dean("programme", "publish", P, "--by", "binh"), dean("programme", "publish", "X", "--by", "chi")
    never = dean("programme", "unpublish", P, "--by", "chi")

    assert (refused.code, unknown.code, never.code) == (1, 1, 1)
    assert "chưa từng mở" in never.err
    assert dean("programme", "published", "--json").json == []
