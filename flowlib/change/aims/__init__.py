"""
What are we trying to accomplish, and what can we change? Aims and driver diagrams.

`Aim` says how much, by when, for whom and where; `DriverDiagram` what it depends on.
The measures that show whether a change helped are in `flowlib.change.measures_set`.
"""

from flowlib.change.aims.aim import Aim
from flowlib.change.aims.driver_files import (
    diagram_from_plain,
    diagram_from_table,
    diagram_from_yaml,
    diagram_to_plain,
    diagram_to_yaml,
    load_diagram,
    save_diagram,
)
from flowlib.change.aims.drivers import DriverDiagram, Idea, Primary, Secondary
from flowlib.change.aims.free_text import AimRead, read_aim

__all__ = [
    "Aim",
    "AimRead",
    "DriverDiagram",
    "Idea",
    "Primary",
    "Secondary",
    "diagram_from_plain",
    "diagram_from_table",
    "diagram_from_yaml",
    "diagram_to_plain",
    "diagram_to_yaml",
    "load_diagram",
    "read_aim",
    "save_diagram",
]
