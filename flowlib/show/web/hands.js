// How many hands are up for each answer: fewer, a number, more.

function render({ model, el }) {
  const id = `flowlib-hands-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <fieldset class="flowlib flowlib-control flowlib-hands">
      <legend></legend><div class="answers"></div><p class="all"></p>
    </fieldset>`;
  const [fieldset, legend, answers, all] = ["fieldset", "legend", ".answers", ".all"].map((part) =>
    el.querySelector(part),
  );
  let counts = [...model.get("value")]; // null where nobody has counted yet
  let sent = 0;

  // Each count goes as a message of its own, which keeps its place before the click on the button after it.
  // A box that is emptied counts as no hand while somebody types, and shows as 0 once they leave it.
  function put(place, count) {
    const most = model.get("most");
    counts[place] = count === null ? (model.get("apart") ? null : 0) : Math.min(most, Math.max(0, Math.round(count) || 0));
    model.send({ kind: "value", value: counts, by: id, number: (sent += 1) });
    take();
  }

  function made_button(sign, name, step, place) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", name);
    button.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    button.addEventListener("click", () => put(place, (counts[place] ?? 0) + step));
    return button;
  }

  function answer(words, place) {
    const row = document.createElement("div");
    row.className = "answer";
    const label = document.createElement("label");
    label.textContent = words;
    label.htmlFor = `${id}-${place}`;
    const input = document.createElement("input");
    Object.assign(input, { id: label.htmlFor, type: "number", step: 1, min: 0, max: model.get("most") });
    input.setAttribute("data-lm-suppress-shortcuts", "true");
    input.addEventListener("input", () => put(place, input.value === "" ? null : Number(input.value)));
    input.addEventListener("change", take);
    const fewer = made_button("\u2212", `One fewer: ${words}`, -1, place);
    const more = made_button("+", `One more: ${words}`, 1, place);
    row.append(label, fewer, input, more);
    return row;
  }

  function take() {
    legend.textContent = model.get("legend");
    fieldset.disabled = model.get("disabled");
    answers.querySelectorAll("input").forEach((input, place) => {
      const shown = counts[place] === null ? "" : String(counts[place]);
      const typing = input === document.activeElement && input.value === "" && counts[place] === 0;
      if (!typing && input.value !== shown) input.value = shown;
    });
    const total = counts.reduce((sum, count) => sum + (count ?? 0), 0);
    all.textContent = model.get("apart") ? "" : total === 1 ? "1 hand in all" : `${total} hands in all`;
  }

  answers.replaceChildren(...model.get("options").map(answer));
  model.on("change:value", () => {
    if (model.get("by") === id) return; // an echo of what was sent from here
    counts = [...model.get("value")];
    take();
  });
  for (const trait of ["legend", "disabled"]) model.on(`change:${trait}`, take);
  take();
}

export default { render };
