// Minutes gone of a session, and which part is due. It runs here alone: nothing is asked of Python.

const MINUTE = 60000;

function render({ model, el }) {
  el.innerHTML = `
    <div class="flowlib flowlib-control flowlib-clock">
      <div class="row">
        <button type="button" data-lm-suppress-shortcuts="true"></button>
        <p class="time" role="timer"></p>
        <progress aria-label="Part of the session that is over" value="0" max="1"></progress>
      </div>
      <p class="due" role="status" aria-live="polite"></p>
    </div>`;
  const [button, time, progress, due] = ["button", ".time", "progress", ".due"].map((part) => el.querySelector(part));
  const parts = () => model.get("parts"); // each [name, last minute]

  function show() {
    const [begun, whole] = [model.get("begun"), parts().at(-1)[1]];
    const gone = begun ? Math.floor((Date.now() - begun) / MINUTE) : 0;
    button.textContent = begun ? "Stop the clock" : "Start the clock";
    time.textContent = `Minute ${Math.min(gone, whole)} of ${whole}`;
    progress.value = Math.min(1, gone / whole);
    const now = parts().find(([, last]) => gone < last);
    const said = !begun ? "" : now ? `Now: ${now[0]}, until minute ${now[1]}.` : "The time is over. Agree who does what.";
    if (due.textContent !== said) due.textContent = said; // so that it is read out once a part, not once a second
  }

  button.addEventListener("click", () => {
    model.set("begun", model.get("begun") ? 0 : Date.now());
    model.save_changes();
    show();
  });
  model.on("change:begun", show);
  const ticking = setInterval(show, 1000);
  show();
  return () => clearInterval(ticking);
}

export default { render };
