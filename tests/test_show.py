"""Pictures, controls and pages, without a browser. test_browser_show.py looks at the same in a real one."""

import hashlib
import html
import itertools
import json
import re
import shutil
import subprocess
import sys
import zlib
from importlib.metadata import version

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlib.core import data
from flowlib.core.checks import Refusal
from flowlib.core.safe_cells import seen
from flowlib.measure.demand import balance
from flowlib.show import (
    Button,
    Figure,
    Prediction,
    Sentence,
    Slider,
    TableView,
    Upload,
    charts,
    export_html,
    page,
    panel,
    svg,
    theme,
    titled,
    to_pdf,
)
from flowlib.show import upload as upload_module
from flowlib.show.still import WEB

ATTRIBUTE = re.compile(r'(?:src|href|action|data|poster)\s*=\s*["\']?(?!#|data:)([^"\'\s>]+)')


def line(values, *, start="2024-01-01"):
    import altair as alt  # noqa: PLC0415 - as in the package, only where a chart is made

    frame = pd.DataFrame({"week": pd.date_range(start, periods=len(values), freq="W"), "hours": values})
    return alt.Chart(frame).mark_line(point=True).encode(x="week:T", y="hours:Q")


def twin(widget):
    """What a page without widgets is given to show."""
    shown, _ = widget._repr_mimebundle_()
    return shown


def tables(figure):
    return json.loads(zlib.decompress(figure.picture["tables"]))


# The package


