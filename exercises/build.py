"""
Where do the exercises that people open come from? From their solutions, so that both stay the same.

    python exercises/build.py

`solutions/solution_24_littles_law.ipynb` makes `exercise_24_littles_law.ipynb`, so that no
two tabs have one name. A cell tagged `solution` becomes `answer = ...` with its check, a
cell tagged `claims` goes, and no output is kept. All else, with the id of each cell, is as
it stands in the solution.
"""  # noqa: INP001 - a script beside its notebooks, not a package

from pathlib import Path

import nbformat

FOLDER = Path(__file__).parent
SOLUTIONS = FOLDER / "solutions"
DOTS = "answer = ..."


def main() -> None:
    """Write each exercise beside the folder of solutions, and take away those that have no solution."""
    wanted = exercises()
    for old in FOLDER.glob("*.ipynb"):
        if old.name not in wanted:
            old.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)


def exercises() -> dict[str, bytes]:
    """Each exercise's file name and content."""
    return {
        place.name.replace("solution_", "exercise_", 1): unsolved(place) for place in sorted(SOLUTIONS.glob("*.ipynb"))
    }


def unsolved(solution: Path) -> bytes:
    """The exercise of one *solution*, as its file holds it."""
    notebook = nbformat.read(solution, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "claims" not in _tags(cell)]
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if "solution" in _tags(cell):
            cell.source = f"{DOTS}\n{cell.source.splitlines()[-1]}"
            del cell.metadata["tags"]
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n".encode()


def _tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


if __name__ == "__main__":
    main()
