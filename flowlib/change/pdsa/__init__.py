"""
What did we predict, what happened, and what do we do next? Tests of change, kept together.

`Record` holds a team's tests of one aim (`Cycle`), and saves them in one file that
several people share. `page` prints them, and `save_workbook` puts them into Excel.
"""

from flowlib.change.pdsa.cycle import Cycle
from flowlib.change.pdsa.page import page
from flowlib.change.pdsa.predictions import Predictions
from flowlib.change.pdsa.ramps import Ramp
from flowlib.change.pdsa.record import Record
from flowlib.change.pdsa.workbook import save_workbook

__all__ = ["Cycle", "Predictions", "Ramp", "Record", "page", "save_workbook"]
