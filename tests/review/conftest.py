"""A cache for the whole session, so that packs are compiled once."""

from __future__ import annotations

import pytest

from claimlint.cache import CacheFolder


@pytest.fixture(scope="session", name="cache")
def session_cache(tmp_path_factory: pytest.TempPathFactory) -> CacheFolder:
    return CacheFolder(str(tmp_path_factory.mktemp("cache")))
