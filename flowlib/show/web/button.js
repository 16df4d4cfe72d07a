// A button that says when it is at work, and what went wrong.

function render({ model, el }) {
  el.innerHTML = `
    <div class="flowlib flowlib-control">
      <button type="button" data-lm-suppress-shortcuts="true"></button>
      <p class="problem" role="alert" hidden></p>
    </div>`;
  const [button, problem] = ["button", ".problem"].map((part) => el.querySelector(part));

  function take() {
    const busy = model.get("busy");
    button.textContent = busy ? `${model.get("label")} (working…)` : model.get("label");
    button.disabled = model.get("disabled");
    button.setAttribute("aria-disabled", String(busy)); // a disabled button would lose the keyboard's place
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
  }

  button.addEventListener("click", () => {
    if (!model.get("busy")) model.send({ kind: "click" });
  });
  for (const name of ["label", "disabled", "busy", "problem"]) model.on(`change:${name}`, take);
  take();
}

export default { render };
