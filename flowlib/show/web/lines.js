// Lines of boxes to write in: each line has the same boxes, each box its own label.

function render({ model, el }) {
  el.innerHTML = `<div class="flowlib flowlib-control flowlib-lines"></div>`;
  const sheet = el.firstElementChild;

  // What is typed travels at once, so that the button after it always sees it.
  function box(words, line, place) {
    const label = document.createElement("label");
    label.className = place === 0 ? "wide" : "";
    const text = document.createElement("span");
    text.textContent = words;
    const input = document.createElement("input");
    Object.assign(input, { type: "text", maxLength: model.get("most"), autocomplete: "off" });
    input.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the keys
    input.addEventListener("input", () => {
      const lines = model.get("lines").map((one) => [...one]);
      lines[line][place] = input.value;
      model.set("lines", lines);
      model.save_changes();
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
    const texts = model.get("lines").flat();
    sheet.querySelectorAll("input").forEach((input, place) => {
      if (input.value !== texts[place]) input.value = texts[place];
    });
  }

  sheet.replaceChildren(...model.get("lines").map(line));
  model.on("change:lines", take);
  take();
}

export default { render };
