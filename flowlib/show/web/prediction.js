// A question with a few answers to choose from, before the picture shows the true one.

function render({ model, el }) {
  // Each control runs a copy of this file of its own, so a count would give two of them one name.
  const name = `flowlib-prediction-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <fieldset class="flowlib flowlib-control flowlib-prediction">
      <legend></legend><div class="answers"></div>
    </fieldset>`;
  const [fieldset, legend, answers] = ["fieldset", "legend", ".answers"].map((part) => el.querySelector(part));

  function answer(words) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name, value: words });
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    input.addEventListener("change", () => {
      model.set("value", words);
      model.save_changes();
    });
    const text = document.createElement("span");
    text.textContent = words;
    label.append(input, text);
    return label;
  }

  function list() {
    answers.replaceChildren(...model.get("options").map(answer));
    take();
  }

  function take() {
    legend.textContent = model.get("legend");
    fieldset.disabled = model.get("disabled");
    for (const input of answers.querySelectorAll("input")) input.checked = input.value === model.get("value");
  }

  model.on("change:options", list);
  for (const trait of ["value", "legend", "disabled"]) model.on(`change:${trait}`, take);
  list();
}

export default { render };
