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

  // An empty box counts as no hand while somebody types, and shows as 0 once they leave it.
  function put(place, count) {
    const counts = [...model.get("counts")];
    counts[place] = Math.min(model.get("most"), Math.max(0, Math.round(count) || 0));
    model.set("counts", counts);
    model.save_changes();
  }

  function made_button(sign, name, step, place) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", name);
    button.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    button.addEventListener("click", () => put(place, model.get("counts")[place] + step));
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
    input.setAttribute("aria-label", `Hands for ${words}`);
    input.setAttribute("data-lm-suppress-shortcuts", "true");
    input.addEventListener("input", () => put(place, Number(input.value)));
    input.addEventListener("change", take);
    const fewer = made_button("\u2212", `One hand fewer for ${words}`, -1, place);
    const more = made_button("+", `One hand more for ${words}`, 1, place);
    row.append(label, fewer, input, more);
    return row;
  }

  function take() {
    legend.textContent = model.get("legend");
    fieldset.disabled = model.get("disabled");
    const counts = model.get("counts");
    answers.querySelectorAll("input").forEach((input, place) => {
      const typing = input === document.activeElement && input.value === "" && counts[place] === 0;
      if (!typing && input.value !== String(counts[place])) input.value = String(counts[place]);
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    all.textContent = total === 1 ? "1 hand in all" : `${total} hands in all`;
  }

  answers.replaceChildren(...model.get("options").map(answer));
  for (const trait of ["counts", "legend", "disabled"]) model.on(`change:${trait}`, take);
  take();
}

export default { render };
