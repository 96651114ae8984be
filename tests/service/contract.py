"""Ask the running service what its OpenAPI description allows, and what it does not, and compare.

    pip install schemathesis
    python -m tests.service.contract [--examples 100]

Run by hand: schemathesis brings a dozen packages and a plugin that every test run would load. Of its
checks one is left out: that whatever fits the schema is accepted. A payload whose texts cannot be read,
or an unsigned one, fits the schema and is refused.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.service.conftest import TOKEN, served

SECTION = """
workers: 2
check_tokens: [{env: CHECK_TOKEN}]
endpoints:
  - {name: signed, cms: standard, secrets: [{env: SECRET_standard}]}
  - {name: open, cms: payload}
  - {name: form, cms: wordpress-com}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=100)
    wanted = parser.parse_args()
    command = shutil.which("schemathesis")
    if command is None:
        raise SystemExit("schemathesis is not installed: pip install schemathesis")
    with tempfile.TemporaryDirectory() as name, served(Path(name), SECTION) as server:
        found = subprocess.run(
            [
                *(command, "run", f"http://127.0.0.1:{server.port}/openapi.json"),
                *("--header", f"Authorization: Bearer {TOKEN}"),
                *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
                *("--max-examples", str(wanted.examples)),
            ],
            cwd=name,
            check=False,
        )
        faults = server.logged("failure")
    return found.returncode or len(faults)


if __name__ == "__main__":
    sys.exit(main())
