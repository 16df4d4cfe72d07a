// A film of a log on a page: the picture, its controls, and the same in words.
//
// Where the computer asks for less motion nothing glides and nothing plays: the film goes by the hour.

const WORDS_EVERY = 250; // milliseconds between changes of the words while the film plays
const SAY_EVERY = 10_000; // milliseconds between what a screen reader is told while it plays
const SAY_AFTER = 400; // milliseconds of rest before a moment that was chosen is told
const LESS_MOTION = "(prefers-reduced-motion: reduce)";

function frame(el, film) {
  const id = `flowlib-film-${Math.random().toString(36).slice(2)}`;
  const quiet = 'data-lm-suppress-shortcuts="true"';
  el.innerHTML = `
    <section class="flowlib flowlib-film">
      <p class="moment"></p>
      <div class="sheet"><canvas role="img"></canvas></div>
      <ul class="key" aria-hidden="true">
        <li><i class="waits"></i>waits</li><li><i class="served"></i>in service</li>
        <li><i class="held"></i>ready to go on, but still holds the place</li>
        <li class="one"><i class="ahead"></i>waits for this step, in a place before it</li><li class="spare"><i class="free"></i>free place</li>
        <li class="dot">A dot is about ${film.each} people.</li>
      </ul>
      <div class="controls" role="group">
        <label class="time" for="${id}-time">Time in the film <input type="range" id="${id}-time" min="0" step="${HOUR}" ${quiet}></label>
        <button type="button" class="play" ${quiet}>Play</button>
        <button type="button" data-go="hour-back" ${quiet}>1 hour back</button>
        <button type="button" data-go="hour-on" ${quiet}>1 hour on</button>
        <button type="button" data-go="change-back" ${quiet}>Change before</button>
        <button type="button" data-go="change-on" ${quiet}>Next change</button>
        <button type="button" data-go="restart" ${quiet}>Back to the start</button>
        <label class="speed" for="${id}-speed">Speed <select id="${id}-speed" ${quiet}></select></label>
      </div>
      <p class="less" hidden>Your computer asks for less motion, so the film goes by the hour. Use the buttons or the slider.</p>
      <div class="table"><table><caption>People at this moment</caption><thead></thead><tbody></tbody></table></div>
      <ul class="notes"></ul>
      <p class="said" role="status" aria-live="polite"></p>
      <p class="problem" role="alert" hidden></p>
    </section>`;
  const find = (selector) => el.querySelector(selector);
  find("section").setAttribute("aria-label", film.name ? `Film: ${film.name}` : "Film");
  find(".controls").setAttribute("aria-label", "Controls of the film");
  find(".one").hidden = find('[data-go="change-back"]').hidden = find('[data-go="change-on"]').hidden = film.crowd;
  find(".dot").hidden = !film.crowd;
  find(".spare").hidden = film.cards.every((card) => !card.capacity);
  find("input").max = film.length;
  for (const [hours, words] of film.speeds) find("select").append(new Option(words, hours));
  find("select").value = film.speed;
  for (const words of film.notes) find(".notes").append(Object.assign(document.createElement("li"), { textContent: words }));
  find(".sheet").style.setProperty("--least", `${Math.round(film.width * 0.8)}px`);
  find(".sheet").style.setProperty("--most", `${Math.round(film.width * 1.15)}px`);
  return find;
}

function headings(find, film) {
  const words = ["Step", film.crowd ? "Waiting" : "Waiting in line", ...(film.crowd ? [] : ["Waiting in a place before"]), "In service", "Ready, but held", ...(film.crowd ? [] : ["Held for"])];
  const row = find("thead").insertRow();
  words.forEach((text, place) => {
    const cell = Object.assign(document.createElement("th"), { textContent: text, scope: "col" });
    if (place && text !== "Held for") cell.className = "number";
    row.append(cell);
  });
  for (const step of film.steps) {
    const line_ = find("tbody").insertRow();
    line_.append(Object.assign(document.createElement("th"), { textContent: step, scope: "row" }));
    for (const text of words.slice(1)) line_.insertCell().className = text === "Held for" ? "" : "number";
  }
}

function fill(find, film, seen) {
  const shown = (number) => (number === FEW ? "1 to 7" : digits(number));
  film.steps.forEach((_, step) => {
    const numbers = [seen.waiting[step], ...(film.crowd ? [] : [seen.ahead[step]]), seen.inService[step], seen.held[step]].map(shown);
    if (!film.crowd) numbers.push(heldFor(film, seen, step).map(([people, name]) => `${name} ${digits(people)}`).join(", "));
    const { cells } = find("tbody").rows[step];
    numbers.forEach((text, place) => {
      if (cells[place + 1].textContent !== text) cells[place + 1].textContent = text;
    });
  });
}

