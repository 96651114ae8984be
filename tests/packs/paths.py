"""Where the packs of these tests are."""

from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = str(HERE / "library")
BROKEN = HERE / "broken"
