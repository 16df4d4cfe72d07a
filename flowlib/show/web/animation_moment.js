// Who is where at a moment of a film, and what it says in words.
//
// Read from the spells that flowlib/mapping/film.py made. First of the three parts of one
// script; the others are animation_picture.js and animation.js.

const HOUR = 3600;
const DAY = 24 * HOUR;
const WAITING = 0;
const HELD = 2;
const FEW = -1; // real people, 1 to 7: not shown
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

async function unpacked(view) {
  const stream = new Blob([view]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Int32Array(await new Response(stream).arrayBuffer());
}

const nobody = (steps) => ({
  waiting: new Array(steps).fill(0),
  inService: new Array(steps).fill(0),
  held: new Array(steps).fill(0),
  ahead: new Array(steps).fill(0), // held in the place before, for this step
  heldFor: Array.from({ length: steps }, () => new Map()),
  dots: [], // {key, step, state, spot}
});

const add = (map, key, more) => map.set(key, (map.get(key) ?? 0) + more);

function peopleFilm({ steps, people, spells, length }, numbers) {
  const column = (place) => numbers.subarray(place * spells, (place + 1) * spells);
  const [who, step, state, since, until, wants, place] = [0, 1, 2, 3, 4, 5, 6].map(column);
  const times = new Uint8Array(people); // how many dots a person has: nearly always one
  // Which spells touch each day, earlier ones first: a moment looks through those of its day.
  const days = Array.from({ length: Math.floor(length / DAY) + 1 }, () => []);
  for (let i = 0; i < spells; i++)
    for (let day = Math.floor(since[i] / DAY); day < days.length && day * DAY < until[i]; day++) days[day].push(i);
  return {
    at(second) {
      const seen = nobody(steps.length);
      times.fill(0);
      for (const i of days[Math.floor(second / DAY)]) {
        if (since[i] > second) break;
        if (until[i] <= second) continue;
        const [here, kind] = [step[i], state[i]];
        const dot = { key: who[i] * 8 + times[who[i]]++, step: here, state: kind, spot: place[i] };
        if (kind === WAITING) dot.spot = seen.waiting[here]++;
        else if (kind === HELD) {
          seen.held[here]++;
          add(seen.heldFor[here], wants[i], 1);
          if (wants[i] >= 0 && wants[i] < steps.length && wants[i] !== here) seen.ahead[wants[i]]++;
        } else seen.inService[here]++;
        seen.dots.push(dot);
      }
      return seen;
    },
    change(second, onward) {
      let found = onward ? length : 0;
      for (const moments of [since, until])
        for (const moment of moments)
          if (onward ? moment > second && moment < found : moment < second && moment > found) found = moment;
      return found;
    },
  };
}

// Real people: numbers at each full hour, a dot for about five.
function crowdFilm({ steps, each, length }, numbers) {
  const count = (second, step, state) => numbers[(Math.floor(second / HOUR) * steps.length + step) * 3 + state];
  return {
    at(second) {
      const seen = nobody(steps.length);
      for (let step = 0; step < steps.length; step++) {
        const kinds = [seen.waiting, seen.inService, seen.held];
        let taken = 0;
        kinds.forEach((kind, state) => {
          kind[step] = count(second, step, state);
          const dots = Math.max(0, Math.round(kind[step] / each));
          for (let i = 0; i < dots; i++) {
            const spot = state === WAITING ? i : taken++;
            seen.dots.push({ key: (step * 3 + state) * 100_000 + spot, step, state, spot });
          }
        });
      }
      return seen;
    },
    change: (second, onward) => (onward ? Math.min(length, hourAfter(second)) : hourBefore(second)),
  };
}

const hourAfter = (second) => (Math.floor(second / HOUR) + 1) * HOUR;
const hourBefore = (second) => Math.max(0, (Math.ceil(second / HOUR) - 1) * HOUR);

// Words: the same as flowlib/mapping/film_words.py

const digits = (number) => number.toLocaleString("en-GB");
const two = (number) => String(number).padStart(2, "0");

function clock({ begins, shifts }, second) {
  const shift = shifts.reduce((sum, [from, more]) => (second >= from ? sum + more : sum), 0);
  const at = new Date((begins + second + shift) * 1000);
  const hours = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return {
    words: `${WEEKDAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}, ${hours}`,
    ofWeek: ((at.getUTCDay() + 6) % 7) * 24 + at.getUTCHours(),
  };
}

const size = (number) => (number === FEW ? 4 : number);
const most = (list, number) => [...list].sort((a, b) => size(b[0]) - size(a[0])).slice(0, number);
const inWords = (film, number) => (number === FEW ? "a few" : film.crowd && number ? `about ${digits(number)}` : digits(number));

function caption(film, seen, second) {
  const waits = seen.waiting.map((line, step) => [line === FEW ? FEW : line + seen.ahead[step], film.steps[step]]);
  const [first, other] = most(waits.filter(([number]) => number), 2);
  let said = "nobody waits.";
  if (first) {
    said = `${inWords(film, first[0])} ${first[0] === 1 ? "waits" : "wait"} for ${first[1]}`;
    said += other ? ` and ${inWords(film, other[0])} for ${other[1]}.` : ".";
  }
  const [[held, step]] = most(seen.held.map((number, place) => [number, film.steps[place]]), 1);
  if (held) {
    const number = inWords(film, held);
    said += held === 1
      ? ` 1 place in ${step} is held by a person who is ready to go on.`
      : ` ${number[0].toUpperCase()}${number.slice(1)} places in ${step} are held by people who are ready to go on.`;
  }
  return `${clock(film, second).words}: ${said}`;
}

const heldFor = (film, seen, step, number = Infinity) =>
  most([...seen.heldFor[step]].map(([wants, people]) => [people, film.names[wants] ?? "what comes next"]), number);

const capacityAt = (card, ofWeek) => card.capacity && card.capacity[ofWeek % card.capacity.length];

// A sum of two numbers, of which a hidden one adds nothing to one that is shown
const together = (a, b) => (a === FEW || b === FEW ? Math.max(a, b) || FEW : a + b);
