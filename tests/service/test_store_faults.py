"""The store's file under duress: killed processes, full and broken disks, several users, other versions."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from tests.service.deliveries import NOW, incoming, review

from claimlint.service import schema
from claimlint.service.schema import APPLICATION_ID, MIGRATIONS, migrate
from claimlint.service.store import Retries, Store, StoreError
from claimlint.service.store_database import Database

KILLS = 40
PATIENT = Retries(most=10_000, first_seconds=0.0)
_FORK = multiprocessing.get_context("fork")  # to be many and quick


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "store.sqlite3")


@pytest.fixture
def store(path: str) -> Iterator[Store]:
    with Store.open(path, busy_seconds=0.05) as opened:
        yield opened


def kind_of(act: Callable[..., object], *values: object) -> str:
    with pytest.raises(StoreError) as caught:
        act(*values)
    assert str(caught.value) == caught.value.message
    return caught.value.kind


def raw(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def number(connection: sqlite3.Connection, statement: str) -> int:
    return int(connection.execute(statement).fetchone()[0])


# Killed at any moment


def _receive(path: str, first: int, answers: Connection) -> None:
    """Accept deliveries of two locales for as long as it lives, and answer each."""
    with Store.open(path) as store:
        for at in range(first, first + 100_000):
            name = f"post-{at % 50}"
            store.accept_all(
                [
                    incoming(
                        f"{at} {locale}", external_id=name, locale=locale, delivery_id=f"d{at}"
                    )
                    for locale in ("en", "de")
                ],
                time.time(),
            )
            answers.send(at)


def _work(path: str, name: str) -> None:
    """Check for as long as it lives; a lease is so short that slow workers lose theirs."""
    with Store.open(path, retries=PATIENT) as store:
        while True:
            if not _check_one(store, name, time.time()):
                time.sleep(0.001)


def _check_one(store: Store, name: str, now: float) -> bool:
    job = store.claim(name, now, 0.01)
    if job is not None:
        store.finish(job, review(report=job.content), now)
    return job is not None


def test_every_answered_delivery_survives_kills_and_has_one_review(path: str) -> None:
    moments = random.Random(5)
    answered = []
    for kill in range(KILLS):
        reader, writer = _FORK.Pipe(duplex=False)
        processes = [
            _FORK.Process(target=_receive, args=(path, kill * 100_000, writer)),
            _FORK.Process(target=_work, args=(path, f"w{kill}a")),
            _FORK.Process(target=_work, args=(path, f"w{kill}b")),
        ]
        for process in processes:
            process.start()
        writer.close()
        reader.poll(5)  # at least one is under way
        time.sleep(moments.uniform(0, 0.05))
        for process in moments.sample(processes, len(processes)):
            assert process.is_alive(), "it ended by itself"
            os.kill(process.pid or 0, signal.SIGKILL)
        for process in processes:
            process.join()
        with suppress(EOFError):
            while True:
                answered.append(reader.recv())
        reader.close()
    with Store.open(path, retries=PATIENT) as store:
        store.check()
        while _check_one(store, "last", time.time() + 1000):
            pass
        counts = store.counts()
    assert (counts.queued, counts.running, counts.dead) == (0, 0, 0)
    assert counts.reviews == counts.versions == counts.done
    assert len(answered) >= KILLS
    with raw(path) as connection:
        rows = connection.execute(
            "SELECT e.delivery_id, d.locale, r.report FROM events e"
            " JOIN documents d ON d.id = e.document_id JOIN reviews r ON r.version_id = e.version_id"
        ).fetchall()
        assert number(connection, "SELECT count(*) FROM pragma_foreign_key_check") == 0
    connection.close()
    found = {(delivery, locale): report for delivery, locale, report in rows}
    assert len(found) == len(rows)
    for at in answered:
        for locale in ("en", "de"):
            assert found[f"d{at}", locale] == f"{at} {locale}".encode()


def test_several_threads_share_a_file(path: str) -> None:
    """Each delivery is stored once though all bring it, and each event has one holder."""
    Store.open(path).close()
    outcomes: list[str] = []
    holders: list[int] = []

    def run(name: str) -> None:
        with Store.open(path) as store:
            for at in range(40):
                one = incoming(str(at), external_id=f"post-{at}", delivery_id=f"d{at}")
                outcomes.append(store.accept(one, NOW).outcome)
            while job := store.claim(name, NOW, 60):
                holders.append(job.event_id)

    threads = [threading.Thread(target=run, args=(f"t{at}",)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("stored"), outcomes.count("duplicate")) == (40, 120)
    assert len(holders) == len(set(holders)) == 40


def test_processes_that_start_at_once_make_one_store(path: str) -> None:
    stores: list[str] = []
    barrier = threading.Barrier(8)

    def start(at: int) -> None:
        barrier.wait()
        with Store.open(path) as store:
            stores.append(store.accept(incoming(external_id=f"post-{at}"), NOW).outcome)

    threads = [threading.Thread(target=start, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores == ["stored"] * 8


def test_a_store_that_another_process_makes_meanwhile_is_ours(path: str) -> None:
    """What the other one writes between our questions must not look like another program's database."""
    made: list[str] = []

    class Interrupted(sqlite3.Connection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            found = super().execute(statement, *values)
            if statement == "PRAGMA application_id" and not made:
                made.append(statement)
                Store.open(path).close()
            return found

    with closing(sqlite3.connect(path, isolation_level=None, factory=Interrupted)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, path)
        assert number(connection, "PRAGMA user_version") == len(MIGRATIONS)
    assert made


def test_a_forked_process_may_not_use_its_parents_store(store: Store) -> None:
    child = os.fork()
    if not child:
        try:
            store.accept(incoming(), NOW)
        except RuntimeError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert store.counts().documents == 0


# Errors of the disk


def test_a_full_disk(store: Store) -> None:
    store.accept(incoming("before"), NOW)
    connection = store._database.connection
    pages = number(connection, "PRAGMA page_count")
    connection.execute(f"PRAGMA max_page_count = {pages}")
    large = incoming("x" * 100_000, external_id="post-2")
    assert kind_of(store.accept, large, NOW) == "full"
    assert kind_of(store.accept_all, [incoming("small"), large], NOW) == "full"
    assert store.counts().versions == 1
    job = store.claim("w", NOW)
    assert job is not None
    assert kind_of(store.finish, job, review(report=b"x" * 100_000), NOW) == "full"
    connection.execute("PRAGMA max_page_count = 1000000")
    assert store.accept(large, NOW).outcome == "stored"
    assert store.finish(job, review(), NOW)


def test_a_store_that_became_read_only(store: Store) -> None:
    store.accept(incoming(), NOW)
    store._database.connection.execute("PRAGMA query_only = ON")
    assert kind_of(store.accept, incoming("more"), NOW) == "read_only"
    assert kind_of(store.claim, "w", NOW) == "read_only"
    assert kind_of(store.check_ready) == "read_only"
    assert len(store.documents()) == 1


def test_a_file_that_may_not_be_written(path: str, tmp_path: Path) -> None:
    with Store.open(path) as store:
        store.accept(incoming(), NOW)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and len(folder.parts) > 2:
            folder.chmod(0o755)
    Path(path).chmod(0o444)
    tmp_path.chmod(0o555)
    child = os.fork()
    if not child:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        try:
            Store.open(path).accept(incoming("more"), NOW)
        except StoreError as error:
            os._exit({"read_only": 7, "io": 8}.get(error.kind, 9))
        os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    tmp_path.chmod(0o755)
    assert status in (7, 8)


def test_a_lock_that_is_held_too_long(store: Store, path: str) -> None:
    other = raw(path)
    other.execute("BEGIN IMMEDIATE")
    assert kind_of(store.accept, incoming(), NOW) == "busy"
    assert kind_of(store.check_ready) == "busy"
    assert store.documents() == ()  # readers do not wait for writers
    other.execute("COMMIT")
    other.close()
    store.check_ready()
    assert store.accept(incoming(), NOW).outcome == "stored"


def test_a_damaged_file(path: str) -> None:
    with Store.open(path) as store:
        for at in range(200):
            store.accept(incoming(f"{at} " * 500, external_id=f"post-{at}"), NOW)
    damaged = bytearray(Path(path).read_bytes())
    kept = len(damaged) // 4  # the schema is whole, so that the file can be opened
    damaged[kept:] = random.Random(1).randbytes(len(damaged) - kept)
    Path(path).write_bytes(damaged)
    with Store.open(path) as store:
        assert kind_of(store.check) == "corrupt"
        assert kind_of(store.accept, incoming(), NOW) == "corrupt"
        assert kind_of(store.check_ready) == "corrupt"


def test_damage_in_a_part_that_is_seldom_read_is_found(path: str) -> None:
    with Store.open(path) as store:
        for at in range(50):
            store.accept(incoming(f"{at} " * 500, external_id=f"post-{at}"), NOW)
        store.check()
    with raw(path) as connection:
        root = number(
            connection, "SELECT rootpage FROM sqlite_master WHERE name = 'events_version'"
        )
        size = number(connection, "PRAGMA page_size")
    connection.close()
    with Path(path).open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\xff" * 200)
    with Store.open(path) as store:
        assert kind_of(store.check) == "corrupt"


def test_a_damaged_event_does_not_hold_up_those_after_it(path: str) -> None:
    with Store.open(path) as store:
        store.accept(incoming("DAMAGE" * 10_000, external_id="damaged"), NOW)
        for at in range(3):
            store.accept(incoming(f"{at}", external_id=f"post-{at}"), NOW + 1)
    data = bytearray(Path(path).read_bytes())
    for page in range(0, len(data), 4096):
        if b"DAMAGE" * 600 in data[page : page + 4096]:
            data[page : page + 4] = b"\xff" * 4  # where the text goes on
    Path(path).write_bytes(data)
    retries = Retries(most=2, first_seconds=5.0)
    with Store.open(path, retries=retries) as store:
        assert kind_of(store.claim, "w", NOW + 2) == "corrupt"
        found = [job.external_id for at in range(3) if (job := store.claim("w", NOW + 2))]
        assert found == ["post-0", "post-1", "post-2"]
        assert store.claim("w", NOW + 2) is None
        assert kind_of(store.claim, "w", NOW + 10) == "corrupt"
        (dead,) = store.dead()
        assert (dead.external_id, dead.attempts) == ("damaged", 2)
        assert "damaged" in dead.error


def test_a_title_that_is_damaged_can_be_read_with_its_damage(path: str) -> None:
    with Store.open(path) as store:
        for at in range(2):
            store.accept(incoming(f"{at}", external_id=f"post-{at}", title="Knee"), NOW + at)
    with raw(path) as connection:
        for table in ("versions", "documents"):
            connection.execute(f"UPDATE {table} SET title = CAST(x'4bff' AS TEXT) WHERE id = 1")
    connection.close()
    with Store.open(path) as store:
        jobs = [store.claim("w", NOW + 2) for _ in range(2)]
        assert [job and job.title for job in jobs] == ["K\ufffd", "Knee"]
        assert [one.title for one in store.documents()] == ["Knee", "K\ufffd"]


@pytest.mark.parametrize("data", [b"x" * 10_000, b"SQLite format 3\x00" + b"\xff" * 10_000])
def test_a_file_that_is_no_database(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)
    assert kind_of(Store.open, path) == "corrupt"
    assert Path(path).read_bytes() == data


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert kind_of(Store.open, str(tmp_path / "missing" / "store")) == "io"
    assert kind_of(Store.open, str(tmp_path)) == "io"


def test_a_store_has_a_file_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "file:x?mode=memory", "a b#c"):
        Store.open(name).close()
        assert (tmp_path / name).stat().st_size > 0


