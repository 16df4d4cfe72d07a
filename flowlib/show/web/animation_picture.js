// The picture of a film: steps as cards, people as dots that glide to where they belong.
//
// Where a dot stands comes from the layout that flowlib/show/animation_layout.py made.

const GLIDE = 0.16; // seconds in which a dot goes most of its way
const FADE = 0.3; // seconds in which a dot that leaves the picture fades
const BLUE = "#005eb8", GREY = "#4c6272", ORANGE = "#ed8b00", INK = "#212b32", LINE = "#768692", PALE = "#f0f4f5";
const FONT = 'Arial, "Liberation Sans", "Helvetica Neue", Helvetica, sans-serif';

function sprites(pitch, scale) {
  const side = pitch * 0.8;
  const draw = (fill, square) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil((side + 2) * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.translate(side / 2 + 1, side / 2 + 1);
    pen.beginPath();
    if (square) pen.rect(-side / 2 + 0.75, -side / 2 + 0.75, side - 1.5, side - 1.5);
    else pen.arc(0, 0, side / 2 - 0.25, 0, 2 * Math.PI);
    pen.fillStyle = fill;
    pen.fill();
    if (square) {
      pen.lineWidth = 1.5;
      pen.strokeStyle = INK;
      pen.stroke();
    }
    return canvas;
  };
  return { kinds: [draw(GREY, false), draw(BLUE, false), draw(ORANGE, true)], ahead: draw("#fff", true), side: side + 2 };
}

const spotOf = (region, pitch, number) => [
  region.x + (number % region.per_row) * pitch,
  region.y + Math.floor(number / region.per_row) * pitch,
];

const cut = new Map(); // words that were measured, by font and words

function fitted(pen, words, width) {
  const key = `${pen.font}|${words}`;
  if (cut.size > 5000) cut.clear();
  if (!cut.has(key)) {
    let fits = words;
    while (fits.length > 1 && pen.measureText(fits).width > width) fits = `${fits.replace(/…$/, "").slice(0, -1)}…`;
    cut.set(key, fits);
  }
  return cut.get(key);
}

// Words on two lines where one is too short for them
function inLines(pen, words, width) {
  if (pen.measureText(words).width <= width) return [words];
  const all = words.split(" ");
  let count = all.length - 1;
  while (count > 1 && pen.measureText(all.slice(0, count).join(" ")).width > width) count--;
  return [all.slice(0, count).join(" "), all.slice(count).join(" ")].filter(Boolean);
}

