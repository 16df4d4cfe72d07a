"""
A whole lesson with the keyboard alone: Tab from control to control, and each worked by its own keys.

The walk knows nothing of any lesson. It meets a control, asks Chromium's accessibility
tree what it is called, looks whether the focus can be seen, works it, and watches what
the page does. Predictions open more controls, so it goes round until nothing new comes.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

SCRIPT = (Path(__file__).parent / "walk.js").read_text(encoding="utf-8")
ROUNDS = 7  # times through the lesson; more would mean that it never comes to rest
TRIES = 4  # times that a control without effect is worked again, in another round
STOPS = 400  # times Tab is pressed in a round
ANSWERS = 2.0  # seconds in which a page shows that a control was worked
SOON = 0.6  # seconds in which an answer that was chosen lets the next button be pressed
CALM = 0.25  # seconds without a change, and the page has settled
SETTLES = 6.0  # seconds that the walk waits for a page to settle before it goes on
RESTS = 120.0  # seconds for long sums to end, at the end of a round
FOLLOWS = {"range", "choice", "checkbox", "button", "file"}  # what must change something besides itself
LEFT_ALONE = {"a", "readonly"}  # a link leads elsewhere
TYPED = {"text": "12", "number": "3", "date": "12052025"}
SAME_PLACE = {"date": 5, "datetime-local": 7, "time": 4}  # times that Tab stays within one control


@dataclass
class Control:
    """One control of a lesson, and what the walk saw of it."""

    cell: int
    kind: str
    role: str
    name: str
    times: int = 0  # worked
    moved: bool = False  # it showed what it was set to
    followed: bool = False  # something else in its cell changed
    lost: bool = False  # the keyboard's place was lost by working it

    @property
    def follows(self):
        """Whether something besides itself must change."""
        return self.kind in FOLLOWS

    def __str__(self):
        return f"{self.role} “{self.name}” in cell {self.cell}"


@dataclass
class Walk:
    """A walk through the part *content* of *page*; `file` is what a person would choose where a file is asked for."""

    page: object
    content: str
    file: Path | None = None
    typed: dict = field(default_factory=dict)  # what to type, by a word of the name
    controls: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    resets: set = field(default_factory=set)  # keys of buttons that take predictions back
    stops: int = 0
    key: str = ""  # what moved the last list or slider
    kept: str = ""  # what the last box that can only be read held
    met: list = field(default_factory=list)  # numbers of the parts that Tab came to in this round
    twins: dict = field(default_factory=dict)  # how many of one name were met in this round
    fresh: set = field(default_factory=set)  # cells where a prediction was made in this round

    def __post_init__(self):
        self.page.evaluate(SCRIPT)
        self.tree = self.page.context.new_cdp_session(self.page)

    def whole(self):
        """Round after round, until nothing is left to work; the controls that were met."""
        for turn in range(ROUNDS):
            self.rest(RESTS, calm=CALM if turn else 1)
            if not self.round():
                break
        else:
            self.faults.append(f"after {ROUNDS} rounds there was still something to work")
        unmet = self.page.evaluate("([content, met]) => walk.unmet(content, met)", [self.content, self.met])
        self.faults += [f"Tab does not come to {html}" for html in unmet]
        return list(self.controls.values())

    def round(self):
        """Once through the lesson, in at its top and out at its end; how many controls were worked."""
        self._enter()
        self.twins, self.fresh, self.met = {}, set(), []
        last, stayed, worked = None, 0, 0
        for _ in range(STOPS):
            where = self._here()
            if not where["inside"]:
                return worked
            stayed = stayed + 1 if where["number"] == last else 0
            if stayed and stayed > SAME_PLACE.get(where.get("kind"), 0):
                self.faults.append(f"Tab stays at {where.get('html', where.get('words'))}")
                return worked
            last = where["number"]
            if where["within"] and not stayed:
                self.stops += 1
                self.met.append(where["number"])
                key, control = self._meet(where)
                if self._due(key, control, where["value"]):
                    self._work(key, control)
                    worked += 1
            self.page.keyboard.press("Tab")
        self.faults.append(f"Tab was pressed {STOPS} times and the lesson did not end")
        return worked

    def _enter(self):
        """Tab from wherever the focus is, past what stands before the lesson, to its first stop."""
        self.page.keyboard.press("Escape")
        left = not self._here()["inside"]
        for _ in range(STOPS):
            self.page.keyboard.press("Tab")
            inside = self._here()["inside"]
            left = left or not inside
            if left and inside:
                return
        self.faults.append("the lesson cannot be reached with Tab")

    def _here(self):
        return self.page.evaluate("(content) => walk.here(content)", self.content)

    def _meet(self, where):
        """Look at what has the focus: its key and what is known of it."""
        role, name = self._called()
        words = f"{role} “{name}” in cell {where['cell']}"
        self._fault(not name, f"{where['kind']} without a name in cell {where['cell']}: {where['html']}")
        self._fault(not where["ringed"], f"the focus on {words} cannot be seen")
        self._fault(not where["uncovered"], f"{words} has the focus and lies out of sight")
        if where["kind"] == "radio":
            self._fault(not where["group"], f"nothing says what {words} answers")
            name = where["group"]
        same = (where["cell"], where["kind"], name)
        self.twins[same] = self.twins.get(same, 0) + 1
        if where["kind"] == "readonly":
            self.kept = where["value"]
        key = (*same, self.twins[same])
        return key, self.controls.setdefault(key, Control(where["cell"], where["kind"], role, name))

    def _due(self, key, control, value):
        """Whether it is to be worked now: not yet worked, or without effect so far, or after a new prediction."""
        if control.kind == "number" and value in {"", "0"}:
            return True
        if control.kind in LEFT_ALONE:
            control.moved = True
            return False
        if control.kind == "radio":
            return not control.moved or self.page.evaluate("walk.unchosen()")
        if control.kind == "button" and control.cell in self.fresh and not self.page.evaluate("walk.quiet()"):
            return key not in self.resets
        return not control.moved or (control.kind in FOLLOWS and not control.followed and control.times < TRIES)

    def _work(self, key, control):
        chosen = self.page.evaluate("walk.chosen()")
        before = self.page.evaluate("walk.begin()")
        if not self._press(control):
            control.moved = True
            return
        if not self._answered(before, control) and control.kind == "range" and not before["first"]:
            self._either("End", "Home")  # a small step may change nothing
            self._answered(before, control)
        self.rest(SETTLES)
        after = self.page.evaluate("walk.now()")
        if control.kind == "select":  # as it stood, so that what was proposed is what is confirmed
            self.page.keyboard.press("ArrowUp" if self.key == "ArrowDown" else "ArrowDown")
        control.times += 1
        control.moved = control.moved or after["own"] != before["own"] or control.kind in {"button", "file"}
        control.followed = control.followed or after["rest"] != before["rest"]
        if control.kind == "radio":
            self.fresh.add(control.cell)
        elif self.page.evaluate("walk.chosen()") < chosen:
            self.resets.add(key)
        if after["lost"]:
            control.lost = True

    def _answered(self, before, control):
        """Wait until the page shows that something was worked."""
        patience = SOON if control.kind == "radio" else ANSWERS
        if before["first"] and control.kind in FOLLOWS - {"button"}:
            patience = CALM  # before its prediction, a what-if shows nothing
        until = time.monotonic() + patience
        while time.monotonic() < until:
            now = self.page.evaluate("walk.now()")
            moved, followed = now["own"] != before["own"], now["rest"] != before["rest"]
            if followed or (moved and (control.kind not in FOLLOWS | {"radio"} or control.followed)):
                return True
            self.page.wait_for_timeout(40)
        return False

    def _press(self, control):
        """Work the control by the keys of its kind; False where there is nothing to do."""
        keys = self.page.keyboard
        if control.kind == "radio":
            keys.press("Space" if self.page.evaluate("walk.unchosen()") else "ArrowDown")
        elif control.kind == "range":
            self._either("ArrowRight", "ArrowLeft")
        elif control.kind in {"choice", "select"}:
            if self.page.evaluate("document.activeElement.options.length") < 2:
                return False
            self._either("ArrowDown", "ArrowUp")
        elif control.kind == "checkbox":
            keys.press("Space")
        elif control.kind in {"button", "summary"}:
            keys.press("Enter" if len(self.controls) % 2 else "Space")
        elif control.kind in TYPED:
            self._type(control)
        elif control.kind == "file":
            return self._choose()
        else:
            return self._scroll()
        return True

    def _either(self, first, second):
        """The one key, or the other where the control stands at its end."""
        before = self.page.evaluate("document.activeElement.value")
        for self.key in (first, second):
            self.page.keyboard.press(self.key)
            if self.page.evaluate("document.activeElement.value") != before:
                return

    def _type(self, control):
        if control.kind != "date":
            self.page.keyboard.press("Control+A")
        typed = {"Paste a code": self.kept, **self.typed}
        words = next((text for part, text in typed.items() if part in control.name), TYPED[control.kind])
        self.page.keyboard.type(words)

    def _choose(self):
        if self.file is None:
            return False
        with self.page.expect_file_chooser(timeout=5000) as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(str(self.file))
        return True

    def _scroll(self):
        room = self.page.evaluate(
            "(([part]) => [part.scrollHeight - part.clientHeight, part.scrollWidth - part.clientWidth])"
            "([document.activeElement])"
        )
        if room[0] <= 1 and room[1] <= 1:
            return False
        self.page.keyboard.press("ArrowDown" if room[0] > 1 else "ArrowRight")
        self.page.wait_for_timeout(300)
        return True

    def rest(self, seconds, calm=CALM):
        """Wait until nothing is on its way and nothing changes for *calm* seconds, but no longer than *seconds*."""
        until = time.monotonic() + seconds
        stood, since = None, time.monotonic()
        while time.monotonic() < until:
            if self.page.evaluate("walk.busy()"):
                stood = None
            now = self.page.evaluate("(content) => walk.whole(content)", self.content)
            if now != stood:
                stood, since = now, time.monotonic()
            elif time.monotonic() - since > calm:
                return
            self.page.wait_for_timeout(50)

    def _called(self):
        """The role and the name that a screen reader is given of what has the focus."""
        part = self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        found = self.tree.send("Accessibility.getPartialAXTree", {"objectId": part, "fetchRelatives": False})
        node = found["nodes"][0]
        return node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "").strip()

    def _fault(self, wrong, words):
        if wrong and words not in self.faults:
            self.faults.append(words)


def pressed_in_the_toolbar(page, words):
    """In JupyterLab, by keyboard: to the toolbar of the notebook, along it to the button *words*, and Enter."""
    page.keyboard.press("Escape")
    for key, place in (("Tab", ".jp-NotebookPanel-toolbar"), ("ArrowRight", f"jp-button[aria-label='{words}']")):
        for _ in range(STOPS):
            if page.evaluate("(place) => Boolean(document.activeElement.closest(place))", place):
                break
            page.keyboard.press(key)
        else:
            return False
    page.keyboard.press("Enter")
    return True
