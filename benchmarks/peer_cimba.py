"""
M/M/5 in cimba, told to anybody who runs this file with a Python that has cimba: `python peer_cimba.py HOURS`.

Each person's wait is taken, as ours is; no record of a person is kept. Prints people
and seconds of processor time. cimba brings its own compiler, so it has a process of its own.
"""

import sys
import time

import cimba as cb
from cimba import inputs


class Queue(cb.Model):
    """Five servers at load 0.8."""

    gap: cb.Input[float] = inputs.dist.exponential(mean=0.25)
    care: cb.Input[float] = inputs.dist.exponential(mean=1)
    line: cb.Store[float]
    waits: cb.Dataset
    people: cb.Output[float]
    mean_wait: cb.Output[float]

    @cb.process
    def arrivals(self) -> None:
        """People come."""
        while True:
            cb.hold(self.gap.next())
            self.line.put(cb.now())

    @cb.process(copies=5)
    def server(self) -> None:
        """Each server takes who waits longest."""
        while True:
            came = self.line.get()
            self.waits.record(cb.now() - came)
            cb.hold(self.care.next())

    @cb.on_end
    def measure(self) -> None:
        """What is asked for."""
        self.people = float(self.waits.sample_count())
        self.mean_wait = self.waits.sample_mean()


def main() -> None:
    """Run twice: the first run compiles."""
    model, hours = Queue(), float(sys.argv[1])
    for duration in (100.0, hours):
        begun = time.process_time()
        window = cb.Window(warmup=0, duration=duration)
        results = cb.Experiment(model, replications=1, window=window, seed=1).run()
        took = time.process_time() - begun
    people, wait = (float(one.values[0][0]) for one in (results[model].people, results[model].mean_wait))
    sys.stdout.write(f"{people} {took} {wait}\n")


if __name__ == "__main__":
    main()
