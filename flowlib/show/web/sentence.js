// A sentence that is read out when it changes.

function render({ model, el }) {
  const place = document.createElement("p");
  place.className = "flowlib flowlib-sentence";
  place.setAttribute("role", "status");
  place.setAttribute("aria-live", "polite");
  el.append(place);
  const show = () => {
    place.textContent = model.get("text");
    place.classList.toggle("empty", !model.get("text"));
  };
  model.on("change:text", show);
  show();
}

export default { render };
