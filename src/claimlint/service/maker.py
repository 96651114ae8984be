"""What the parts of the `serve` section are made ready with."""

from __future__ import annotations

from typing import Protocol

from claimlint.config.serve import Secret


class Maker(Protocol):
    """What collects mistakes and reads secrets."""

    def fault(self, message: str) -> None: ...

    def secret(self, where: Secret, owner: str) -> str: ...
