"""Who may let findings off."""

from __future__ import annotations

from collections.abc import Collection


def is_approved(approver: str, approvers: Collection[str], *, required: bool = False) -> bool:
    """Tell whether what this person (`""` for nobody) let off counts.

    With `approvers` only these names approve, and `required` asks for some name.
    """
    return approver in approvers if approvers else bool(approver) or not required
