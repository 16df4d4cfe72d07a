// One answer of a few, in a list that opens.

function render({ model, el }) {
  const id = `flowlib-choice-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <div class="flowlib flowlib-control">
      <label for="${id}"></label>
      <select id="${id}" data-lm-suppress-shortcuts="true"></select>
    </div>`;
  const [label, select] = ["label", "select"].map((part) => el.querySelector(part));

  function list() {
    const options = model.get("options").map((words) => {
      const option = document.createElement("option");
      option.value = option.textContent = words;
      return option;
    });
    select.replaceChildren(...options);
    take();
  }

  function take() {
    label.textContent = model.get("label");
    select.value = model.get("value");
    select.disabled = model.get("disabled");
  }

  select.addEventListener("change", () => {
    model.set("value", select.value);
    model.save_changes();
  });
  model.on("change:options", list);
  for (const name of ["value", "label", "disabled"]) model.on(`change:${name}`, take);
  list();
}

export default { render };
