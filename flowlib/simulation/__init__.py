"""The machine: from a Pathway to the EventLog that it would give."""
