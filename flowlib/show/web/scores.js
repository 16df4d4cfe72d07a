// A score for each of several things: a row each, with a choice from the lowest to the highest.

function render({ model, el }) {
  const id = `flowlib-scores-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `<div class="flowlib flowlib-control flowlib-scores"><p class="scale"></p><div class="rows"></div></div>`;
  const [scale, rows] = [".scale", ".rows"].map((part) => el.querySelector(part));

  function choice(row, score) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: `${id}-${row}`, value: String(score) });
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the arrow keys
    input.addEventListener("change", () => {
      const scores = [...model.get("scores")];
      scores[row] = score;
      model.set("scores", scores);
      model.save_changes();
    });
    label.append(input, String(score));
    return label;
  }

  function one(words, row) {
    const group = document.createElement("div");
    group.className = "row";
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-labelledby", `${id}-name-${row}`);
    const name = document.createElement("span");
    Object.assign(name, { id: `${id}-name-${row}`, className: "name", textContent: words });
    const choices = document.createElement("div");
    choices.className = "choices";
    for (let score = 1; score <= model.get("most"); score += 1) choices.append(choice(row, score));
    group.append(name, choices);
    return group;
  }

  function take() {
    scale.textContent = model.get("scale");
    model.get("scores").forEach((score, row) => {
      rows.children[row].querySelectorAll("input").forEach((input) => {
        input.checked = Number(input.value) === score;
      });
    });
  }

  rows.replaceChildren(...model.get("names").map(one));
  for (const trait of ["scores", "scale"]) model.on(`change:${trait}`, take);
  take();
}

export default { render };
