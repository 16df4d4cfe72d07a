// Lines of boxes to write in: each line has the same boxes, each box its own label.

function render({ model, el }) {
  const id = `flowlib-lines-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `<div class="flowlib flowlib-control flowlib-lines"></div>`;
  const sheet = el.firstElementChild;
  let lines = model.get("value").map((line) => [...line]);
  let sent = 0;

  // What is typed goes as a message, which keeps its place before the click on the button after it.
  function box(words, line, place) {
    const label = document.createElement("label");
    label.className = place === 0 ? "wide" : "";
    const text = document.createElement("span");
    text.textContent = words;
    const input = document.createElement("input");
    Object.assign(input, { type: "text", maxLength: model.get("most"), autocomplete: "off" });
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    input.addEventListener("input", () => {
      lines[line][place] = input.value;
      model.send({ kind: "value", value: lines, by: id, number: (sent += 1) });
    });
    label.append(text, input);
    return label;
  }

  function line(_, number) {
    const fieldset = document.createElement("fieldset");
    fieldset.className = "line";
    const legend = document.createElement("legend");
    legend.textContent = `${model.get("name")} ${number + 1}`;
    const boxes = document.createElement("div");
    boxes.className = "boxes";
    boxes.append(...model.get("asks").map((words, place) => box(words, number, place)));
    fieldset.append(legend, boxes);
    return fieldset;
  }

  function take() {
    const texts = lines.flat();
    sheet.querySelectorAll("input").forEach((input, place) => {
      if (input.value !== texts[place]) input.value = texts[place];
    });
  }

  sheet.replaceChildren(...lines.map(line));
  model.on("change:value", () => {
    if (model.get("by") === id) return; // an echo of what was sent from here
    lines = model.get("value").map((one) => [...one]);
    take();
  });
  take();
}

export default { render };
