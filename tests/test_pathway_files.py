"""Pathways in files: the ending says which kind, both kinds hold the same, and what cannot be read is said by name."""

import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from refusals import said
from test_pathway import pathways

from flowlib import Arrivals, Exponential, Pathway, Step
from flowlib.core import pathway_files
from flowlib.core.pathway_template import EXAMPLE, write_template

CLINIC = Pathway("Clinic", [Step("nurse", 2, Exponential(0.2))], [Arrivals("nurse", per_hour=8)])


@given(pathways())
@settings(
    derandomize=True,
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_a_pathway_goes_from_text_to_workbook_to_text_and_is_still_itself(tmp_path, pathway):
    pathway.save(tmp_path / "a.yaml")
    Pathway.load(tmp_path / "a.yaml").save(tmp_path / "b.xlsx")
    Pathway.load(tmp_path / "b.xlsx").save(tmp_path / "c.yaml")
    assert Pathway.load(tmp_path / "c.yaml") == pathway
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "c.yaml").read_bytes()


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.xlsx", "A.XLSX", "two words.xlsx"])
def test_the_ending_says_which_kind_of_file_it_is(tmp_path, name):
    """Workbooks are zip archives, which begin with PK; the other kind is text."""
    CLINIC.save(tmp_path / name)
    assert Pathway.load(tmp_path / name) == CLINIC
    assert (tmp_path / name).read_bytes().startswith(b"PK") == name.lower().endswith(".xlsx")


def test_saving_again_takes_the_place_of_what_was_there(tmp_path):
    for name in ("a.yaml", "a.xlsx"):
        CLINIC.save(tmp_path / name)
        CLINIC.with_step("nurse", capacity=3).save(tmp_path / name)
        assert Pathway.load(tmp_path / name).step("nurse").capacity == 3


@pytest.mark.parametrize(
    ("name", "held", "sentence"),
    [
        ("a.docx", b"", 'A pathway is read from a .yaml or .xlsx file; "a.docx" came. Change its ending.'),
        (
            "a.xlsx",
            b"name,capacity",
            'In "a.xlsx": this is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.',
        ),
        (
            "a.xlsx",
            b"",
            'In "a.xlsx": this is not an Excel workbook, though its name says so. Save it again from Excel as .xlsx.',
        ),
        ("a.yaml", b"\x89PNG\xff", '"a.yaml" is not a text file, so it holds no pathway.'),
        ("a.yaml", b"", 'In "a.yaml": The file must be names with values, such as "name: triage"; nothing came.'),
    ],
)
def test_a_file_that_is_no_pathway_is_said_by_name(tmp_path, name, held, sentence):
    (tmp_path / name).write_bytes(held)
    assert said(lambda: Pathway.load(tmp_path / name)) == sentence


def test_a_file_that_is_not_there_or_is_a_folder_is_said_by_name(tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    for name in ("no.xlsx", "folder.xlsx"):
        assert said(lambda name=name: Pathway.load(tmp_path / name)).startswith(f'There is no file "{name}" in ')


def test_a_file_far_too_large_is_not_opened(tmp_path, monkeypatch):
    """So many bytes stand in for 20 million."""
    monkeypatch.setattr(pathway_files, "MOST_BYTES", 10)
    CLINIC.save(tmp_path / "a.xlsx")
    assert said(lambda: Pathway.load(tmp_path / "a.xlsx")) == (
        'In "a.xlsx": the file is far too large for a pathway. Choose another file.'
    )


def test_a_workbook_that_unpacks_to_far_too_much_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("flowlib.core.pathway_tables.MOST_UNPACKED", 1_000)
    CLINIC.save(tmp_path / "a.xlsx")
    assert said(lambda: Pathway.load(tmp_path / "a.xlsx")) == (
        'In "a.xlsx": the file is far too large for a pathway. Choose another file.'
    )


def test_a_very_long_sentence_keeps_its_beginning_and_its_end(tmp_path):
    """A name may be long, and a list of names longer: what is wrong stands first, and what to do stands last."""
    steps = "".join(f"  - {{name: {'s' * 50}{i}, capacity: 1, time: 1}}\n" for i in range(50))
    (tmp_path / "a.yaml").write_text(
        f"steps:\n{steps}arrivals: [{{step: {'s' * 50}, per_hour: 1}}]\n", encoding="utf-8"
    )
    sentence = said(lambda: Pathway.load(tmp_path / "a.yaml"))
    assert len(sentence) < 400
    assert sentence.startswith('In "a.yaml": No step in pathway "" called "sss')
    assert re.search(r'Did you mean "s{50}\d"\?$', sentence)


def test_a_template_is_not_written_over_a_file(tmp_path):
    """Not by a second call, and not by one that began before the file was there."""
    write_template(tmp_path / "a.yaml")
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == EXAMPLE
    for name in ("a.yaml", "a.xlsx"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
        assert said(lambda name=name: write_template(tmp_path / name)) == (
            f'There is a file "{name}" already. Choose another name, or say that it is to be replaced.'
        )
        assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_excel_is_loaded_only_when_there_is_a_workbook():
    """A pathway in text needs none of it."""
    code = "import sys; from flowlib.core.pathway_files import from_text; from flowlib import Pathway"
    code += "; print([name for name in ('openpyxl', 'pandas', 'scipy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
