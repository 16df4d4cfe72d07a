"""
What does a filled-in pathway look like, to write one's own over it?

A small emergency department, made up: two groups, a rota, a ward that holds people up.
The text is the one source; the workbook is made from it.
"""

from __future__ import annotations

from pathlib import Path

from flowlib.core.pathway_files import contents, from_text, put

__all__ = ["EXAMPLE", "write_template"]

NOTE = "The example is a made-up emergency department. Write your own service over it."

EXAMPLE = """\
# A pathway: its steps, who comes, how long things take, and where people go next.
# The example is a made-up emergency department. Write your own service over it.
#
# Write times with their unit: 48 minutes, 4 hours, 6.4 days. A number alone is hours.
# What follows a # is a note, and is not read. Keep people's names and numbers out.

name: Emergency department
starts: 2026-01-05              # a Monday

steps:
  - name: triage
    capacity: 2                 # how many people can be in it at once; or: unlimited
    time: {LogNormal: {mean: 8 minutes, cv: 0.5}}   # cv is the spread, as a share of the mean

  - name: doctor
    capacity:                   # a rota: 24 numbers by hour of the day, or 168 by hour of the week
      rota: [3, 3, 3, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4]
    time:                       # times may differ by group
      by_group:
        minor: {Exponential: 15 minutes}
        major: {LogNormal: {mean: 48 minutes, cv: 0.7}}
    priority: [major, minor]    # who is served first
    patience: {Exponential: 6 hours}    # how long people wait before they give up

  - name: ward
    capacity: 45
    time: {Gamma: {mean: 2 days, cv: 1.1}}
    queue_limit: 0              # how many may wait here
    when_full: wait_upstream    # or: turn_away; or: divert, with divert_to and a step

# Other kinds of time: {Constant: 10 minutes}, {Weibull: {mean: 1 hour, cv: 1.5}},
# {Uniform: {low: 5 minutes, high: 15 minutes}}, {Empirical: [8 minutes, 12 minutes, 9 minutes]},
# {Triangular: {low: 5 minutes, mode: 10 minutes, high: 30 minutes}}.
# A step may also have: capacity: {slots: [[Mon 10:00, 8]]}, leaves_between: [09:00, 20:00],
# leaves_on: Mon-Fri, within: ward, gives_up_to: triage.

arrivals:                       # people an hour: one number, or 24, or 168
  - {step: triage, group: minor, per_hour: 4}
  - step: triage
    group: major
    per_hour: [1.5, 1.5, 1, 1, 1, 1, 1, 1.5, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2]

routes:                         # what is left over goes home
  - {from: triage, to: doctor}
  - {from: doctor, to: ward, share: 0.3, group: major}
"""


def write_template(path: str | Path, *, replace: bool = False) -> None:
    """Write the example to a `.yaml` or `.xlsx` file; one that is there already stays unless *replace* says so."""
    place = Path(path)
    held = contents(from_text(EXAMPLE), place, note=NOTE)
    put(held if place.suffix.lower() == ".xlsx" else EXAMPLE.encode(), place, replace=replace)
