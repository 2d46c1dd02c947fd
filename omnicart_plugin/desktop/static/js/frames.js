// Windows: where they stand, how they stack, and how mouse and keys move them. What is in them is not known here.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const AREA = document.getElementById("frames");
const LEAST = { width: 420, height: 320 };
const STEP = 24;
const CASCADE = 6;
const SMALL = matchMedia("(width < 700px), (height < 520px)");
const frames = [];
let top = 10;

export const openFrames = () => frames;
export const activeFrame = () => frames.filter((f) => !f.minimised).reduce((best, f) => (best && best.level > f.level ? best : f), null);

export class Frame {
  /** `hooks`: {close, focus, enter, change}. `key` names whose place is remembered. */
  constructor(key, hooks, saved) {
    this.key = key;
    this.hooks = hooks;
    this.minimised = saved?.minimised ?? false;
    this.mode = saved?.mode ?? remembered(key)?.mode ?? "free";
    this.box = saved?.box ?? cascade(remembered(key)?.box);
    this.element = h("section", { class: "frame", onpointerdown: () => this.focus(), onfocusin: () => this.focus() });
    this.element.append(...EDGES.map((edge) => h("div", { class: `edge ${edge}`, onpointerdown: (event) => this.drag(event, edge) })));
    frames.push(this);
    AREA.append(this.element);
    this.place();
    if (!this.minimised) this.focus();
  }

  controls() {
    const make = (name, label, run) => h("button", { type: "button", class: "button bare", "aria-label": label, "data-tip": label, onclick: run }, icon(name, 15));
    this.grip = h("button", { type: "button", class: "button bare grip", "aria-label": "Move window: arrow keys move it, with Shift they size it",
      "data-tip": "Arrow keys move, with Shift size", onkeydown: (event) => this.key_(event), onpointerdown: (event) => this.drag(event, "move") }, icon("dots", 15));
    return h("div", { class: "frame-controls" }, this.grip, make("dash", "Minimise", () => this.minimise()),
      make("expand", "Maximise", () => this.maximise()), make("close", "Close", () => this.close()));
  }

  /** Makes `bar` the handle that moves the window. */
  handle(bar) {
    bar.addEventListener("pointerdown", (event) => event.target.closest("button, a, input, select") || this.drag(event, "move"));
    bar.addEventListener("dblclick", (event) => event.target.closest("button, a, input") || this.maximise());
  }

