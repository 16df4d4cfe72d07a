// How far a long sum has come, and a way to stop it. Nothing is shown while nothing is at work.

function render({ model, el }) {
  const id = `flowlib-working-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <div class="flowlib flowlib-control flowlib-working" hidden>
      <label for="${id}"></label> <progress id="${id}" max="1" value="0"></progress>
      <button type="button" data-lm-suppress-shortcuts="true">Stop</button>
    </div>`;
  const [whole, label, progress, button] = ["div", "label", "progress", "button"].map((part) => el.querySelector(part));

  let from; // where the keyboard was before it came to this button

  // A button that goes takes the keyboard's place with it, so that goes back to where it came from.
  function back() {
    const others = [...(el.closest(".jp-OutputArea-output")?.querySelectorAll("input, select, button") ?? [])];
    const free = (part) => part && part !== button && !part.matches(":disabled") && part.checkVisibility({ visibilityProperty: true });
    [from, ...others].find(free)?.focus({ preventScroll: true });
  }

  function take() {
    if (!model.get("busy") && button === document.activeElement) back();
    whole.hidden = !model.get("busy");
    label.textContent = model.get("label");
    progress.value = model.get("share");
  }

  button.addEventListener("focus", (event) => {
    from = event.relatedTarget;
  });
  button.addEventListener("click", () => model.send({ kind: "stop" }));
  for (const name of ["busy", "label", "share"]) model.on(`change:${name}`, take);
  take();
}

export default { render };
