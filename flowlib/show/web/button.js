// A button that says when it is at work, and what went wrong.

// JupyterLab would take the keys of the lists and boxes of ipywidgets, which stand in forms before our buttons.
function keepKeys() {
  if (globalThis.flowlibKeepsKeys) return;
  globalThis.flowlibKeepsKeys = true;
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".jp-OutputArea-output :is(input, select)")) target.setAttribute("data-lm-suppress-shortcuts", "true");
  });
}

function render({ model, el }) {
  keepKeys();
  el.innerHTML = `
    <div class="flowlib flowlib-control">
      <button type="button" data-lm-suppress-shortcuts="true"></button>
      <p class="problem" role="alert" hidden></p>
    </div>`;
  const [button, problem] = ["button", ".problem"].map((part) => el.querySelector(part));

  function take() {
    const busy = model.get("busy");
    const held = button === document.activeElement; // a disabled button would lose the keyboard's place
    button.textContent = busy ? `${model.get("label")} (working…)` : model.get("label");
    button.disabled = model.get("disabled") && !held;
    button.setAttribute("aria-disabled", String(busy || (held && model.get("disabled"))));
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
  }

  // Where a click takes the button itself away, the keyboard goes to the nearest control before it that stays.
  let before = [];
  const controls = () => [...(el.closest(".jp-OutputArea-output") ?? document).querySelectorAll("input, select, button, summary")];
  const free = (part) => part.isConnected && !part.matches(":disabled") && part.checkVisibility({ visibilityProperty: true });
  function gone() {
    if (document.activeElement === document.body) before.find(free)?.focus();
  }

  button.addEventListener("click", () => {
    if (model.get("busy") || model.get("disabled")) return;
    const all = controls();
    before = button === document.activeElement ? all.slice(0, all.indexOf(button)).reverse() : [];
    model.send({ kind: "click" });
  });
  button.addEventListener("blur", (event) => {
    if (event.relatedTarget) before = []; // the keyboard has moved on by itself
    take();
  });
  for (const name of ["label", "disabled", "busy", "problem"]) model.on(`change:${name}`, take);
  take();
  return () => setTimeout(gone);
}

export default { render };
