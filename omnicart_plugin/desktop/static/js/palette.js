// The palette: opens in the frame of the key press, answers from memory at once and from afar as it comes.

import { ask, Unreachable } from "./api.js";
import { debounce, h } from "./dom.js";
import { icon } from "./icons.js";

const FAR_AFTER_MS = 160;
const LIMIT = 20;

const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const note = dialog.querySelector(".palette-note");

/** `choose(item, event)` is told what was chosen; `account()` whose things are meant. */
export function makePalette({ choose, account }) {
  const state = { items: [], selected: null, query: 0, start: [], far: false };
  const search = searcher(state, account);
  const take = (item, event) => {
    dialog.close();
    choose(item, event);
  };
  input.addEventListener("input", (event) => event.isComposing || search(input.value));
  input.addEventListener("compositionend", () => search(input.value));
  dialog.addEventListener("keydown", (event) => press(event, state, take));
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) take(row.item, event);
  });
  list.addEventListener("pointermove", (event) => {
    const row = event.target.closest("[role=option]");
    if (row && row.item !== current(state)) select(state, row.item, false);
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  search(input.value);
  return () => open(state, search);
}

function open(state, search) {
  if (dialog.open) return dialog.close();
  input.value = "";
  show(state, state.start, "");
  dialog.showModal();
  search("");
}

const identity = (item) => `${item.app_id} ${item.id}`;
const current = (state) => state.items.find((item) => identity(item) === state.selected);

/** Two questions at once; an answer to an older text is dropped. */
function searcher(state, account) {
  const far = debounce(FAR_AFTER_MS, async (text, mine) => {
    const { items, partial } = await find(text, "store", account());
    if (mine !== state.query) return;
    state.far = false;
    show(state, merged(state.items, items), text, partial);
  });
  return async (typed) => {
    const text = typed.trim();
    const mine = ++state.query;
    state.far = text !== "";
    if (text) far(text, mine);
    const { items } = await find(text, "instant", account());
    if (mine !== state.query) return;
    if (!text) state.start = items;
    state.selected = null;
    show(state, items, text);
  };
}

async function find(text, reach, account_id) {
  try {
    const answer = await ask("/api/palette", { text, reach, account_id, limit: LIMIT });
    return answer.kind === "palette" ? answer : { items: [], partial: true };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { items: [], partial: true };
  }
}

/** What came first keeps its place; what is new goes below, each in its group. */
function merged(near, far) {
  const known = new Set(near.map(identity));
  return [...near, ...far.filter((item) => !known.has(identity(item)))];
}

function grouped(items) {
  const groups = new Map();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return groups;
}

function show(state, items, text, partial = false) {
  const groups = grouped(items);
  state.items = [...groups.values()].flat();
  if (!current(state)) state.selected = state.items.length ? identity(state.items[0]) : null;
  const drawn = JSON.stringify(state.items);
  // Rows that stay the same stay in their place: a press that has begun on one must end on it.
  if (drawn !== state.drawn) list.replaceChildren(...[...groups].map(([name, members]) => drawGroup(name, members)));
  state.drawn = drawn;
  note.textContent = state.far ? "Searching…" : partial ? "Some sources did not answer." : text && !items.length ? "Nothing found." : "";
  dialog.toggleAttribute("data-far", state.far);
  mark(state, false);
}

function drawGroup(name, members) {
  return h("div", { role: "group", "aria-label": name || "Results" }, name && h("div", { class: "group", "aria-hidden": "true" }, name), members.map(drawItem));
}

function drawItem(item) {
  const row = h("div", { role: "option", id: `palette-${identity(item).replace(/\W/g, "_")}`, "aria-selected": "false" },
    h("span", { class: "palette-icon" }, icon(item.icon ?? "forward")), h("span", { class: "palette-title", dir: "auto" }, lit(item)),
    item.subtitle && h("span", { class: "palette-subtitle", dir: "auto" }, item.subtitle));
  row.item = item;
  return row;
}

/** Ranges count characters, not the halves that JavaScript cuts some into. */
function lit({ title, matches }) {
  const letters = Array.from(title);
  const parts = [];
  let from = 0;
  for (const [start, end] of matches) {
    parts.push(letters.slice(from, start).join(""), h("mark", {}, letters.slice(start, end).join("")));
    from = end;
  }
  return [...parts, letters.slice(from).join("")];
}

function select(state, item, scroll = true) {
  state.selected = identity(item);
  mark(state, scroll);
}

function mark(state, scroll) {
  input.removeAttribute("aria-activedescendant");
  for (const row of list.querySelectorAll("[role=option]")) {
    const on = identity(row.item) === state.selected;
    row.setAttribute("aria-selected", on);
    if (!on) continue;
    input.setAttribute("aria-activedescendant", row.id);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
}

function press(event, state, take) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { items } = state;
  if (step && items.length) {
    event.preventDefault();
    const at = items.findIndex((item) => identity(item) === state.selected);
    select(state, items[(at + step + items.length) % items.length]);
  } else if (event.key === "Enter" && !event.isComposing && current(state)) {
    event.preventDefault();
    take(current(state), event);
  }
}
