// Where a saved page is, with a link that opens it: the browser keeps a copy among its downloads.

function render({ model, el }) {
  el.innerHTML = `
    <div class="flowlib">
      <p class="flowlib-sentence" role="status" aria-live="polite"></p>
      <p class="flowlib-sentence" hidden><a style="color: #005eb8; text-decoration: underline" data-lm-suppress-shortcuts="true"></a></p>
    </div>`;
  const [said, offered] = el.querySelectorAll("p");
  const link = offered.firstElementChild;
  let address;

  function take() {
    const [text, file] = [model.get("text"), model.get("file")];
    said.textContent = text;
    said.classList.toggle("empty", !text);
    if (address) URL.revokeObjectURL(address);
    address = file ? URL.createObjectURL(new Blob([model.get("content")], { type: "text/html" })) : undefined;
    offered.hidden = !file;
    link.textContent = file ? `Download a copy of “${file}”` : "";
    if (file) Object.assign(link, { href: address, download: file });
  }

  model.on("change:text", take);
  take();
  return () => address && URL.revokeObjectURL(address);
}

export default { render };
