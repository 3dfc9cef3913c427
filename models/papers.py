"""Papers that come with a step, as lines of its event."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from states.facts import Enclosure, Order
from states.vocabulary import Paper


def with_act(papers: tuple[Enclosure, ...], act: Paper | None, order: Order) -> tuple[Enclosure, ...]:
    """Put the step's own paper among the enclosures, with the number, date and signer that were typed."""
    if act is None:
        return papers
    if any(paper.kind is act for paper in papers):
        return tuple(_completed(paper, order) if paper.kind is act and not paper.number else paper for paper in papers)
    if not order.number:
        return papers
    return (Enclosure(act, number=order.number, issued_on=order.effective_on, signer=order.signer), *papers)


def _completed(paper: Enclosure, order: Order) -> Enclosure:
    return replace(paper, number=order.number, issued_on=order.effective_on, signer=order.signer)


def paper_lines(
    subject_kind: str, subject_id: Any, papers: Iterable[Enclosure], counts: Mapping[Paper, int]
) -> list[dict[str, Any]]:
    """Lines of the table `paper`; a second paper of a kind is its version 2, and the first one stays."""
    seen = dict(counts)
    lines = []
    for paper in papers:
        seen[paper.kind] = seen.get(paper.kind, 0) + 1
        lines.append(
            {
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "kind": str(paper.kind),
                "title": paper.title or paper.kind.label,
                "version": seen[paper.kind],
                "number": paper.number,
                "issued_on": paper.issued_on,
                "signer": paper.signer,
                "sha256": paper.sha256,
                "size": paper.size,
                "file_name": paper.file_name,
            }
        )
    return lines