  key_(event) {
    const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!move) return;
    event.preventDefault();
    this.free();
    const [x, y] = move;
    if (event.shiftKey) Object.assign(this.box, { width: this.box.width + x, height: this.box.height + y });
    else Object.assign(this.box, { x: this.box.x + x, y: this.box.y + y });
    this.settle();
  }

  drag(event, edge) {
    if (event.button !== 0 || SMALL.matches) return;
    event.preventDefault();
    const start = { x: event.clientX, y: event.clientY };
    let box = null;
    const move = ({ clientX, clientY }) => {
      const [dx, dy] = [clientX - start.x, clientY - start.y];
      if (!box && Math.hypot(dx, dy) < 4) return;
      if (!box) box = this.lift(edge, event);
      this.box = shifted(box, edge, dx, dy);
      this.place();
    };
    const heard = new AbortController();
    const drop = (end) => {
      heard.abort();
      if (box && end.type === "pointerup") this.dropped(edge, end);
      else if (box) this.settle();
    };
    const listen = (name, run) => addEventListener(name, run, { signal: heard.signal });
    listen("pointermove", move);
    listen("pointerup", drop);
    listen("pointercancel", drop);
  }

  /** A window that fills something becomes free again under the pointer that drags it. */
  lift(edge, { clientX, clientY }) {
    const shown = this.element.getBoundingClientRect();
    const area = AREA.getBoundingClientRect();
    const box = { x: shown.left - area.left, y: shown.top - area.top, width: shown.width, height: shown.height };
    if (this.mode !== "free" && edge === "move") {
      Object.assign(box, { width: Math.min(this.box.width, area.width * 0.8), height: Math.min(this.box.height, area.height * 0.8), y: clientY - area.top - 20 });
      box.x = clientX - area.left - box.width * ((clientX - shown.left) / shown.width);
    }
    this.mode = "free";
    return box;
  }

  /** At an edge of the desktop a moved window takes that half, at the top all of it. */
  dropped(edge, { clientX, clientY }) {
    const area = AREA.getBoundingClientRect();
    if (edge === "move" && clientY <= area.top + 4) this.mode = "full";
    else if (edge === "move" && clientX <= area.left + 4) this.mode = "left";
    else if (edge === "move" && clientX >= area.right - 4) this.mode = "right";
    this.settle();
  }

  free() {
    if (this.mode !== "free") this.box = this.lift("key", {});
    this.mode = "free";
  }

  settle() {
    this.box = kept(this.box);
    this.place();
    localStorage.setItem(`frame:${this.key}`, JSON.stringify({ box: this.box, mode: this.mode }));
    this.hooks.change();
  }

  place() {
    const { x, y, width, height } = this.box;
    this.element.dataset.mode = this.mode;
    this.element.hidden = this.minimised;
    Object.assign(this.element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  }

  set(mode) {
    this.mode = mode;
    this.settle();
  }

  maximise() {
    this.set(this.mode === "full" ? "free" : "full");
  }

  minimise() {
    this.minimised = true;
    this.place();
    this.handOver();
  }

  focus() {
    const was = activeFrame();
    if (was === this && this.level === top && !this.minimised) return;
    this.minimised = false;
    this.level = ++top;
    this.element.style.zIndex = top;
    this.place();
    for (const frame of frames) frame.element.classList.toggle("active", frame === this);
    this.hooks.focus(this);
    this.hooks.change();
  }

  close() {
    frames.splice(frames.indexOf(this), 1);
    this.element.remove();
    this.hooks.close();
    this.handOver();
  }

  /** The window below comes to the front, with the focus in it; without one the dock has it. */
  handOver() {
    const next = activeFrame();
    if (next) next.hooks.enter();
    else this.hooks.focus(null);
    this.hooks.change();
    if (!next) document.querySelector("#dock button")?.focus();
  }
}

const EDGES = ["n", "s", "e", "w", "ne", "nw", "se", "sw"];

function shifted(box, edge, dx, dy) {
  if (edge === "move") return { ...box, x: box.x + dx, y: Math.max(0, box.y + dy) };
  const next = { ...box };
  if (edge.includes("e")) next.width = Math.max(LEAST.width, box.width + dx);
  if (edge.includes("s")) next.height = Math.max(LEAST.height, box.height + dy);
  if (edge.includes("w")) next.width = Math.max(LEAST.width, box.width - dx);
  if (edge.includes("n")) next.height = Math.max(LEAST.height, box.height - dy);
  if (edge.includes("w")) next.x = box.x + box.width - next.width;
  if (edge.includes("n")) next.y = box.y + box.height - next.height;
  return next;
}

/** A place that can be seen and seized on this screen. */
function kept({ x, y, width, height }) {
  const area = AREA.getBoundingClientRect();
  const box = { width: Math.min(Math.max(width, LEAST.width), area.width), height: Math.min(Math.max(height, LEAST.height), area.height) };
  return { ...box, x: Math.min(Math.max(x, 120 - box.width), area.width - 120), y: Math.min(Math.max(y, 0), area.height - 60) };
}

function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(`frame:${key}`));
  } catch {
    return null;
  }
}

function cascade(box) {
  const area = AREA.getBoundingClientRect();
  const width = Math.min(1240, area.width - 64);
  const height = Math.min(860, area.height - 40);
  const first = box ?? { x: (area.width - width) / 2, y: (area.height - height) / 2, width, height };
  const taken = frames.filter((frame) => Math.abs(frame.box.x - first.x) < 4 || frame.box.x > first.x).length;
  if (!taken) return kept(first);
  // All of a further window stays on the desktop, its buttons above all.
  const by = (taken % CASCADE) * STEP;
  const [x, y] = [first.x + by, first.y + by];
  return kept({ x, y, width: Math.min(first.width, area.width - x - 8), height: Math.min(first.height, area.height - y - 8) });
}

addEventListener("resize", () => {
  for (const frame of frames) {
    frame.box = kept(frame.box);
    frame.place();
  }
});