function line(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

function arrow(pen, points) {
  line(pen, points);
  const [[ax, ay], [x, y]] = points.slice(-2);
  const turn = Math.atan2(y - ay, x - ax);
  pen.beginPath();
  for (const side of [-0.45, 0, 0.45]) pen.lineTo(x - (side && 8 * Math.cos(turn + side)), y - (side && 8 * Math.sin(turn + side)));
  pen.fill();
}

// How many in a line have no dot, for want of room
function undrawn(film, seen, step) {
  const dots = Math.max(0, Math.round(seen.waiting[step] / film.each)) + seen.ahead[step];
  return Math.max(0, dots - (film.cards[step].queue?.most ?? dots)) * film.each;
}

// What stands still: cards, names, empty places and the ways between
function ground(film, capacities, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(film.width * scale);
  canvas.height = Math.round(film.height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, film.width, film.height);
  pen.strokeStyle = pen.fillStyle = LINE;
  pen.lineWidth = 1.5;
  for (const { points } of film.links) arrow(pen, points);
  film.cards.forEach((card, step) => {
    pen.beginPath();
    pen.roundRect(card.x, card.y, card.width, card.height, 6);
    pen.fillStyle = PALE;
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = LINE;
    pen.stroke();
    pen.fillStyle = INK;
    pen.font = `bold 15px ${FONT}`;
    pen.textBaseline = "middle";
    card.name.forEach((words, row) => pen.fillText(words, card.x + 10, card.y + 19 + row * 18));
    if (!card.places || capacities[step] === null) return;
    pen.beginPath();
    const places = Math.min(card.places.most, Math.ceil(capacities[step] / film.each));
    const side = film.pitch * 0.8;
    for (let place = 0; place < places; place++) {
      const [x, y] = spotOf(card.places, film.pitch, place);
      pen.rect(x - side / 2 + 0.5, y - side / 2 + 0.5, side - 1, side - 1);
    }
    pen.fillStyle = "#fff";
    pen.fill();
    pen.stroke();
  });
  return canvas;
}

function painter(film, canvas) {
  const pen = canvas.getContext("2d", { alpha: false });
  const standing = new Map(); // dots by key
  let scale = 0, looks, ground_, key;

  function fit() {
    const wanted = (canvas.clientWidth / film.width) * (globalThis.devicePixelRatio || 1);
    if (!wanted || wanted === scale) return;
    scale = wanted;
    canvas.width = Math.round(film.width * scale);
    canvas.height = Math.round(film.height * scale);
    looks = sprites(film.pitch, scale);
    key = undefined;
  }

  // Where each dot belongs; true while one is on its way
  function move(seen, seconds) {
    for (const dot of standing.values()) dot.here = false;
    const share = seconds === null ? 1 : 1 - Math.exp(-seconds / GLIDE);
    let moving = false;
    for (const { key: name, step, state, spot } of seen.dots) {
      const card = film.cards[step];
      const region = state === WAITING ? card.queue : card.places;
      if (spot >= (region?.most ?? 0)) continue;
      const [x, y] = spotOf(region, film.pitch, spot);
      let dot = standing.get(name);
      if (!dot) standing.set(name, (dot = { x: seconds === null ? x : card.x - 14, y, here: true, fade: 1 }));
      Object.assign(dot, { here: true, state, fade: 1 });
      dot.x += (x - dot.x) * share;
      dot.y += (y - dot.y) * share;
      moving ||= Math.abs(x - dot.x) + Math.abs(y - dot.y) > 0.3;
    }
    for (const [name, dot] of standing) {
      if (dot.here) continue;
      dot.fade -= seconds === null ? 1 : seconds / FADE;
      dot.x += (seconds ?? 0) * 60;
      if (dot.fade <= 0) standing.delete(name);
      moving = true;
    }
    return moving;
  }

  function blocked(seen) {
    for (const { from, to, points } of film.links) {
      if (!seen.heldFor[from].get(to)) continue;
      for (const [colour, width] of [[INK, 7], [ORANGE, 4]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        line(pen, points);
      }
    }
  }

  function ahead(seen) {
    film.cards.forEach((card, step) => {
      if (!seen.ahead[step]) return;
      const from = seen.waiting[step];
      const to = Math.min(card.queue.most, from + seen.ahead[step]);
      for (let spot = from; spot < to; spot++) stamp(looks.ahead, ...spotOf(card.queue, film.pitch, spot));
    });
  }

  const stamp = (look, x, y) => pen.drawImage(look, x - looks.side / 2, y - looks.side / 2, looks.side, looks.side);

  function words(seen, ofWeek) {
    pen.fillStyle = INK;
    pen.textBaseline = "middle";
    const say = (text, card, y, bold) => {
      pen.font = `${bold ? "bold " : ""}13px ${FONT}`;
      pen.fillText(fitted(pen, text, card.width - 20), card.x + 10, y);
    };
    film.cards.forEach((card, step) => {
      const line_ = together(seen.waiting[step], seen.ahead[step]);
      if (card.queue) {
        say(line_ ? `${inWords(film, line_)} ${line_ === 1 ? "waits" : "wait"}` : "nobody waits", card, card.queue_text, line_);
        const more = undrawn(film, seen, step);
        if (more) say(`+${digits(more)} more`, card, card.more_text, false);
      }
      if (card.places_text !== null) {
        const there = together(seen.inService[step], seen.held[step]);
        const places = capacityAt(card, ofWeek);
        const full = places === null ? `${there ? inWords(film, there) : "nobody"} there` : `${inWords(film, there)} of ${digits(places)} places`;
        say(card.label && !card.places ? card.label : full, card, card.places_text, false);
      }
      if (card.held_text === null || !seen.held[step]) return;
      say(`${inWords(film, seen.held[step])} ready, but held${film.crowd ? "" : ":"}`, card, card.held_text, true);
      pen.font = `13px ${FONT}`;
      const rows = heldFor(film, seen, step, 2).flatMap(([people, name]) => inLines(pen, `${digits(people)}: ${name}`, card.width - 20));
      rows.slice(0, card.held_lines).forEach((text, row) => say(text, card, card.held_text + 16 * (row + 1), false));
    });
  }

  // The dots stand as *seen*; the words as *worded*, the moment that the words beside the picture tell.
  return function paint(seen, worded, seconds) {
    fit();
    if (!scale) return false;
    const capacities = film.cards.map((card) => capacityAt(card, worded.ofWeek));
    if (key !== capacities.join()) {
      key = capacities.join();
      ground_ = ground(film, capacities, scale);
    }
    const moving = move(seen, seconds);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(ground_, 0, 0);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    blocked(seen);
    ahead(seen);
    for (const dot of standing.values()) {
      pen.globalAlpha = dot.fade;
      stamp(looks.kinds[dot.state], dot.x, dot.y);
    }
    pen.globalAlpha = 1;
    words(worded.seen, worded.ofWeek);
    return moving;
  };
}
