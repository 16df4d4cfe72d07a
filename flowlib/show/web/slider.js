// A slider with a name, a unit, and its value in words.
//
// data-lm-suppress-shortcuts keeps JupyterLab from taking the keys: it must stand on what has the focus.

const CALM = 60; // milliseconds between two values sent while the slider moves

const shown = (value, many, one) => {
  const unit = Number(value) === 1 ? one : many;
  const number = Number(value).toLocaleString("en-GB", { maximumFractionDigits: 6 });
  return unit.startsWith("%") ? number + unit : `${number} ${unit}`.trim();
};

function render({ model, el }) {
  const id = `flowlib-slider-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <div class="flowlib flowlib-control">
      <label for="${id}"></label>
      <div class="row"><input type="range" id="${id}" data-lm-suppress-shortcuts="true"><output for="${id}" aria-live="off"></output></div>
    </div>`;
  const [label, input, output] = ["label", "input", "output"].map((name) => el.querySelector(name));
  let timer;

  function speak() {
    output.textContent = shown(input.value, model.get("unit"), model.get("one"));
    input.setAttribute("aria-valuetext", output.textContent);
  }

  function send() {
    clearTimeout(timer);
    timer = undefined;
    model.set("value", Number(input.value));
    model.save_changes();
  }

  function take() {
    label.textContent = model.get("label");
    for (const name of ["min", "max", "step"]) input[name] = model.get(name);
    if (timer === undefined) input.value = model.get("value");
    input.disabled = model.get("disabled");
    speak();
  }

  input.addEventListener("input", () => {
    speak();
    timer ??= setTimeout(send, CALM);
  });
  input.addEventListener("change", send);
  for (const name of ["value", "min", "max", "step", "label", "unit", "one", "disabled"]) model.on(`change:${name}`, take);
  take();
  return () => clearTimeout(timer);
}

export default { render };
