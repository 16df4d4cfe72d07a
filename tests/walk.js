// What a walk by keyboard asks of the page: where the focus is, how it shows, and what has changed.

window.walk = (() => {
  const numbers = new WeakMap();
  let given = 0;
  const number = (part) => {
    if (!numbers.has(part)) numbers.set(part, (given += 1));
    return numbers.get(part);
  };
  const OURS = ".jp-OutputArea-output, .jp-MarkdownOutput";
  const LAB = ".jp-collapseHeadingButton, .jp-InternalAnchorLink, .jp-Toolbar, .jp-InputArea-editor";
  const kindOf = (part) => {
    const tag = part.localName;
    if (tag === "input") return part.readOnly ? "readonly" : part.type;
    if (tag === "select") return part.closest(".flowlib-control") ? "choice" : "select"; // a form's waits for its button
    if (tag === "a" || tag === "button" || tag === "summary") return tag;
    if (tag === "textarea") return "text";
    return "region";
  };

  // An outline or a shadow on what has the focus, in a colour that can be seen.
  function ringed(part) {
    const look = getComputedStyle(part);
    const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1 && !/, 0\)$/.test(look.outlineColor);
    return outlined || look.boxShadow !== "none" || bordered(part, look);
  }

  // Or another border than the same control has without the focus.
  function bordered(part, look) {
    const twin = part.cloneNode();
    twin.name = "";
    part.after(twin);
    const differs = getComputedStyle(twin).borderColor !== look.borderColor;
    twin.remove();
    return differs;
  }

  // Some point of it lies in the window, and nothing lies over that point.
  function uncovered(part) {
    const box = (part.getClientRects()[0] && part.getBoundingClientRect()) || { width: 0, height: 0 };
    for (const across of [0.1, 0.5, 0.9])
      for (const down of [0.1, 0.5, 0.9]) {
        const top = document.elementFromPoint(box.x + box.width * across, box.y + box.height * down);
        if (top && (part.contains(top) || top.contains(part) || [...(part.labels ?? [])].some((label) => label.contains(top)))) return true;
      }
    return false;
  }

  // What a group of radio buttons asks.
  function groupName(radio) {
    const group = radio.closest("fieldset, [role=radiogroup]");
    const other = document.getElementById(group?.getAttribute("aria-labelledby") ?? "");
    return (group?.querySelector("legend") ?? other)?.textContent.trim() ?? "";
  }

  function here(content) {
    const part = document.activeElement;
    const within = Boolean(part?.closest(content)) && Boolean(part.closest(OURS)) && !part.closest(LAB);
    if (!within) return { within: false, inside: Boolean(part?.closest(content)), number: number(part ?? document.body), words: `${part?.localName} ${part?.className}` };
    const cells = [...document.querySelectorAll(`${content} .jp-Cell`)];
    return {
      within: true,
      inside: true,
      number: number(part),
      kind: kindOf(part),
      cell: cells.indexOf(part.closest(".jp-Cell")),
      ringed: ringed(part),
      uncovered: uncovered(part),
      group: part.type === "radio" ? groupName(part) : "",
      value: part.value ?? "",
      html: part.outerHTML.slice(0, 160),
    };
  }

  const state = (part) => [part.value, part.checked, part.open, part.disabled, part.ariaDisabled, part.ariaLabel].join("/");

  // All that a person could notice below *root*, apart from what lies in *but*.
  function seen(root, but) {
    const said = [];
    const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = words.nextNode(); text; text = words.nextNode())
      if (!but?.contains(text) && !text.parentElement.closest("style, script, select") && text.parentElement.checkVisibility()) said.push(text.data);
    for (const part of root.querySelectorAll("input, select, textarea, button, details, progress, [role=img]"))
      if (!but?.contains(part) && !part.closest(".flowlib-keep") && part.checkVisibility()) said.push(state(part));
    for (const drawn of root.querySelectorAll(".picture svg")) said.push(drawn.outerHTML);
    return said.join("|");
  }

  const short = (text) => {
    let sum = 5381;
    for (let place = 0; place < text.length; place += 1) sum = (sum * 33 + text.charCodeAt(place)) | 0;
    return `${sum} ${text.length}`;
  };

  // What stands around the control that is at work: its own state, and everything else in its cell.
  let worked;
  let around;
  let alone;
  function begin() {
    worked = document.activeElement;
    around = worked.closest(".jp-Cell");
    const sheet = worked.closest(".flowlib-control, .jupyter-widgets:not(.widget-box)");
    alone = worked.localName !== "button" && sheet && sheet.querySelectorAll("input, select, textarea, button, summary").length === 1 ? sheet : worked;
    const first = around.querySelector(".flowlib-prediction") && !around.querySelector(".picture, .table, .flowlib-film"); // nothing to see yet
    return { ...now(), first: Boolean(first) };
  }

  function own() {
    const group = worked.name && worked.type === "radio" ? [...document.querySelectorAll(`input[name="${CSS.escape(worked.name)}"]`)] : [worked];
    const open = worked.closest("details")?.open;
    return `${group.map(state).join()} ${worked.textContent} ${open} ${worked.scrollTop} ${worked.scrollLeft}`;
  }

  function now() {
    const labels = [...around.querySelectorAll(".picture[aria-label]")].length;
    return {
      own: own(),
      rest: short(seen(around, alone)),
      here: document.activeElement === worked,
      lost: document.activeElement === document.body || !document.activeElement,
      connected: worked.isConnected,
      words: worked.textContent.trim(),
      pictures: labels,
    };
  }

  // Whether something is still on its way: a sum, a picture, or what was pressed.
  function busy() {
    const shown = (part) => part.checkVisibility();
    return (
      [...document.querySelectorAll(".flowlib-working progress, .flowlib-upload .sending")].some(shown) ||
      [...document.querySelectorAll('.flowlib button[aria-disabled="true"]')].some((button) => button.textContent.endsWith("(working…)")) ||
      Boolean(document.querySelector(".flowlib-figure .picture:empty, .flowlib-figure .sheet.waiting")) ||
      (window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status ?? "idle") !== "idle"
    );
  }

  const chosen = () => document.querySelectorAll("input[type=radio]:checked").length;
  const quiet = () => Boolean(document.activeElement.closest(".flowlib-quiet"));
  const unchosen = () => ![...document.querySelectorAll(`input[name="${CSS.escape(document.activeElement.name)}"]`)].some((one) => one.checked);
  const whole = (content) => short(seen(document.querySelector(content)));

  // What could be worked, and was not met by Tab; of a group of radio buttons any one will do.
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  function unmet(content, met) {
    const known = new Set(met);
    const groups = new Set([...document.querySelectorAll("input[type=radio]")].filter((one) => known.has(number(one))).map((one) => one.name));
    return [...document.querySelector(content).querySelectorAll(FOCUSABLE)]
      .filter((part) => part.closest(OURS) && !part.closest(LAB) && !part.matches(":disabled") && part.checkVisibility({ visibilityProperty: true }))
      .filter((part) => part.closest("details")?.open !== false || part.localName === "summary")
      .filter((part) => !known.has(number(part)) && !(part.type === "radio" && groups.has(part.name)))
      .map((part) => part.outerHTML.slice(0, 160));
  }

  // Pictures that stand on the page without a mark in them.
  const blank = () =>
    [...document.querySelectorAll(".flowlib-figure")]
      .filter((figure) => figure.checkVisibility())
      .filter((figure) => !figure.querySelector("svg .role-mark :is(path, text, line)") || figure.getBoundingClientRect().height < 60)
      .map((figure) => figure.textContent.trim().slice(0, 80));
  const films = () =>
    [...document.querySelectorAll(".flowlib-film canvas")].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set();
      for (let at = 0; at < data.length; at += 404) colours.add(`${data[at]},${data[at + 1]},${data[at + 2]},${data[at + 3]}`);
      return colours.size;
    });

  // What is wider than the window and not within a part that scrolls by itself; and such parts that no key reaches.
  function sideways(content) {
    const page = document.scrollingElement;
    const scrolls = (part) => /auto|scroll/.test(getComputedStyle(part).overflowX) && part.scrollWidth > part.clientWidth + 1;
    const said = [];
    if (page.scrollWidth > page.clientWidth + 1) said.push(`the page is ${page.scrollWidth} wide in ${page.clientWidth}`);
    for (const part of document.querySelector(content).querySelectorAll("*")) {
      if (!part.checkVisibility()) continue;
      const over = part.getBoundingClientRect().right > page.clientWidth + 1;
      if (over && !part.closest("svg svg, svg *") && ![...ancestors(part)].some(scrolls)) said.push(`over the edge: ${part.outerHTML.slice(0, 120)}`);
      if (scrolls(part) && part.tabIndex < 0 && !part.querySelector(FOCUSABLE)) said.push(`no key scrolls ${part.outerHTML.slice(0, 120)}`);
    }
    return said;
  }

  function* ancestors(part) {
    for (let above = part.parentElement; above && above !== document.body; above = above.parentElement) yield above;
  }

  return { here, begin, now, busy, chosen, quiet, unchosen, whole, unmet, blank, films, sideways };
})();
