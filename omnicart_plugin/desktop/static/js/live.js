// What the host says by itself, and what happens when it says nothing any more.

import { ask, onLoss, Unreachable } from "./api.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;
const TICK = 5000;
const SLEPT = 20_000;
const banner = document.getElementById("banner");

/** `heard` gets every event; `back` is called when the line is up again; `tick` about every five seconds in sight. */
export function listen({ heard, back, tick }) {
  const line = { source: null, lost: false, wait: FIRST_WAIT, timer: 0 };
  const connect = () => {
    hangUp(line);
    if (document.hidden) return;
    line.source = new EventSource("/api/events");
    line.source.onmessage = ({ data }) => heard(JSON.parse(data));
    line.source.onopen = () => found(line, back);
    line.source.onerror = () => lose(line, connect);
  };
  onLoss(() => lose(line, connect));
  addEventListener("online", () => line.lost && retry(line, connect));
  document.addEventListener("visibilitychange", () => (document.hidden ? hangUp(line) : line.lost && retry(line, connect)));
  connect();
  pulse(line, back, tick);
}

/** Out of sight a tab holds no line: of all tabs together a browser opens six to one host. What it misses it takes up later. */
function hangUp(line) {
  clearTimeout(line.timer);
  line.timer = 0;
  line.source?.close();
  line.lost ||= document.hidden;
}

function found(line, back) {
  line.wait = FIRST_WAIT;
  if (!line.lost) return;
  line.lost = false;
  banner.hidden = true;
  back();
}

function lose(line, connect) {
  if (line.timer) return;
  line.source?.close();
  line.lost = true;
  if (line.wait > FIRST_WAIT) banner.hidden = false;
  line.timer = setTimeout(() => retry(line, connect), line.wait * (0.75 + Math.random() / 2));
  line.wait = Math.min(line.wait * 2, LONGEST_WAIT);
}

/** A plain request first: unlike an event stream it tells a closed gate from a server that is away. */
async function retry(line, connect) {
  clearTimeout(line.timer);
  line.timer = 0;
  try {
    await ask("/api/apps");
    if (line.lost) connect();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

/** A tick that comes much too late means that the machine slept: what is shown is old. */
function pulse(line, back, tick) {
  let last = Date.now();
  setInterval(() => {
    const slept = Date.now() - last > SLEPT;
    last = Date.now();
    if (slept && !line.lost && !document.hidden) back();
    else if (!line.lost && !document.hidden) tick();
  }, TICK);
}
