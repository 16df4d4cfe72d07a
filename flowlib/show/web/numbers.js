// A row of number boxes to fill in, and a box to paste many rows into.

function render({ model, el }) {
  const id = `flowlib-numbers-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <fieldset class="flowlib flowlib-control flowlib-numbers">
      <legend></legend><div class="boxes"></div>
      <label class="paste"></label><textarea rows="3" data-lm-suppress-shortcuts="true"></textarea>
    </fieldset>`;
  const [fieldset, legend, boxes, paste, area] = ["fieldset", "legend", ".boxes", ".paste", "textarea"].map((part) =>
    el.querySelector(part),
  );
  area.id = id;
  paste.htmlFor = id;
  paste.textContent = model.get("paste_label");
  const inputs = () => [...boxes.querySelectorAll("input")];

  // What is typed goes as a message of its own. A change of state may wait behind another that is on its way,
  // and the click on the button after it would be there first. An empty box is null.
  function tell() {
    const values = inputs().map((input) => (input.value === "" ? null : Number(input.value)));
    model.send({ kind: "typed", values, pasted: area.value });
  }

  function box(words, place) {
    const label = document.createElement("label");
    const text = document.createElement("span");
    text.textContent = words;
    const input = document.createElement("input");
    Object.assign(input, { type: "number", step: 1, min: model.get("low")[place], max: model.get("high")[place] });
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    input.addEventListener("input", tell);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      model.send({ kind: "enter" });
      inputs()[0].focus();
    });
    label.append(text, input);
    return label;
  }

  function empty() {
    for (const input of [...inputs(), area]) input.value = "";
    tell();
  }

  function take() {
    legend.textContent = model.get("legend");
    fieldset.disabled = model.get("disabled");
  }

  boxes.replaceChildren(...model.get("labels").map(box));
  area.addEventListener("input", tell);
  model.on("change:cleared", empty);
  for (const trait of ["legend", "disabled"]) model.on(`change:${trait}`, take);
  take();
  tell(); // a page that was opened again shows empty boxes, so nothing is typed
}

export default { render };
