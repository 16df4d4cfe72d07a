// Yes or no: a box to tick, with its name beside it.

function render({ model, el }) {
  const id = `flowlib-tick-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <div class="flowlib flowlib-control flowlib-tick">
      <input type="checkbox" id="${id}" data-lm-suppress-shortcuts="true"><label for="${id}"></label>
    </div>`;
  const [input, label] = ["input", "label"].map((part) => el.querySelector(part));

  function take() {
    label.textContent = model.get("label");
    input.checked = model.get("value");
    input.disabled = model.get("disabled");
  }

  input.addEventListener("change", () => {
    model.set("value", input.checked);
    model.save_changes();
  });
  for (const name of ["value", "label", "disabled"]) model.on(`change:${name}`, take);
  take();
}

export default { render };
