// The field that chooses rows of a panel's table, several at once, by searching it as one types.

import { ask, Unreachable } from "./api.js";
import { announce, debounce, h } from "./dom.js";
import { number } from "./format.js";
import { icon } from "./icons.js";
import { walk } from "./overlay.js";
import { drawValue, NO_PICTURE } from "./values.js";

const SHOWN = 20;

export function drawPick(field, value, id, ctx) {
  const chosen = new Map((Array.isArray(value) ? value : []).map((row) => [row, row]));
  const input = h("input", { id, type: "search", placeholder: field.placeholder || "Type to search", autocomplete: "off", spellcheck: "false" });
  const chips = h("ul", { class: "chips", "aria-label": "Chosen" });
  const list = h("div", { class: "picks", role: "group", "aria-label": "Found", onkeydown: (event) => walk(event, [...list.querySelectorAll("input")]) });
  const box = h("div", { class: "pick" }, chips, input, list);
  const changed = () => {
    chips.replaceChildren(...[...chosen].map(([row, label]) => chip(label, () => toggle(row))));
    for (const check of list.querySelectorAll("input")) check.checked = chosen.has(check.value);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const toggle = (row, label) => {
    if (!chosen.delete(row)) chosen.set(row, label);
    announce(`${number(chosen.size)} chosen`);
    changed();
  };
  const search = searcher(field, ctx, list, chosen, toggle);
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!event.isComposing) search.later();
  });
  input.addEventListener("keydown", (event) => stepIn(event, list));
  if (chosen.size) changed();
  search.now();
  const check = () => (field.required && !chosen.size ? "Choose at least one." : "");
  search.input = input;
  return { input, box, read: () => [...chosen.keys()], check };
}

/** Enter searches instead of sending the form; the arrow goes down to what was found. */
function stepIn(event, list) {
  if (event.key === "Enter") event.preventDefault();
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  list.querySelector("input")?.focus();
}

function chip(label, remove) {
  return h("li", {}, h("span", { dir: "auto" }, label), h("button", { type: "button", "aria-label": `Remove ${label}`, onclick: remove }, icon("close", 12)));
}

function searcher(field, ctx, list, chosen, toggle) {
  const self = { input: null };
  let newest = 0;
  self.now = async () => {
    const mine = ++newest;
    const { app, account } = ctx.address();
    const text = self.input?.value.trim() ?? "";
    try {
      const panel = await ask("/api/panel", { app_id: app, panel: field.panel, account_id: account, search: text, limit: SHOWN });
      if (mine === newest) list.replaceChildren(...found(panel, ctx, chosen, toggle));
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  };
  self.later = debounce(150, self.now);
  return self;
}

function found(panel, ctx, chosen, toggle) {
  const table = panel.body?.find((node) => node.kind === "table");
  if (!table) return [h("p", { class: "help" }, panel.detail ?? "Nothing to choose from.")];
  if (!table.rows.length) return [h("p", { class: "help" }, "Nothing matches.")];
  return table.rows.map((row) => option(row, table.columns, ctx, chosen, toggle));
}

function option(row, columns, ctx, chosen, toggle) {
  const values = columns.map(({ key, label }) => row.cells[key] ?? (label ? null : NO_PICTURE)).filter((value) => value && value.kind !== "time").slice(0, 4);
  const named = values.find((value) => value.kind === "text") ?? values.find((value) => value.kind === "ref");
  const label = named?.text ?? named?.label ?? row.id;
  const plain = (value) => (value.kind === "ref" ? h("span", { dir: "auto" }, value.label) : drawValue(value, ctx));
  const check = h("input", { type: "checkbox", value: row.id, checked: chosen.has(row.id), onchange: () => toggle(row.id, label) });
  return h("label", {}, check, values.map(plain));
}