// What is wider than the page can be scrolled by keyboard
function reachable(part, name) {
  const wider = part.scrollWidth > part.clientWidth;
  for (const [attribute, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", name]])
    wider ? part.setAttribute(attribute, value) : part.removeAttribute(attribute);
}

async function start(model, el, film, gone) {
  const find = frame(el, film);
  headings(find, film);
  const numbers = await unpacked(model.get("data"));
  if (gone.aborted) return;
  const people = film.crowd ? crowdFilm(film, numbers) : peopleFilm(film, numbers);
  const paint = painter(film, find("canvas"));
  const calm = globalThis.matchMedia(LESS_MOTION);
  const [slider, speed, play] = [find("input"), find("select"), find(".play")];
  let second = Math.min(film.length, model.get("at"));
  let playing = false, before = null, worded = { when: -Infinity }, told = 0, telling, asked;

  function tell(seen = people.at(second)) {
    clearTimeout(telling);
    told = performance.now();
    find(".said").textContent = caption(film, seen, second);
    model.set("at", Math.round(second));
    model.save_changes();
  }

  function say(seen, now) {
    worded = { when: now, seen, ofWeek: clock(film, second).ofWeek };
    const words = caption(film, seen, second);
    find(".moment").textContent = words;
    find("canvas").setAttribute("aria-label", words);
    fill(find, film, seen);
    slider.value = second;
    if (!playing) slider.setAttribute("aria-valuetext", clock(film, second).words);
  }

  function draw(now) {
    asked = undefined;
    const seconds = before === null ? 0 : Math.min(0.1, (now - before) / 1000);
    before = now;
    if (playing) {
      second = Math.min(film.length, second + seconds * speed.value * HOUR);
      if (second === film.length) stop();
    }
    const seen = people.at(Math.floor(second));
    if (!playing || now - worded.when > WORDS_EVERY) say(seen, now);
    const moving = paint(seen, worded, calm.matches || film.crowd ? null : seconds);
    if (playing && now - told > SAY_EVERY) tell(seen);
    if (playing || moving) ask();
    else before = null;
  }

  const ask = () => {
    if (!gone.aborted) asked ??= requestAnimationFrame(draw);
  };

  function stop() {
    playing = false;
    play.textContent = "Play";
    telling = setTimeout(tell, SAY_AFTER);
    ask();
  }

  function go(to) {
    second = Math.max(0, Math.min(film.length, to));
    if (!playing) {
      clearTimeout(telling);
      telling = setTimeout(tell, SAY_AFTER);
    }
    ask();
  }

  const ways = {
    "hour-back": () => hourBefore(second),
    "hour-on": () => hourAfter(second),
    "change-back": () => people.change(Math.floor(second), false),
    "change-on": () => people.change(Math.floor(second), true),
    restart: () => 0,
  };
  for (const [name, to] of Object.entries(ways)) find(`[data-go="${name}"]`).addEventListener("click", () => go(to()));
  slider.addEventListener("input", () => go(Number(slider.value)));
  play.addEventListener("click", () => {
    if (playing) return stop();
    if (second >= film.length) second = 0;
    [playing, told, before] = [true, performance.now(), null];
    play.textContent = "Pause";
    ask();
  });
  function quieter() {
    find(".less").hidden = !calm.matches;
    play.hidden = find(".speed").hidden = calm.matches;
    if (calm.matches && playing) stop();
  }
  calm.addEventListener("change", quieter, { signal: gone });
  quieter();
  model.on("change:at", () => {
    if (model.get("at") !== Math.round(second)) go(model.get("at"));
  });
  const wide = [[find(".sheet"), "The picture, wider than the page"], [find(".table"), "The table, wider than the page"]];
  const sized = new ResizeObserver(() => {
    for (const [part, name] of wide) reachable(part, name);
    ask();
  });
  for (const [part] of wide) sized.observe(part);
  gone.addEventListener("abort", () => {
    sized.disconnect();
    clearTimeout(telling);
    if (asked) cancelAnimationFrame(asked);
  });
  ask();
}

function render({ model, el }) {
  const leave = new AbortController();
  const film = JSON.parse(model.get("film"));
  start(model, el, film, leave.signal).catch((error) => {
    console.error(error);
    const problem = el.querySelector(".problem");
    problem.textContent = "This film could not be shown. Run the notebook again from the top.";
    problem.hidden = false;
  });
  return () => leave.abort();
}

export default { render };
