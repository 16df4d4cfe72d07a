"""Compile the engine by running it once, so that the next run finds it ready."""

from flowlib import Arrivals, Exponential, Pathway, Step, simulate

if __name__ == "__main__":
    simulate(Pathway("one", (Step("one", 1, Exponential(1)),), (Arrivals("one", per_hour=0.5),)), days=1)
