"""The closed words of the inspector directory, and who may be drawn. Pure."""

from datetime import date

SEXES = {"male": "男", "female": "女", "unstated": "未说明"}
STATUSES = {"active": "在岗", "left": "离岗"}


def may_be_drawn(status: str, is_expert: bool, certificate_valid_to: date | None, on: date) -> bool:
    """An inspector is drawn while in post with a certificate that is valid on the day; an expert never is."""
    return (
        status == "active"
        and not is_expert
        and certificate_valid_to is not None
        and on <= certificate_valid_to
    )
