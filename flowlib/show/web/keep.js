// A code to copy that brings a page back as it stands, and a place to paste one.

function render({ model, el }) {
  const id = `flowlib-keep-${Math.random().toString(36).slice(2)}`;
  const quiet = 'data-lm-suppress-shortcuts="true"';
  el.innerHTML = `
    <div class="flowlib flowlib-control flowlib-keep"><details>
      <summary ${quiet}></summary>
      <label for="${id}-out"></label>
      <div class="row"><input type="text" id="${id}-out" readonly ${quiet}><button type="button" ${quiet}>Copy</button></div>
      <label for="${id}-in"></label>
      <div class="row"><input type="text" id="${id}-in" autocomplete="off" spellcheck="false" ${quiet}><button type="button" ${quiet}>Go back to it</button></div>
      <p class="said" role="status"></p>
      <p class="problem" role="alert" hidden></p>
    </details></div>`;
  const [out, into] = el.querySelectorAll("input");
  const [copy, back] = el.querySelectorAll("button");
  const [outLabel, intoLabel] = el.querySelectorAll("label");
  const [details, summary, said, problem] = ["details", "summary", ".said", ".problem"].map((part) => el.querySelector(part));

  function take() {
    summary.textContent = model.get("summary");
    outLabel.textContent = model.get("keep");
    intoLabel.textContent = model.get("paste");
    out.value = model.get("code");
    said.textContent = model.get("said");
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
    if (model.get("problem")) details.open = true; // or nobody would see it
  }

  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(out.value);
      said.textContent = "Copied.";
    } catch {
      out.focus(); // the keys copy what is chosen where the keyboard is
      out.select();
      said.textContent = "Press Ctrl and C to copy it."; // a page that may not copy by itself
    }
  });
  const go = () => model.send({ kind: "back", code: into.value });
  back.addEventListener("click", go);
  into.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go();
  });
  for (const name of ["summary", "keep", "paste", "code", "said", "problem"]) model.on(`change:${name}`, take);
  take();
}

export default { render };
