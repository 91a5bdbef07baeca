"""Published lists as the search sees them: by their name alone, since names of people who are proposed are found nowhere else."""

from __future__ import annotations

from keheng.kernel.search.documents import PUBLIC, Document
from keheng.review.models import Round
from keheng.review.queries.addresses import list_address

KIND = "review.list"


def list_document(row: Round) -> Document:
    """A list with what people call it."""
    return Document(
        KIND, str(row.pk), row.title, "评审公示的拟定名单，公示期内可以提出异议。", list_address(row.pk), PUBLIC, facets={"kind": "list"}
    )
