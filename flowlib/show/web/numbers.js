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

  // What is typed travels at once, so that the button after it always sees it. An empty box is null.
  function box(words, place) {
    const label = document.createElement("label");
    const text = document.createElement("span");
    text.textContent = words;
    const input = document.createElement("input");
    Object.assign(input, { type: "number", step: 1, min: model.get("low")[place], max: model.get("high")[place] });
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    input.addEventListener("input", () => {
      const values = [...model.get("values")];
      values[place] = input.value === "" ? null : Number(input.value);
      model.set("values", values);
      model.save_changes();
    });
    label.append(text, input);
    return label;
  }

  area.addEventListener("input", () => {
    model.set("pasted", area.value);
    model.save_changes();
  });

  function take() {
    legend.textContent = model.get("legend");
    paste.textContent = model.get("paste_label");
    fieldset.disabled = model.get("disabled");
    if (area.value !== model.get("pasted")) area.value = model.get("pasted");
    const values = model.get("values");
    boxes.querySelectorAll("input").forEach((input, place) => {
      const words = values[place] === null ? "" : String(values[place]);
      if (input.value !== words) input.value = words;
    });
  }

  boxes.replaceChildren(...model.get("labels").map(box));
  for (const trait of ["values", "pasted", "legend", "disabled"]) model.on(`change:${trait}`, take);
  take();
}

export default { render };
