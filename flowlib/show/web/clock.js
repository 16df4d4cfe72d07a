// Minutes gone of a session, and which part is due. It runs here alone: nothing is asked of Python.
//
// Where the clock stands on the page are its buttons. From the start on, the time itself is in a bar that stays at the
// top while the page is scrolled. The bar takes room of its own, so that it never lies over what has the focus.

const MINUTE = 60000;
const NONE = "The time is over. Agree who does what.";

function render({ model, el }) {
  const quiet = 'data-lm-suppress-shortcuts="true"';
  el.innerHTML = `
    <div class="flowlib flowlib-control flowlib-clock">
      <div class="row">
        <button type="button" ${quiet}></button>
        <span class="flowlib-quiet"><button type="button" ${quiet}>Back to minute 0</button></span>
        <p class="hint"></p>
      </div>
    </div>`;
  const bar = document.createElement("div");
  bar.className = "flowlib flowlib-control flowlib-clock-bar";
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Clock of the session");
  bar.innerHTML = `
    <button type="button" ${quiet}></button>
    <p class="time" role="timer"></p>
    <progress aria-label="Part of the session that is over" value="0" max="1"></progress>
    <p class="due" role="status" aria-live="polite"></p>`;
  const [[main, back], hint] = [el.querySelectorAll("button"), el.querySelector(".hint")];
  const [other, time, progress, due] = ["button", ".time", "progress", ".due"].map((part) => bar.querySelector(part));
  const parts = () => model.get("parts"); // each [name, last minute]
  const gone = () => model.get("gone") + (model.get("since") ? Date.now() - model.get("since") : 0);

  function set(values) {
    model.set(values);
    model.save_changes();
    show();
  }

  function turn() {
    if (model.get("since")) set({ gone: gone(), since: 0 });
    else set({ since: Date.now() });
  }

  // In JupyterLab the bar stands over the sheet, which becomes so much shorter; elsewhere below the head of the page.
  // It is no part of the notebook there, which takes the keyboard away from all that is in no cell.
  let leave = () => {};
  function stand() {
    if (bar.isConnected || !el.isConnected) return;
    const sheet = el.closest(".jp-WindowedPanel-outer");
    const notebook = sheet?.parentElement;
    if (sheet) notebook.before(bar);
    else document.querySelector("header").after(bar);
    bar.classList.toggle("over", Boolean(sheet));
    sheet?.classList.add("flowlib-under-clock");
    const room = () => {
      if (!bar.isConnected) return;
      if (sheet) {
        bar.style.top = `${notebook.offsetTop}px`;
        notebook.style.setProperty("--flowlib-clock", `${Math.ceil(bar.getBoundingClientRect().height)}px`);
      } else document.documentElement.style.scrollPaddingTop = `${bar.offsetHeight + 8}px`;
    };
    const watch = new ResizeObserver(room);
    for (const part of [bar, notebook]) if (part) watch.observe(part);
    leave = () => {
      watch.disconnect();
      bar.remove();
      if (sheet) sheet.classList.remove("flowlib-under-clock");
      else document.documentElement.style.scrollPaddingTop = "";
    };
  }

  function show() {
    const [whole, minutes] = [parts().at(-1)[1], Math.floor(gone() / MINUTE)];
    const [runs, begun] = [Boolean(model.get("since")), gone() > 0 || Boolean(model.get("since"))];
    if (begun) stand();
    else if (bar.isConnected) leave();
    main.textContent = other.textContent = runs ? "Pause the clock" : begun ? "Go on" : "Start the clock";
    back.disabled = runs || !begun;
    hint.textContent = !begun ? `${whole} minutes` : runs ? "The time stands at the top of the page." : "The clock is paused.";
    time.textContent = `Minute ${Math.min(minutes, whole)} of ${whole}`;
    progress.value = Math.min(1, minutes / whole);
    const now = parts().find(([, last]) => minutes < last);
    const said = `${runs ? "" : "Paused. "}${now ? `Now: ${now[0]}, until minute ${now[1]}.` : NONE}`;
    if (due.textContent !== said) due.textContent = said; // so that it is read out once a part, not once a second
  }

  main.addEventListener("click", turn);
  other.addEventListener("click", turn);
  back.addEventListener("click", () => {
    main.focus(); // this button closes, and would lose the keyboard's place
    set({ gone: 0, since: 0 });
  });
  for (const trait of ["gone", "since"]) model.on(`change:${trait}`, show);
  const ticking = setInterval(show, 1000);
  show();
  return () => {
    clearInterval(ticking);
    leave();
  };
}

export default { render };
