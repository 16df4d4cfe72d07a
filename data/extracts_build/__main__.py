"""Make the extracts again: `python -m data.extracts_build`."""

from data.extracts_build import main

main()
