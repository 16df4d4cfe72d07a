"""
Map, times, variants and lengths of journeys by pm4py: `python peer_pm4py.py LOG.parquet`, in a Python that has it.

Prints its version, what it counted, and seconds of processor time, for the format that
pm4py asks for and for the four questions, as one line of JSON. pm4py is under the AGPL,
so it has an environment of its own and is no part of flowlib.
"""

import json
import sys
import time

import pandas as pd
import pm4py


def main() -> None:
    """Ask each question once, in pm4py's simplified interface."""
    frame = pd.read_parquet(sys.argv[1], columns=["person", "step", "finished"])
    begun = time.process_time()
    log = pm4py.format_dataframe(frame, case_id="person", activity_key="step", timestamp_key="finished")
    formatted = time.process_time()
    edges, _, _ = pm4py.discover_dfg(log)
    times, _, _ = pm4py.discover_performance_dfg(log)
    variants = pm4py.get_variants(log)
    lengths = pm4py.get_all_case_durations(log)
    done = time.process_time()
    told = {
        "version": pm4py.__version__,
        "edges": len(edges),
        "moves": int(sum(edges.values())),
        "medians": round(float(sum(one["median"] for one in times.values())) / 3600, 3),
        "variants": len(variants),
        "journeys": len(lengths),
        "format_seconds": formatted - begun,
        "seconds": done - formatted,
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
