// A what-if with no notebook behind it: every result is held in the page.
//
// The parts are those of the notebook. Here a small model stands behind each.

class Model {
  #state;
  #listeners = new Map();
  widget_manager = { get_model: async () => ({ get: () => "page" }) };

  constructor(state) {
    this.#state = { disabled: false, busy: false, problem: "", said: "", text: "", runtime: "IPY_MODEL_page", ...state };
  }
  get(name) {
    return this.#state[name];
  }
  set(name, value) {
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    for (const listener of this.#listeners.get(`change:${name}`) ?? []) listener();
  }
  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }
  save_changes() {}
  send(content) {
    this.sent?.(content);
  }
}

function spelled(address) {
  try {
    return decodeURIComponent(address);
  } catch {
    return address; // cut short on its way; what is left of it is answered below
  }
}

async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

function put(kind, place, state, quiet = false) {
  const model = new Model(state);
  const el = document.createElement("div");
  if (quiet) el.className = "flowlib-quiet";
  document.querySelector(place).append(el);
  parts[kind]({ model, el });
  return model;
}

function tableOf([columns, ...values]) {
  return (values[0] ?? []).map((_, row) => Object.fromEntries(columns.map((name, at) => [name, values[at][row]])));
}

function page(held) {
  const { words, controls, question, states, looks, texts } = held;
  const rows = held.rows.map(tableOf);
  const start = Object.fromEntries(controls.map(({ key, traits }) => [key, traits.value]));
  const asksOfOne = Object.keys(question.at).length > 0;
  let live = false;
  let withToday = false;
  let tableOpen = false;
  let came = null;
  let restoring = false;
  let guess;
  let go;

  const predict = () => {
    guess = put("prediction", ".left", { legend: question.legend, options: question.options, value: null });
    go = put("button", ".left", { label: words.go, disabled: true });
  };
  if (asksOfOne) predict();
  const models = Object.fromEntries(controls.map(({ key, kind, traits }) => [key, put(kind, ".left", traits)]));
  const back = put("button", ".left", { label: words.back, disabled: true }, true);
  if (!asksOfOne) predict();

  const [next, nearer, predicted, changed, said, compared] = Array.from({ length: 6 }, () => put("sentence", ".right", { text: "" }));
  const figures = [];
  let table;
  const offered = [...(held.compares ? [words.compare] : []), words.table, words.reset];
  const [again, showing, comparing] = offered.map((label) => put("button", ".buttons", { label, disabled: true }, true)).reverse();
  again.set("disabled", false);
  const keep = put("keep", ".keeping", {
    summary: "Keep this, or come back to it",
    keep: "Keep this code. It brings this page back as it is now.",
    paste: "Paste a code that you kept",
    code: "",
  });

  function state() {
    let place = 0;
    for (const { key, values } of controls) place = place * values.length + nearest(values, models[key].get("value"));
    return states[place];
  }

  function nearest(values, value) {
    const exact = values.indexOf(value);
    if (exact >= 0) return exact;
    return values.reduce((best, one, at) => (Math.abs(one - value) < Math.abs(values[best] - value) ? at : best), 0);
  }

  function picture([look, finding, detail, description, tables]) {
    const open = Object.fromEntries(Object.entries(tables).map(([name, place]) => [name, rows[place]]));
    const [title, below, spoken] = [finding, detail, description].map((place) => texts[place]);
    return { spec: looks[look], tables: open, finding: title, detail: below, description: spoken, table: "" };
  }

  function show() {
    const [sentence, difference, markup, outcome, alone, beside] = state();
    (withToday ? beside : alone).forEach((one, at) => {
      if (figures[at]) figures[at].set("picture", picture(one));
      else figures[at] = put("figure", ".right", { picture: picture(one) });
    });
    said.set("text", texts[sentence]);
    compared.set("text", withToday ? texts[difference] : "");
    if (came === null && guess.get("value") !== null) came = outcome;
    fared();
    table ??= put("table", ".under", { markup: "" });
    table.set("markup", tableOpen ? texts[markup] : "");
    name();
  }

  function fared() {
    const told = came === null ? "" : held.told[question.options.indexOf(guess.get("value"))][came];
    predicted.set("text", told);
  }

  function name() {
    comparing?.set("label", withToday ? words.alone : words.compare);
    showing.set("label", tableOpen ? words.no_table : words.table);
    for (const button of [comparing, showing]) button?.set("disabled", !live);
    const apart = differing();
    changed.set("text", apart);
    back.set("disabled", !apart);
    go.set("disabled", guess.get("value") === null || live);
    guess.set("disabled", live);
    const code = written();
    keep.set("code", code);
    try {
      history.replaceState(null, "", `#${encodeURIComponent(code)}`); // so that the address, too, can be kept
    } catch {
      keep.set("said", ""); // a browser that lets no page change its address; the code is there
    }
  }

  // What differs from today, in the words of the notebook.
  function differing() {
    const told = controls.map(({ key, values, differs }) => differs[nearest(values, models[key].get("value"))]).filter(Boolean);
    if (told.length < 2) return told[0] ?? "";
    return `${told.length} ${words.changes}: ${told.map((one) => one.slice(one.indexOf(":") + 2, -1)).join("; ")}.`;
  }

  function begin() {
    live = true;
    next.set("text", words.then);
    show();
  }

  function reset() {
    restoring = true;
    live = withToday = tableOpen = false;
    came = null;
    for (const [key, value] of Object.entries(start)) models[key].set("value", value);
    guess.set("value", null);
    restoring = false;
    for (const sentence of [said, compared, predicted, nearer]) sentence.set("text", "");
    document.querySelectorAll(".right .flowlib-figure").forEach((one) => one.parentElement.remove());
    figures.length = 0;
    table?.set("markup", "");
    next.set("text", words.again);
    for (const part of ["said", "problem"]) keep.set(part, "");
    name();
  }

  // The code is that of the notebook: it can go from one to the other.
  function written() {
    const pairs = controls.map(({ key, kind, values }) => {
      const value = models[key].get("value");
      if (kind === "tick") return `${key}=${value ? "yes" : "no"}`;
      return `${key}=${kind === "choice" ? values.indexOf(value) + 1 : value}`;
    });
    if (guess.get("value") !== null) pairs.push(`predicted=${question.options.indexOf(guess.get("value")) + 1}`);
    if (came !== null) pairs.push(`came=${came + 1}`);
    return `${held.name}: ${pairs.join(", ")}`;
  }

  function meant({ key, kind, values }, text) {
    if (kind === "tick" && ["yes", "no"].includes(text)) return text === "yes";
    if (kind === "choice") return values[Number(text) - 1];
    return kind === "slider" ? values.find((value) => Math.abs(value - Number(text)) < 1e-6) : undefined;
  }

  function read(code) {
    const [whose, rest] = [code.split(":")[0].trim(), code.split(":").slice(1).join(":")];
    if (!code.trim()) return "Paste a code first.";
    if (whose !== held.name) return `This is not a code of this page. Its codes begin with “${held.name}:”.`;
    const pairs = Object.fromEntries([...rest.matchAll(/([a-z][a-z0-9_]*)\s*=\s*([^\s,;=]+)/g)].map(([, key, text]) => [key, text]));
    const values = controls.map((control) => meant(control, pairs[control.key] ?? ""));
    if (values.includes(undefined)) return "This code is cut short, or of a page with other controls. Copy it again, whole.";
    const chosen = [pairs.predicted, pairs.came].map((text) => question.options[Number(text) - 1]);
    reset();
    restoring = true;
    controls.forEach(({ key }, at) => models[key].set("value", values[at]));
    guess.set("value", chosen[0] ?? null);
    restoring = false;
    if (chosen[0] !== undefined && chosen[1] !== undefined) {
      came = question.options.indexOf(chosen[1]);
      begin();
    }
    name();
    return "";
  }

  go.sent = () => {
    restoring = true;
    for (const [key, value] of Object.entries(question.at)) models[key].set("value", value);
    restoring = false;
    begin();
  };
  again.sent = reset;
  back.sent = () => {
    restoring = true;
    for (const [key, value] of Object.entries(start)) models[key].set("value", value);
    restoring = false;
    if (live) show();
    else name();
  };
  if (comparing)
    comparing.sent = () => {
      withToday = !withToday;
      show();
    };
  showing.sent = () => {
    tableOpen = !tableOpen;
    show();
  };
  keep.sent = ({ code }) => {
    const wrong = read(code);
    keep.set("problem", wrong);
    keep.set("said", wrong ? "" : "Here it is, as you kept it.");
  };
  guess.on("change:value", () => restoring || name());
  for (const model of Object.values(models)) {
    model.on("change:value", () => {
      if (restoring) return;
      nearer.set("text", "");
      if (live) show();
      else name();
    });
  }
  next.set("text", words.first);
  const kept = location.hash.length > 1;
  const wrong = read(kept ? spelled(location.hash.slice(1)) : held.opens.code);
  if (!kept && !live) next.set("text", words.first);
  if (!kept) nearer.set("text", held.opens.nearest);
  name();
  keep.set("problem", wrong);
}

if (typeof DecompressionStream === "undefined") {
  put("sentence", ".right", { text: "This browser is too old for this page. Open it in Edge, Chrome, Firefox or Safari of 2023 or later." });
} else {
  page(await unpacked("held"));
}
