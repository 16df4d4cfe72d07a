"""Are the numbers the same whoever does the work: one process, two, or a Dask cluster that loses a worker?"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from refusals import said

from flowlib import Arrivals, Exponential, Pathway, Step, minutes
from flowlib.redesign import workers
from flowlib.redesign.experiment import Measure, compare, mean_wait, run, share_within

MEASURES = [mean_wait("desk"), share_within(1)]
HOW = {"days": 40, "warm_up_days": 3, "runs": 12, "seed": 3}

# dask and its parts warn of each other and of Python's own changes; none of it touches a result.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:distributed", "ignore::DeprecationWarning:dask", "ignore::ResourceWarning"
)


def scenarios():
    now = Pathway("Desk", [Step("desk", 2, Exponential(minutes(30)))], [Arrivals("desk", per_hour=3.2)])
    return {"now": now, "more": now.with_step("desk", capacity=3)}


def in_bits(comparison):
    """All numbers of all runs, to the last bit."""
    return {name: runs.by_run.to_numpy().tobytes() for name, runs in comparison.runs.items()}


@contextmanager
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, protocol="tcp", dashboard_address=":0"
    ) as made:
        yield made


@pytest.fixture(scope="module")
def two_workers():
    with cluster() as made:
        yield made


@pytest.fixture(scope="module")
def alone():
    return compare(scenarios(), MEASURES, **HOW)


def test_two_processes_and_a_cluster_give_the_numbers_of_one_process_bit_by_bit(alone, two_workers):
    two = compare(scenarios(), MEASURES, **HOW, jobs=2)
    shared = compare(scenarios(), MEASURES, **HOW, cluster=two_workers.scheduler_address)
    assert in_bits(alone) == in_bits(two) == in_bits(shared)


def test_logs_come_back_from_a_cluster_as_they_are(two_workers):
    pathway = scenarios()["now"]
    near, far = (run(pathway, MEASURES, **HOW, logs=True, cluster=at) for at in (None, two_workers.scheduler_address))
    assert [log.frame.equals(other.frame) for log, other in zip(near.logs, far.logs, strict=True)] == [True] * 12


@pytest.mark.long
def test_a_cluster_that_loses_a_worker_half_way_gives_the_same_numbers(tmp_path, alone):
    """One measure kills the process that it is in, once: the sixth run's worker dies as if switched off."""
    first = tmp_path / "killed"

    def deadly(log):
        if log.arrays["run"][0] == 5 and not first.exists():
            first.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return MEASURES[0].of(log)

    measures = [Measure(MEASURES[0].name, "hours", deadly), MEASURES[1]]
    with cluster() as made:
        workers = {nanny.pid for nanny in made.workers.values()}
        shared = compare(scenarios(), measures, **HOW, cluster=made.scheduler_address)
    killed = int(first.read_text())
    assert killed in workers
    assert in_bits(shared) == in_bits(alone)


@pytest.mark.skipif(os.name != "posix", reason="an interrupt is a signal to all processes of a group")
@pytest.mark.parametrize("jobs", [1, 2])
def test_control_c_keeps_the_runs_that_are_done(jobs):
    """As a terminal and Jupyter do it: the signal goes to the process and to its helpers alike."""
    code = f"""
import sys, time
from flowlib import Arrivals, Exponential, Pathway, Step, minutes
from flowlib.redesign import workers
from flowlib.redesign.experiment import Measure, run
def slow(log):
    time.sleep(0.2)
    return log.arrays["run"][0]
desk = Pathway("Desk", [Step("desk", 2, Exponential(minutes(30)))], [Arrivals("desk", per_hour=1)])
run(desk, [Measure("m", "", slow)], days=2, warm_up_days=2, runs=2, jobs={jobs})
print("ready", flush=True)
made = run(desk, [Measure("m", "", slow)], days=2, warm_up_days=2, runs=200, jobs={jobs})
print(len(made.by_run), made.by_run["m"].tolist() == list(range(len(made.by_run))), made.cautions[0], flush=True)
"""
    started = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert started.stdout.readline() == "ready\n"
    time.sleep(2)
    os.killpg(started.pid, signal.SIGINT)
    done, in_order, told = started.communicate(timeout=30)[0].strip().split(" ", 2)
    assert 2 <= int(done) <= 30
    assert in_order == "True"
    assert told == f"It was stopped early: {done} of 200 runs were done, and all figures rest on those."


# What is refused.


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", 3])
def test_an_address_at_which_nothing_answers_is_refused(address):
    pytest.importorskip("distributed")
    began = time.monotonic()
    refused = said(lambda: run(scenarios()["now"], MEASURES, **HOW, cluster=address))
    assert refused == (
        f'No Dask scheduler answers at {address!r}. Check the address, such as "tcp://10.0.0.5:8786", '
        "or leave cluster= out."
    )
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-any\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_something_else_at_the_address_is_refused(monkeypatch, greeting):
    """A server that says nothing, or something that is no greeting of Dask's."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "ANSWERS_IN", 2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def greet():
            with contextlib.suppress(OSError):
                while True:
                    kept.append(server.accept()[0])
                    kept[-1].sendall(greeting)

        threading.Thread(target=greet, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        refused = said(lambda: run(scenarios()["now"], MEASURES, **HOW, cluster=address))
        assert refused.startswith(f"No Dask scheduler answers at {address!r}.")
        for one in kept:
            one.close()


@pytest.mark.long
def test_a_run_that_stops_every_worker_is_refused():
    dask = pytest.importorskip("dask")
    deadly = Measure("none", "", lambda _: os._exit(1))
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), cluster() as made:
        refused = said(lambda: run(scenarios()["now"], [deadly], **HOW, cluster=made.scheduler_address))
    assert refused == (
        "Workers of the cluster stopped again and again at the same run. They may have too little memory: "
        "look at what they wrote last."
    )


def test_a_cluster_without_workers_is_refused(monkeypatch):
    monkeypatch.setattr(workers, "WORKERS_COME_IN", 1)
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=0, protocol="tcp", dashboard_address=":0") as made:
        refused = said(lambda: run(scenarios()["now"], MEASURES, **HOW, cluster=made.scheduler_address))
    assert refused.endswith("has no workers. Start some, or leave cluster= out.")


def test_without_dask_a_cluster_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused = said(lambda: run(scenarios()["now"], MEASURES, **HOW, cluster="tcp://127.0.0.1:8786"))
    assert refused == "A cluster needs Dask, which is not installed. Install flowlib[dask], or leave cluster= out."


def test_experiments_on_this_machine_load_no_dask():
    code = "import sys, flowlib.redesign.experiment; print([m for m in ('dask', 'distributed') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
