// A table, made and escaped by flowlib.

function render({ model, el }) {
  const place = document.createElement("div");
  place.className = "flowlib";
  el.append(place);
  const show = () => {
    place.innerHTML = model.get("markup");
  };
  model.on("change:markup", show);
  show();
}

export default { render };