def test_nothing_heavy_is_loaded_before_it_is_used():
    """Oracle: the interpreter's own list of loaded modules, in a fresh process."""
    script = (
        "import sys, flowlib.show, flowlib.show.theme; "
        "print([name for name in ('altair', 'anywidget', 'pandas', 'vl_convert', 'nbconvert') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_answered_with_the_known_ones():
    import flowlib.show  # noqa: PLC0415 - the package itself, for its missing name

    with pytest.raises(AttributeError, match='no "Chart"; it has BackToTop, Button, Figure'):
        flowlib.show.Chart  # noqa: B018 - asking is the test


def test_the_shipped_drawing_library_is_the_one_described():
    """Oracle: SHA-256 of the file itself."""
    noted = json.loads((WEB / "vega_runtime.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((WEB / "vega_runtime.js").read_bytes()).hexdigest() == noted["sha256"]


def test_the_shipped_drawing_library_is_what_the_script_makes():
    """Oracle: the script, run again with the vl-convert that made the file."""
    from flowlib.show import build_runtime  # noqa: PLC0415 - loads vl-convert

    noted = json.loads((WEB / "vega_runtime.json").read_text(encoding="utf-8"))
    if noted["vl-convert"] != version("vl-convert-python"):
        pytest.skip("another vl-convert is installed than the one that made the library")
    assert build_runtime.versions(build_runtime.bundle()) == noted


# The theme


def contrast(one, other):
    """WCAG 2.2's contrast ratio, from its own formula for relative luminance."""

    def luminance(colour):
        channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", ["#ffffff", "#f0f4f5"])
@pytest.mark.parametrize("verdict", theme.VERDICTS)
def test_every_verdict_stands_out_from_the_page(verdict, ground):
    """At least 3 to 1 on white and on the grey of NHS pages, as WCAG asks of graphics. The outline is what counts."""
    assert contrast(theme.VERDICTS[verdict].outline, ground) >= 3


@pytest.mark.parametrize("colour", [*theme.CATEGORIES, theme.RED])
def test_every_line_colour_stands_out_from_the_page(colour):
    assert contrast(colour, "#f0f4f5") >= 3


@pytest.mark.parametrize("colour", [theme.INK, theme.GREY])
def test_words_are_readable(colour):
    """WCAG asks 4.5 to 1 of text."""
    assert contrast(colour, "#ffffff") >= 4.5


def test_no_verdict_is_told_by_colour_alone():
    looks = list(theme.VERDICTS.values())
    assert len({look.shape for look in looks}) == len({look.words for look in looks}) == len(looks) == 4


def test_no_type_in_a_picture_is_below_13_pixels():
    sizes = re.findall(r'"\w*[fF]ontSize": (\d+)', json.dumps(theme.config()))
    assert len(sizes) >= 8
    assert min(map(int, sizes)) >= 13


def test_a_title_says_the_finding_the_unit_and_the_source():
    figure = Figure(titled(line([1]), "Waits fell", unit="Hours", source="ward log"), description="x")
    assert (figure.picture["finding"], figure.picture["detail"]) == ("Waits fell", "Hours. Source: ward log")


def test_a_long_title_is_broken_into_lines_that_fit():
    words = "Waits fell by two hours after the second nurse started " * 3
    lines = titled(line([1]), words, unit="Hours").to_dict()["title"]["text"]
    assert " ".join(lines) == words.strip()
    assert max(map(len, lines)) <= theme.TITLE_WIDTH


def test_a_chart_without_a_finding_is_refused():
    with pytest.raises(Refusal, match="needs a title that says what it shows"):
        titled(line([1]), " ", unit="Hours")


def test_a_chart_shown_on_its_own_is_a_still_picture():
    """Not Altair's own page, which fetches its scripts from an outside address."""
    chart = titled(line([1, 2]), "Waits rose", unit="Hours")
    shown = chart._repr_mimebundle_()
    assert 'aria-label="Waits rose"' in shown["text/html"]
    assert "<script" not in shown["text/html"]


# Figures


def test_a_still_picture_carries_its_description_and_its_marks():
    markup = svg(line([3, 1, 2]), "Waits of 3, 1 & 2 hours")
    assert 'role="img" aria-label="Waits of 3, 1 &amp; 2 hours"' in markup
    assert markup.count("<path") >= 4  # a line and three points


def test_a_description_can_not_become_markup():
    figure = Figure(line([1]), description='"><script>alert(1)</script>')
    assert "<script" not in figure.still()


def test_a_figure_without_a_description_is_refused():
    with pytest.raises(Refusal, match="needs a description for people who cannot see it"):
        Figure(line([1]), description="")


def test_the_numbers_arrive_as_they_were_given():
    assert [row["hours"] for row in tables(Figure(line([3, 1, 2]), description="x"))["table_0"]] == [3, 1, 2]


def test_only_the_numbers_differ_between_two_charts_of_one_make():
    """So the page keeps the picture that stands and moves its marks."""
    figure = Figure(titled(line([3, 1, 2]), "Short", unit="Hours"), description="x")
    before = dict(figure.picture)
    figure.update(titled(line([30, 10, 20]), "Long", unit="Hours"), description="y")
    assert figure.picture["spec"] == before["spec"]
    assert figure.picture["tables"] != before["tables"]


def test_charts_that_answer_the_mouse_keep_their_names_from_one_version_to_the_next():
    """Altair names parameters and views after what they hold: left alone, every redraw would start from nothing."""

    def brushed(values):
        import altair as alt  # noqa: PLC0415 - as in the package

        brush = alt.selection_interval()
        plain = line(values)
        return plain.add_params(brush) | plain.transform_filter(brush)

    one, other = (Figure(brushed(values), description="x") for values in ([1, 2], [3, 4]))
    assert "param_at_" in one.picture["spec"]
    assert one.picture["spec"] == other.picture["spec"]


def test_the_description_changes_with_the_numbers():
    figure = Figure(line([1]), description="One hour")
    figure.update(line([2]), description="Two hours")
    assert figure.description == figure.picture["description"] == "Two hours"
    assert 'aria-label="Two hours"' in figure.still()


def test_the_table_goes_when_the_numbers_it_held_have_gone():
    frame = pd.DataFrame({"Hours": [1]})
    figure = Figure(line([1]), description="x", table=frame)
    assert "<td" in figure.picture["table"]
    figure.update(line([2]), description="y")
    assert figure.picture["table"] == ""


def test_all_figures_of_a_kernel_share_one_drawing_library():
    one, other = Figure(line([1]), description="x"), Figure(line([2]), description="y")
    assert one.runtime is other.runtime
    assert len(json.dumps(one.picture["spec"])) < 8_000  # what a further figure adds, beside its rows


def test_a_closed_drawing_library_is_replaced():
    before = Figure(line([1]), description="x").runtime
    before.close()
    assert Figure(line([1]), description="x").runtime is not before


@pytest.mark.parametrize("rows", [5_001, 20_000])
def test_too_many_rows_are_refused(rows):
    with pytest.raises(Refusal, match="at most 5,000 rows of data; this one has more"):
        Figure(line(np.zeros(rows)), description="x")


def test_too_many_rows_in_several_tables_together_are_refused():
    with pytest.raises(Refusal, match="at most 5,000 rows of data; this one has 6,000"):
        Figure(line(np.zeros(3_000)) + line(np.ones(3_000)), description="x")


def test_5000_rows_are_drawn():
    assert len(tables(Figure(line(np.zeros(5_000)), description="x"))["table_0"]) == 5_000


def test_a_chart_that_would_fetch_its_data_is_refused():
    import altair as alt  # noqa: PLC0415 - as in the package

    chart = alt.Chart("https://example.org/waits.csv").mark_point()
    with pytest.raises(Refusal, match="reads its data from an address"):
        Figure(chart, description="x")


def test_a_chart_can_not_tell_the_page_to_fetch():
    """Vega-Embed obeys orders hidden in a chart: a style sheet or a loader by address, for one."""
    chart = line([1]).properties(usermeta={"embedOptions": {"defaultStyle": "https://example.org/a.css"}})
    assert "example.org" not in Figure(chart, description="x").picture["spec"]


def test_names_inside_two_still_pictures_do_not_clash():
    """Inline pictures share one page, where the second clip0 would be cut by the first."""
    pictures = [svg(line(values).mark_line(clip=True), "x") for values in ([1, 2], [3, 5])]
    names = [set(re.findall(r'\bid="([^"]+)"', picture)) for picture in pictures]
    assert all(names)
    assert not names[0] & names[1]
    for picture, own in zip(pictures, names, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= own


def test_where_widgets_can_not_run_a_figure_shows_its_still_twin():
    shown = twin(Figure(titled(line([1, 2]), "Waits rose", unit="Hours"), description="Up"))
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert 'aria-label="Up"' in shown["text/html"]
    assert "Waits rose" in shown["text/html"]
    assert shown["text/plain"] == "Figure: Up"


# Controls


def test_a_slider_keeps_whole_numbers_whole():
    slider = Slider("Nurses", value=2.0, min=1, max=8, unit="nurses")
    assert (slider.value, type(slider.value)) == (2, int)


def test_a_slider_with_part_steps_gives_parts():
    slider = Slider("Hours", value=1, min=0.5, max=8, step=0.5)
    slider.value = 2.5
    assert slider.value == 2.5


def test_a_value_off_the_slider_is_refused():
    slider = Slider("Nurses", value=2, min=1, max=8)
    with pytest.raises(Refusal, match='"Nurses" must be from 1 to 8; 9 came'):
        slider.value = 9
    assert slider.value == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": ""}, "needs a label"),
        ({"min": 8, "max": 1}, "must run upwards; 8 to 1 came"),
        ({"step": 0}, "steps above 0; 0 came"),
        ({"value": 0}, "must be from 1 to 8; 0 came"),
    ],
)
def test_a_slider_that_can_not_work_is_refused(wrong, sentence):
    with pytest.raises(Refusal, match=sentence):
        Slider(**{"label": "Nurses", "value": 2, "min": 1, "max": 8, **wrong})


def test_one_is_not_several():
    assert "<strong>1 nurse</strong>" in Slider("Nurses", value=1, min=0, max=9, unit="nurses", one="nurse").still()


@pytest.mark.parametrize(("unit", "words"), [("nurses", "1,200 nurses"), ("%", "1,200%"), ("", "1,200")])
def test_a_still_slider_says_its_value_in_words(unit, words):
    assert f"Nurses: <strong>{words}</strong>" in Slider("Nurses", value=1200, min=0, max=2000, unit=unit).still()


def test_a_prediction_starts_with_nothing_chosen():
    assert Prediction("Up or down?", ["Up", "Down"]).value is None


def test_an_answer_that_is_not_offered_is_refused():
    prediction = Prediction("Up or down?", ["Up", "Down"])
    with pytest.raises(Refusal, match=r'No answer called "Upp".*Did you mean "Up"'):
        prediction.value = "Upp"


@pytest.mark.parametrize("options", [[], ["Up"], ["Up", "Up"]])
def test_a_prediction_needs_a_choice(options):
    with pytest.raises(Refusal, match="at least two answers, all different"):
        Prediction("Up or down?", options)


def click(button):
    """What the page sends at a click."""
    button._handle_custom_msg({"kind": "click"}, [])


def test_a_click_does_what_it_is_told_and_says_it_is_busy():
    button, seen = Button("Run"), []
    button.on_click(lambda: seen.append(button.busy))
    click(button)
    assert seen == [True]
    assert not button.busy


def test_a_refusal_shows_below_the_button_until_the_next_click():
    button, refuse = Button("Run"), [True]

    def act():
        if refuse:
            raise Refusal("Choose a file first.")

    button.on_click(act)
    click(button)
    assert button.problem == "Choose a file first."
    refuse.clear()
    click(button)
    assert (button.problem, button.busy) == ("", False)


def test_an_error_nobody_foresaw_is_shown_and_raised():
    button = Button("Run")
    button.on_click(lambda: {}["missing"])
    with pytest.raises(KeyError):
        button.click()
    assert button.problem.startswith("That did not work: KeyError, 'missing'.")


def test_a_disabled_button_does_nothing():
    button, seen = Button("Run", disabled=True), []
    button.on_click(lambda: seen.append(1))
    click(button)
    assert seen == []


def test_a_sentence_is_plain_text():
    assert Sentence("A & <b>").still().endswith("A &amp; &lt;b&gt;</p>")


def test_a_panel_says_all_that_it_holds():
    parts = panel(
        [Slider("Nurses", value=2, min=1, max=8)], [Figure(line([1]), description="Up"), Sentence("So it is.")]
    )
    shown = parts._repr_mimebundle_()["text/html"]
    places = [shown.index(words) for words in ("Nurses", 'aria-label="Up"', "So it is.")]
    assert places == sorted(places)


# Tables


def test_a_table_has_a_caption_and_marked_headings():
    view = TableView(pd.DataFrame({"Step": ["A&E"], "People": [1234]}, index=["hidden"]), caption="People <seen>")
    assert "<caption>People &lt;seen&gt;</caption>" in view.markup
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', view.markup) == ["Step", "People"]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", view.markup) == ["A&amp;E", "1,234"]
    assert "hidden" not in view.markup


@given(st.text())
def test_no_cell_is_ever_taken_for_markup(words):
    """Oracle: the standard library's own unescaping gives the text back."""
    markup = TableView(pd.DataFrame({"a": [words]}), caption="x").markup
    cell = re.search(r"<td>(.*)</td>", markup, re.DOTALL)[1]
    assert html.unescape(cell) == html.unescape(html.escape(seen(words)))
    assert not re.search(r"[<>]", cell)


def test_what_is_missing_is_an_empty_cell():
    frame = pd.DataFrame({"n": [1.5, None], "t": [pd.Timestamp("2018-08-06 14:05"), None], "w": ["x", pd.NA]})
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", TableView(frame, caption="x").markup)
    assert cells == ["1.5", "6 August 2018, 2:05pm", "x", "", "", ""]


def test_a_long_table_says_that_it_is_cut():
    view = TableView(pd.DataFrame({"n": range(1_234)}), caption="Waits")
    assert "Waits (the first 200 of 1,234 rows)" in view.markup
    assert view.markup.count("<td") == 200


def test_a_table_keeps_its_caption_when_its_rows_change():
    view = TableView(pd.DataFrame({"n": [1]}), caption="Waits")
    view.update(pd.DataFrame({"n": [2]}))
    assert "<caption>Waits</caption>" in view.markup
    assert '<td class="number">2</td>' in view.markup


# Files


class Sender:
    """The page's side of an upload: sends a file in pieces, and keeps what the notebook answers."""

    def __init__(self, upload):
        self.upload, self.answers = upload, []
        upload.send = self.answers.append

    def say(self, content, *buffers):
        self.upload._handle_custom_msg({"upload": "one", **content}, [memoryview(piece) for piece in buffers])
        return self.answers[-1]

    def send(self, name, data, piece=1_000):
        answer = self.say({"kind": "start", "name": name, "size": len(data)})
        while answer["kind"] == "more":
            start = answer["received"]
            answer = self.say({"kind": "piece", "from": start}, data[start : start + piece])
        return answer


@pytest.fixture
def upload():
    control = Upload("Your extract", accept=[".csv"])
    yield control
    control.close()


def test_a_file_arrives_byte_for_byte(upload):
    data = np.random.default_rng(1).bytes(10_500)
    seen = []
    upload.on_file(lambda path, name: seen.append((path.read_bytes(), name)))
    answer = Sender(upload).send("waits.csv", data)
    assert answer == {"kind": "done", "sentence": "“waits.csv” has arrived.", "upload": "one"}
    assert seen == [(data, "waits.csv")]


def test_what_the_reader_says_is_shown(upload):
    upload.on_file(lambda path, name: f"{name}: {len(path.read_text())} letters.")
    assert Sender(upload).send("waits.csv", b"abc")["sentence"] == "waits.csv: 3 letters."


def test_a_refusal_by_the_reader_is_shown_as_a_problem(upload):
    def refuse(path, name):
        raise Refusal(f"{name} has no column of times in {path.suffix}.")

    upload.on_file(refuse)
    answer = Sender(upload).send("waits.csv", b"abc")
    assert (answer["kind"], answer["sentence"]) == ("failed", "waits.csv has no column of times in .csv.")


def test_an_error_in_the_reader_is_told_to_the_page(upload):
    def fail(path, name):
        raise KeyError(path.suffix, name)

    upload.on_file(fail)
    answers = Sender(upload)
    answer = answers.send("waits.csv", b"abc")
    assert (answer["kind"], answer["upload"]) == ("failed", "one")
    assert "KeyError, ('.csv', 'waits.csv')" in answer["sentence"]


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("waits.exe", 5, "“waits.exe” cannot be read here. Choose a file that ends in .csv."),
        ("waits.csv", 0, "“waits.csv” is empty. Choose another file."),
        ("waits.csv", 2**31 + 1, "“waits.csv” is over 2 GB, the most that can be sent. Cut it up by period."),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_before_it_is_sent(upload, name, size, sentence):
    answer = Sender(upload).say({"kind": "start", "name": name, "size": size})
    assert (answer["kind"], answer["sentence"]) == ("failed", sentence)


def test_a_file_that_does_not_fit_on_the_disk_is_refused(upload, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 8, 2))
    answer = Sender(upload).say({"kind": "start", "name": "waits.csv", "size": 3})
    assert answer["sentence"].startswith("There is not enough room on this computer for “waits.csv”.")


@pytest.mark.parametrize(
    ("start", "piece", "sentence"),
    [
        (5, b"abc", "A piece of the file is missing."),
        (0, b"", "A piece of the file came empty."),
        (0, b"x" * 11, "The file grew while it was sent."),
    ],
)
def test_a_piece_that_does_not_fit_ends_the_upload_with_a_sentence(upload, start, piece, sentence):
    sender = Sender(upload)
    sender.say({"kind": "start", "name": "waits.csv", "size": 10})
    assert sender.say({"kind": "piece", "from": start}, piece)["sentence"].startswith(sentence)
    assert "lost track" in sender.say({"kind": "piece", "from": 0}, b"abc")["sentence"]


def test_a_name_can_not_lead_out_of_the_folder(upload):
    seen = []
    upload.on_file(lambda path, name: seen.append((path.parent, name)))
    Sender(upload).send(r"..\..\home/../waits.csv", b"abc")
    assert seen == [(upload._folder, "waits.csv")]


def test_only_this_user_can_read_what_arrives(upload):
    if sys.platform == "win32":
        pytest.skip("Windows gives each user a temporary folder of their own")
    assert upload._folder.stat().st_mode & 0o077 == 0


def test_what_arrives_is_kept_with_the_session(monkeypatch, tmp_path):
    """So that it goes at the end of `flowlib lab` even if the notebook is cut off."""
    monkeypatch.setenv("FLOWLIB_SESSION", str(tmp_path))
    assert Upload("Your extract")._folder.parent == tmp_path


def test_what_arrived_goes_with_the_control():
    control = Upload("Your extract")
    Sender(control).send("waits.csv", b"abc")
    folder = control._folder
    assert list(folder.iterdir())
    control.close()
    assert not folder.exists()


def test_page_and_notebook_agree_on_the_largest_file():
    """Oracle: the number written in the page's own script."""
    written = re.search(r"MOST = ([\d_]+);", (WEB / "upload.js").read_text(encoding="utf-8"))[1]
    assert int(written) == upload_module.MOST_BYTES == 2 * 10**9


# Pages


def notebook(*cells):
    """A notebook of markdown cells (text) and code cells (a pair of code and what it shows)."""
    made = []
    for cell in cells:
        if isinstance(cell, str):
            made.append(nbformat.v4.new_markdown_cell(cell))
            continue
        code, data = cell
        output = nbformat.v4.new_output("display_data", data=data)
        made.append(nbformat.v4.new_code_cell(code, outputs=[output]))
    return nbformat.v4.new_notebook(cells=made)


def headings(exported):
    return [(int(level), words) for level, words in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", exported)]


def test_a_page_asks_nothing_of_the_outside():
    """The browser is told so, and there is no address in it to ask; test_browser_show.py watches one open it."""
    figure = Figure(titled(line([1, 2]), "Waits rose", unit="Hours"), description="Up")
    exported = export_html(notebook("# Waits", ("figure", twin(figure))), title="Waits")
    assert "default-src 'none'" in exported
    assert "<script" not in exported
    assert ATTRIBUTE.findall(exported) == []
    assert "@import" not in exported
    assert "url(" not in exported.replace("url(#", "")
    assert 'aria-label="Up"' in exported


def test_a_page_says_its_language_and_its_title():
    exported = export_html(notebook("words"), title="Waits & <beds>", lang="cy")
    assert '<html lang="cy">' in exported
    assert "<title>Waits &amp; &lt;beds&gt;</title>" in exported
    assert headings(exported) == [(1, "Waits &amp; &lt;beds&gt;")]


def test_the_notebooks_own_first_heading_is_the_main_one():
    exported = export_html(notebook("# Own", "### Deep", "# Another"), title="Title")
    assert headings(exported) == [(1, "Own"), (2, "Deep"), (2, "Another")]


@given(st.lists(st.integers(1, 6), min_size=1))
def test_headings_never_skip_a_level(levels):
    """One main heading, first; each next one at most a level deeper; and an outline deeper than its parent stays so."""
    levels[0] = 1
    settled = page._in_order(levels)
    assert settled[0] == 1
    assert settled.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(settled))
    pairs = zip(levels[1:], levels[2:], settled[1:], settled[2:], strict=False)
    assert all(after > before for was, now, before, after in pairs if max(now, 2) > max(was, 2))


def test_cells_for_the_authors_are_left_out():
    node = notebook(("shown = 1", {"text/plain": "kept"}), ("claims", {"text/plain": "gone"}), "gone too")
    node.cells[1].metadata["tags"] = ["claims"]
    node.cells[2].metadata["tags"] = ["hide"]
    exported = export_html(node, title="x")
    assert "kept" in exported
    assert "gone" not in exported
    assert len(node.cells) == 3  # the notebook itself is as it was


@pytest.mark.parametrize(("hide_code", "times"), [(True, 0), (False, 1)])
def test_code_shows_only_when_asked_for(hide_code, times):
    exported = export_html(notebook(("shown = '<b>'", {"text/plain": "1"})), title="x", hide_code=hide_code)
    assert html.unescape(exported).count("shown = '<b>'") == times
    assert "shown = '<b>'" not in exported


def test_a_control_without_a_twin_says_where_it_works():
    live = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "IntSlider(value=7)"}
    exported = export_html(notebook(("slider", live)), title="x")
    assert "This part can be used in the live notebook only." in exported
    assert "IntSlider" not in exported


