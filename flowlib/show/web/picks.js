// A few of several things to tick: no more than so many at a time.

function render({ model, el }) {
  const id = `flowlib-picks-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <fieldset class="flowlib flowlib-control flowlib-picks">
      <legend></legend><div class="rows"></div><p class="so-far" role="status"></p>
    </fieldset>`;
  const [legend, rows, far] = ["legend", ".rows", ".so-far"].map((part) => el.querySelector(part));
  let picked = [...model.get("value")]; // places in the list, in its order
  let sent = 0;

  function one(words, place) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "checkbox";
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    input.addEventListener("change", () => {
      picked = [...picked.filter((other) => other !== place), ...(input.checked ? [place] : [])].sort((a, b) => a - b);
      model.send({ kind: "value", value: picked, by: id, number: (sent += 1) });
      take();
    });
    const text = document.createElement("span");
    text.textContent = words;
    label.append(input, text);
    return label;
  }

  function take() {
    const most = model.get("most");
    const full = picked.length >= most;
    legend.textContent = model.get("legend");
    rows.querySelectorAll("input").forEach((input, place) => {
      input.checked = picked.includes(place);
      input.disabled = full && !input.checked;
    });
    far.textContent = `${picked.length} of ${most} ticked.${full ? " To choose another, take one tick away." : ""}`;
  }

  rows.replaceChildren(...model.get("names").map(one));
  model.on("change:value", () => {
    if (model.get("by") === id) return; // an echo of what was sent from here
    picked = [...model.get("value")];
    take();
  });
  take();
}

export default { render };
