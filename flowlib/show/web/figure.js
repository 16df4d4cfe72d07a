// One picture: a title, the chart, and its numbers as a table.
//
// The chart library is loaded once in a page (vega_runtime.js). A change of numbers goes into
// the chart that stands; any other change is drawn out of sight first, then swapped in.

const PATIENCE = 30_000; // milliseconds to wait for the library on a slow machine

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function library(model) {
  const id = model.get("runtime").slice("IPY_MODEL_".length);
  const runtime = await model.widget_manager.get_model(id);
  const version = runtime.get("version");
  for (let waited = 0; waited < PATIENCE; waited += 25) {
    const vegaEmbed = globalThis.flowlibVega?.get(version);
    if (vegaEmbed) return vegaEmbed;
    await pause(25);
  }
  throw new Error("the drawing library did not load");
}

// Pictures are made of what they carry: nothing is ever fetched.
const refuse = async () => {
  throw new Error("a picture fetches nothing");
};
const loader = {
  load: refuse,
  http: refuse,
  file: refuse,
  sanitize: async (address) => {
    if (!address.startsWith("data:")) throw new Error("a picture fetches nothing");
    return { href: address };
  },
};

async function unpacked(view) {
  if (!ArrayBuffer.isView(view)) return view; // a page to send holds its rows open
  const stream = new Blob([view]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}

function frame(el) {
  el.innerHTML = `
    <figure class="flowlib flowlib-figure">
      <figcaption><span class="finding"></span><span class="detail"></span></figcaption>
      <div class="wide"><div class="picture" role="img"></div></div>
      <p class="problem" role="alert" hidden></p>
      <details hidden><summary data-lm-suppress-shortcuts="true">The numbers as a table</summary><div class="numbers"></div></details>
    </figure>`;
  const find = (selector) => el.querySelector(selector);
  return {
    caption: find("figcaption"),
    finding: find(".finding"),
    detail: find(".detail"),
    wide: find(".wide"),
    picture: find(".picture"),
    problem: find(".problem"),
    details: find("details"),
    numbers: find(".numbers"),
  };
}

function say(parts, { description, finding, detail, table }) {
  parts.picture.setAttribute("aria-label", description);
  parts.finding.textContent = finding;
  parts.detail.textContent = detail;
  parts.caption.hidden = !finding && !detail;
  if (parts.numbers.innerHTML !== table) parts.numbers.innerHTML = table; // made and escaped by flowlib
  parts.details.hidden = !table;
}

async function changed(drawn, tables) {
  const { view } = drawn.result;
  for (const [name, rows] of Object.entries(tables)) view.data(name, rows);
  await view.runAsync();
}

async function drawn(vegaEmbed, place, spec, tables) {
  const sheet = document.createElement("div");
  sheet.className = "sheet waiting";
  sheet.setAttribute("aria-hidden", "true"); // its description speaks for the picture, not its hundred marks
  place.append(sheet);
  try {
    const full = { ...JSON.parse(spec), datasets: tables };
    const result = await vegaEmbed(sheet, full, { mode: "vega-lite", renderer: "svg", actions: false, loader });
    return { sheet, result, spec };
  } catch (error) {
    sheet.remove();
    throw error;
  }
}

// On a narrow page, as where letters are enlarged, a picture keeps its size and is scrolled; so a key must reach it.
function reachable({ wide }) {
  const wider = wide.scrollWidth > wide.clientWidth + 1;
  const said = { tabindex: "0", role: "group", "aria-label": "The picture, wider than the page", "data-lm-suppress-shortcuts": "true" };
  for (const [name, value] of Object.entries(said)) wider ? wide.setAttribute(name, value) : wide.removeAttribute(name);
}

function put(now, before) {
  now.sheet.classList.remove("waiting");
  before?.sheet.remove();
  before?.result.finalize();
}

function render({ model, el }) {
  const parts = frame(el);
  let current; // what stands on the page
  let wanted = false;
  let busy = false;
  let gone = false;

  async function draw() {
    const picture = model.get("picture");
    const [vegaEmbed, tables] = await Promise.all([library(model), unpacked(picture.tables)]);
    if (gone) return;
    if (current?.spec === picture.spec) {
      await changed(current, tables);
    } else {
      const next = await drawn(vegaEmbed, parts.picture, picture.spec, tables);
      put(next, current);
      current = next;
    }
    parts.picture.style.setProperty("--whole", `${parts.picture.querySelector("svg").getAttribute("width")}px`);
    say(parts, picture); // after the marks, so that words and picture always agree
    if (gone) current.result.finalize();
    parts.problem.hidden = true;
  }

  // Requests that come while one is being drawn are met together: the last one wins.
  async function settle() {
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted && !gone) {
      wanted = false;
      try {
        await draw();
      } catch (error) {
        console.error(error);
        parts.problem.textContent = "This picture could not be drawn. Run the notebook again from the top.";
        parts.problem.hidden = false;
      }
    }
    busy = false;
  }

  const sized = new ResizeObserver(() => reachable(parts));
  for (const part of [parts.wide, parts.picture]) sized.observe(part);
  model.on("change:picture", settle);
  settle();
  return () => {
    gone = true;
    sized.disconnect();
    if (!busy) current?.result.finalize();
  };
}

export default { render };