# The file


def test_the_files_are_their_owners_alone(path: str, tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        with Store.open(path) as store:
            store.accept(incoming(), NOW)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(former)
    names = ["store.sqlite3", "store.sqlite3-shm", "store.sqlite3-wal"]
    assert modes == dict.fromkeys(names, 0o600)
    Path(path).chmod(0o644)  # as a copy that was put back has it
    with Store.open(path) as store:
        store.accept(incoming("more"), NOW)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(names, 0o600)


def test_what_is_accepted_is_synced(store: Store) -> None:
    connection = store._database.connection
    settings = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert found == ["wal", 2, 1, 50]


def test_readiness_changes_nothing(store: Store, path: str) -> None:
    store.accept(incoming(), NOW)
    store.check_ready()
    with Store.open(path) as other:
        assert len(other.documents()) == 1


# Versions of the schema


def test_a_newer_file_is_refused_and_left_alone(path: str) -> None:
    Store.open(path).close()
    with raw(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = Path(path).read_bytes()
    assert kind_of(Store.open, path) == "newer"
    assert Path(path).read_bytes() == before


def test_another_programs_file_is_refused_and_left_alone(path: str) -> None:
    with raw(path) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    connection.close()
    assert kind_of(Store.open, path) == "foreign"
    with raw(path) as connection:
        assert number(connection, "PRAGMA application_id") == 0
        assert number(connection, "SELECT count(*) FROM sqlite_master") == 1
    connection.close()


NEXT = (
    "ALTER TABLE versions ADD COLUMN author TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX versions_author ON versions (author)",
)


def test_a_file_of_the_first_version_is_migrated_with_all_that_is_in_it(path: str) -> None:
    with Store.open(path) as store:
        accepted = store.accept(incoming("kept"), NOW)
    later = (*MIGRATIONS, NEXT)
    for _ in range(2):  # the second time there is nothing to do
        Database(path, busy_seconds=1, migrations=later).close()
    with raw(path) as connection:
        assert number(connection, "PRAGMA user_version") == len(later)
        assert number(connection, "PRAGMA application_id") == APPLICATION_ID
        row = connection.execute("SELECT id, content, author FROM versions").fetchone()
        assert row == (accepted.version_id, b"kept", "")
    connection.close()
    assert kind_of(Store.open, path) == "newer"


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_file_of_any_earlier_version_becomes_one_of_this(path: str, version: int) -> None:
    Database(path, busy_seconds=1, migrations=MIGRATIONS[:version]).close()
    with raw(path) as connection:
        connection.execute(
            "INSERT INTO documents VALUES (1, 'blog', 'post-1', '', '', '', '', 2, NULL, 0)"
        )
        connection.executemany(
            "INSERT INTO versions VALUES (?, 1, ?, '', 'd', 0, 0, '', 'html', 'kept')",
            [(1, "1"), (2, "2")],
        )
    connection.close()
    with Store.open(path) as store:
        assert [one.revision for one in store.history(1)] == ["2", "1"]
        assert store.purge(NOW, 1, 1).versions == 1
        assert store.accept(incoming(revision="3"), NOW).document_id == 1
        assert store.claim("w", NOW) is not None
    with raw(path) as connection:
        migrated = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    connection.close()
    Store.open(f"{path}.new").close()
    with raw(f"{path}.new") as connection:
        assert (
            connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall() == migrated
        )
    connection.close()


def test_a_migration_that_fails_changes_nothing(path: str) -> None:
    with Store.open(path) as store:
        store.accept(incoming("kept"), NOW)
    broken = (*MIGRATIONS, (NEXT[0], "CREATE INDEX broken ON nowhere (x)"))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Database(path, busy_seconds=1, migrations=broken)
    with Store.open(path) as store:
        assert store.accept(incoming("kept"), NOW).outcome == "duplicate"
    with raw(path) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(versions)")]
    connection.close()
    assert "author" not in columns


def test_two_processes_may_migrate_at_once(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that comes second finds the work done, in the middle of its own try."""
    versions = schema._version
    calls: list[int] = []

    def other_first(connection: sqlite3.Connection, *rest: Any) -> int:
        found = versions(connection, *rest)
        calls.append(found)
        if len(calls) == 1:
            Store.open(path).close()
        return found

    monkeypatch.setattr(schema, "_version", other_first)
    with Store.open(path) as store:
        assert store.accept(incoming(), NOW).outcome == "stored"
    assert calls[0] == 0
    assert calls[-1] == len(MIGRATIONS)