def test_a_saved_notebook_is_read_from_its_file(tmp_path):
    file = tmp_path / "waits.ipynb"
    nbformat.write(notebook("# Waits"), file)
    assert export_html(file, title="x") == export_html(str(file), title="x")
    with pytest.raises(Refusal, match="There is no notebook at"):
        export_html(tmp_path / "none.ipynb", title="x")


def test_the_browser_named_by_the_environment_is_used(monkeypatch, tmp_path):
    chosen = tmp_path / "browser"
    chosen.touch()
    monkeypatch.setenv("FLOWLIB_CHROMIUM", str(chosen))
    assert page.find_chromium() == chosen
    chosen.unlink()
    with pytest.raises(Refusal, match=r"FLOWLIB_CHROMIUM says .* there is no such file"):
        page.find_chromium()


@pytest.mark.parametrize("name", page.NAMES)
def test_a_browser_on_the_path_is_found(monkeypatch, tmp_path, name):
    file = tmp_path / (f"{name}.exe" if sys.platform == "win32" else name)
    file.touch(mode=0o755)
    monkeypatch.delenv("FLOWLIB_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert page.find_chromium() == file


def test_windows_browsers_are_looked_for_in_the_usual_folders(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    for name in page.WINDOWS_FOLDERS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROGRAMFILES", "programs")
    assert page._usual_places()[1].replace("\\", "/") == "programs/Microsoft/Edge/Application/msedge.exe"


def test_without_a_browser_a_pdf_is_refused_with_the_way_round(monkeypatch, tmp_path):
    (tmp_path / "a.html").touch()
    monkeypatch.setattr(page, "find_chromium", lambda: None)
    with pytest.raises(Refusal, match="Open the HTML page in your browser and print it to PDF there"):
        to_pdf(tmp_path / "a.html", tmp_path / "a.pdf")


def test_a_browser_that_prints_nothing_is_reported_in_its_own_words(monkeypatch, tmp_path):
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\necho no display >&2\nexit 1\n")  # sh: a first line cannot name a path with spaces
    script.chmod(0o755)
    if sys.platform == "win32":
        pytest.skip("Windows starts no script by its first line")
    (tmp_path / "a.html").touch()
    monkeypatch.setenv("FLOWLIB_CHROMIUM", str(script))
    with pytest.raises(Refusal, match=r"browser made no PDF\. It said: no display"):
        to_pdf(tmp_path / "a.html", tmp_path / "a.pdf")


def test_a_browser_that_hangs_is_stopped(monkeypatch, tmp_path):
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    script.chmod(0o755)
    if sys.platform == "win32":
        pytest.skip("Windows starts no script by its first line")
    (tmp_path / "a.html").touch()
    monkeypatch.setenv("FLOWLIB_CHROMIUM", str(script))
    with pytest.raises(Refusal, match="Printing took over 1 seconds and was stopped"):
        to_pdf(tmp_path / "a.html", tmp_path / "a.pdf", seconds=1)


def test_the_picture_of_errors_leaves_out_no_formula_and_no_number_of_servers():
    """Oracle: the table itself; one panel a formula, one shape a number of servers, and the finding in words."""
    table = data.formulas()
    uneven = table[(table["cv_arrivals"] == 1) & (table["cv_service"] == 2) & (table["load"] >= 0.5)]
    picture = charts.formula_errors(uneven, finding="One formula is near")
    drawn = picture.svg()
    words = ("Kimura (M/G/c)", "Allen-Cunneen (G/G/c)", "1 server", "2 servers", "5 servers", "20 servers")
    assert [one for one in words if one not in drawn] == []
    assert picture.description == "One formula is near"
    assert len(picture.table) == uneven["formula"].isin(["mgc", "ggc"]).sum() == 24


def test_a_balance_in_hours_says_hours_and_hides_few_people():
    """Real people: 5 of them are 7.5 hours at 90 minutes each, and too few to show; 45 of them are 67.5 hours."""
    weeks = {"period": ["2025-01-06", "2025-01-13"], "demand": [45, 5], "capacity": [45, 45], "activity": [45, 5]}
    picture = charts.balance(balance(pd.DataFrame(weeks), step="Scan", unit="hours", minutes_each=90))
    spec = json.dumps(picture.chart.to_dict())
    assert "Hours each week" in spec
    rows = next(rows for rows in picture.chart.to_dict()["datasets"].values() if "kind" in rows[0])
    assert [row["people"] for row in rows] == [67.5, 67.5]
