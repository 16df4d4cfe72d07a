"""Does `flowlib.change.kept` write files whole, and let one at a time change them?"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from refusals import said

from flowlib.change import kept, turns

BUSY = 'Somebody else is saving "page.yaml". Try again in a minute.'


@pytest.fixture
def page(tmp_path):
    return tmp_path / "page.yaml"


def left(page, text="another computer\n1\n0123456789abcdef\n", age=0.0):
    """A lock that somebody left *age* seconds ago."""
    lock = page.with_name(".page.yaml.lock")
    lock.write_text(text, encoding="utf-8")
    then = time.time() - age
    os.utime(lock, (then, then))
    return lock


def names(page):
    return [file.name for file in page.parent.iterdir()]


def test_nothing_stays_beside_a_file_that_was_held_and_written(page):
    with kept.held(page) as turn:
        assert names(page) == [".page.yaml.lock"]
        kept.write(page, "whole", turn=turn)
    assert names(page) == ["page.yaml"]
    assert kept.read(page) == "whole"


def test_a_lock_says_which_program_of_which_computer_has_it(page):
    with kept.held(page):
        computer, program, word = (page.parent / ".page.yaml.lock").read_text(encoding="utf-8").splitlines()
    assert program == str(os.getpid())
    assert computer
    assert len(word) == 16


def test_a_held_file_makes_others_wait_and_then_say_so(page):
    with kept.held(page):
        assert said(lambda: kept.held(page, patience=0.1).__enter__()) == BUSY
    with kept.held(page, patience=0):
        assert page.with_name(".page.yaml.lock").exists()


def test_one_who_waits_gets_the_turn_once_it_is_free(page):
    """Threads of one program are kept apart like programs: each adds 1 fifty times, so that 4 make 200."""
    kept.write(page, "0")

    def add():
        for _ in range(50):
            with kept.held(page, patience=60) as turn:
                kept.write(page, str(int(kept.read(page)) + 1), turn=turn)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.read(page) == "200"
    assert names(page) == ["page.yaml"]


# What a crash leaves.


@pytest.mark.parametrize("age", [turns.STALE + 5, -turns.STALE - 5, 86_400.0])
@pytest.mark.parametrize("text", ["another computer\n1\n0123456789abcdef\n", "", "half a l", "../../x\n-1\n../../x\n"])
def test_a_lock_that_is_older_than_any_save_is_taken_away(page, text, age):
    """Also one that was never filled, was spoilt, or comes from a clock that was put back since."""
    left(page, text, age)
    with kept.held(page, patience=0.5):
        pass
    assert names(page) == []


@pytest.mark.parametrize("text", ["another computer\n1\n0123456789abcdef\n", "", "half a l"])
def test_a_young_lock_of_another_computer_is_respected(page, text):
    lock = left(page, text, age=turns.STALE - 5)
    assert said(lambda: kept.held(page, patience=0.1).__enter__()) == BUSY
    assert lock.read_text(encoding="utf-8") == text


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the lock's age alone tells")
def test_a_lock_of_a_program_that_ended_on_this_computer_is_taken_away_at_once(page):
    """A young lock; the same of a program that lives is respected."""
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left(page, f"{turns._computer()}\n{int(ended.stdout)}\n0123456789abcdef\n")
    with kept.held(page, patience=0.5):
        pass
    left(page, f"{turns._computer()}\n{os.getppid()}\n0123456789abcdef\n")
    assert said(lambda: kept.held(page, patience=0.1).__enter__()) == BUSY


def test_the_half_of_a_file_that_a_crash_left_goes_with_its_lock_and_nothing_else_does(page):
    left(page, age=60)
    for name in (".page.yaml.0123456789abcdef.part", ".page.yaml.ffffffffffffffff.part", "0123456789abcdef"):
        page.with_name(name).touch()
    with kept.held(page, patience=0.5):
        pass
    assert sorted(names(page)) == [".page.yaml.ffffffffffffffff.part", "0123456789abcdef"]


def test_a_crash_while_a_left_lock_is_taken_away_blocks_nobody_either(page):
    """The guard that says who takes it away was left as well."""
    lock = left(page, age=60)
    guard = turns._guard(lock, lock.read_text(encoding="utf-8"))
    guard.touch()
    assert said(lambda: kept.held(page, patience=0.1).__enter__()) == BUSY
    os.utime(guard, (time.time() - 60,) * 2)
    with kept.held(page, patience=0.5):
        pass
    assert names(page) == []


def test_one_whose_turn_was_taken_while_it_slept_writes_nothing(page):
    """As a laptop that was closed half way through a save: somebody else saved in the meantime."""
    kept.write(page, "old")
    lost = 'The save of "page.yaml" took so long that it lost its turn. Nothing was written; save again.'
    with kept.held(page) as slow:
        os.utime(slow.lock, (time.time() - 60,) * 2)
        with kept.held(page, patience=0.5) as quick:
            kept.write(page, "new", turn=quick)
            assert said(lambda: kept.write(page, "late", turn=slow)) == lost
        assert said(lambda: kept.write(page, "late", turn=slow)) == lost
    assert kept.read(page) == "new"
    assert names(page) == ["page.yaml"]


def test_one_whose_half_of_a_file_was_taken_away_at_the_last_moment_writes_nothing(page, monkeypatch):
    """The program sleeps between its last look at the lock and the moment when the file would change."""
    kept.write(page, "old")

    def sleep_through(turn):
        os.utime(turn.lock, (time.time() - 60,) * 2)
        monkeypatch.undo()
        with kept.held(page, patience=0.5) as quick:
            kept.write(page, "new", turn=quick)

    with kept.held(page) as slow:
        monkeypatch.setattr(turns.Turn, "need_ours", sleep_through)
        assert "lost its turn" in said(lambda: kept.write(page, "late", turn=slow))
    assert kept.read(page) == "new"


# Files and folders.


def test_a_link_to_a_shared_file_stays_a_link_and_shares_its_lock(page, tmp_path):
    kept.write(page, "old")
    link = tmp_path / "link.yaml"
    try:
        link.symlink_to(page)
    except OSError:
        pytest.skip("this system makes no links")
    kept.write(link, "new")
    assert link.is_symlink()
    assert kept.read(page) == "new"
    with kept.held(link):
        assert said(lambda: kept.held(page, patience=0.1).__enter__()) == BUSY


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")
def test_a_file_that_a_group_may_write_stays_so(page):
    kept.write(page, "old")
    page.chmod(0o664)
    kept.write(page, "new")
    assert page.stat().st_mode & 0o777 == 0o664


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs rights that can be taken away")
def test_a_folder_that_may_not_be_written_is_refused(page):
    page.parent.chmod(0o500)
    told = said(lambda: kept.held(page).__enter__())
    page.parent.chmod(0o700)
    assert told == f'You cannot write in the folder "{page.parent.name}". Ask for the right to, or choose another.'


def test_a_lock_that_cannot_be_made_for_want_of_rights_is_refused(page, monkeypatch):
    """The same as any user would meet it, also where the tests run with all rights."""
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self.suffix == ".lock":
            raise PermissionError
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(turns, "WINDOWS", False)
    assert said(lambda: kept.held(page).__enter__()) == (
        f'You cannot write in the folder "{page.parent.name}". Ask for the right to, or choose another.'
    )
    monkeypatch.setattr(turns, "WINDOWS", True)
    assert said(lambda: kept.held(page, patience=0.1).__enter__()) == BUSY


def test_what_windows_refuses_while_somebody_reads_is_tried_again(monkeypatch):
    """Two refusals, then it is done; elsewhere the first refusal counts."""
    tries = []

    def third():
        tries.append(1)
        if len(tries) < 3:
            raise PermissionError

    monkeypatch.setattr(turns, "WINDOWS", True)
    turns.patiently(third)
    assert len(tries) == 3
    monkeypatch.setattr(turns, "WINDOWS", False)
    tries.clear()
    with pytest.raises(PermissionError):
        turns.patiently(third)
    assert len(tries) == 1


def test_a_full_disk_leaves_no_lock(page, monkeypatch):
    def full(_):
        raise OSError("The disk is full.")

    monkeypatch.setattr(turns.Turn, "text", full)
    with pytest.raises(OSError, match="full"):
        kept.held(page).__enter__()
    assert names(page) == []


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("none/page.yaml", 'There is no folder "none". Make it first, or choose another.'),
        ("", '"{}" is a folder. Give a file name in it, such as page.yaml.'),
    ],
)
def test_a_place_where_no_file_can_be_is_refused(tmp_path, path, told):
    assert said(lambda: kept.held(tmp_path / path).__enter__()) == told.format(tmp_path.name)
    assert said(lambda: kept.write(tmp_path / path, "x")) == told.format(tmp_path.name)
