"""SHA-256 by the interpreter's own module.

`hashlib` loads OpenSSL first, 3 ms of every start. The standard library's `random` goes past it in the
same way; a Python that was built without the module still has `hashlib`.
"""

import sys
from typing import TYPE_CHECKING

__all__ = ["sha256"]

if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:
        from hashlib import sha256
