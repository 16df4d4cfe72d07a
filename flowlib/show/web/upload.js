// A file is sent to the notebook piece by piece: the next piece leaves when the last has arrived.
//
// One message of a large file would be dropped by the server without a word.

const PIECE = 4 * 1024 * 1024; // bytes; half of what a notebook server takes in one message
const MOST = 2_000_000_000; // bytes
const SILENCE = 8_000; // milliseconds without an answer before we say so

function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB"];
  let place = 0;
  while (bytes >= 1000 && place < units.length - 1) {
    bytes /= 1000;
    place += 1;
  }
  const figures = place && bytes < 10 ? 1 : 0;
  return `${bytes.toLocaleString("en-GB", { maximumFractionDigits: figures })} ${units[place]}`;
}

function fault(file, accept) {
  const [, ending] = /(\.[^.]+)$/.exec(file.name.toLowerCase()) ?? ["", ""];
  if (accept.length && !accept.includes(ending)) {
    return `“${file.name}” cannot be read here. Choose a file that ends in ${accept.join(", ")}.`;
  }
  if (file.size > MOST) {
    return `“${file.name}” is ${size(file.size)}, and the most that can be sent is ${size(MOST)}. Cut it into shorter periods, or read it from its folder.`;
  }
  return file.size === 0 ? `“${file.name}” is empty. Choose another file.` : "";
}

function render({ model, el }) {
  const id = `flowlib-upload-${Math.random().toString(36).slice(2)}`;
  el.innerHTML = `
    <div class="flowlib flowlib-control flowlib-upload">
      <label for="${id}"></label>
      <p class="hint" id="${id}-hint"></p>
      <input type="file" id="${id}" data-lm-suppress-shortcuts="true" aria-describedby="${id}-hint">
      <div class="sending" hidden>
        <label for="${id}-progress">Sending</label>
        <progress id="${id}-progress" max="1" value="0"></progress> <span class="sent"></span>
      </div>
      <p class="said" role="status"></p>
      <p class="problem" role="alert" hidden></p>
    </div>`;
  const find = (part) => el.querySelector(part);
  const [input, sending, progress, sent] = ["input", ".sending", "progress", ".sent"].map(find);
  const [said, problem] = [".said", ".problem"].map(find);
  let file;
  let turn = 0; // which upload this is; answers to an earlier one are let go
  let watch;

  function say(words, wrong = "") {
    said.textContent = words;
    problem.textContent = wrong;
    problem.hidden = !wrong;
  }

  // While a file is on its way no other is taken. A disabled control would lose the keyboard's place.
  function hold() {
    if (file) input.setAttribute("aria-disabled", "true");
    else input.removeAttribute("aria-disabled");
  }

  function stop(words, wrong) {
    clearTimeout(watch);
    file = undefined;
    hold();
    sending.hidden = true;
    input.value = ""; // so that the same file can be chosen again
    say(words, wrong);
  }

  function send(content, buffers = []) {
    clearTimeout(watch);
    watch = setTimeout(() => say("The notebook is busy. Sending goes on when it is free."), SILENCE);
    model.send({ ...content, upload: `${id}-${turn}` }, undefined, buffers);
  }

  async function piece(from) {
    progress.value = from / file.size;
    sent.textContent = `${size(from)} of ${size(file.size)}`;
    try {
      const bytes = await file.slice(from, from + PIECE).arrayBuffer();
      send({ kind: "piece", from }, [bytes]);
    } catch {
      stop("", `“${file.name}” could not be read. Close it in other programs, then choose it again.`);
    }
  }

  function heard(message) {
    if (message.upload !== `${id}-${turn}` || !file) return;
    clearTimeout(watch);
    if (message.kind === "more") {
      say("");
      piece(message.received);
    }
    if (message.kind === "arrived") {
      progress.value = 1;
      sent.textContent = `${size(file.size)} of ${size(file.size)}`;
      say("The file has arrived and is being read.");
    }
    if (message.kind === "done") stop(message.sentence);
    if (message.kind === "failed") stop("", message.sentence);
  }

  function chosen() {
    if (file || !input.files.length) return;
    [file] = input.files;
    const wrong = fault(file, model.get("accept"));
    if (wrong) {
      stop("", wrong);
      return;
    }
    turn += 1;
    hold();
    sending.hidden = false;
    progress.value = 0;
    sent.textContent = "";
    say("");
    send({ kind: "start", name: file.name, size: file.size });
  }

  function take() {
    find("label").textContent = model.get("label");
    find(".hint").textContent = model.get("hint");
    find(".hint").hidden = !model.get("hint");
    input.accept = model.get("accept").join(",");
    input.disabled = model.get("disabled");
  }

  input.addEventListener("change", chosen);
  input.addEventListener("click", (event) => {
    if (file) event.preventDefault();
  });
  model.on("msg:custom", heard);
  for (const name of ["label", "hint", "accept", "disabled"]) model.on(`change:${name}`, take);
  take();
  return () => clearTimeout(watch);
}

export default { render };
