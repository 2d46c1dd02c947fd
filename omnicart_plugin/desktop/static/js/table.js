// A table: what it is searched, filtered and sorted by, its rows, and its pages.

import { samePlace } from "./address.js";
import { debounce, h, patch, touched } from "./dom.js";
import { number } from "./format.js";
import { icon } from "./icons.js";
import { drawValue, END_KINDS, hidden, NO_PICTURE } from "./values.js";
import { actionMenu, button, buttons } from "./buttons.js";
import { drawEmpty } from "./nodes.js";

const PILLS = 6;
const SHOWN_ACTIONS = 2;

export function drawTable(node, ctx) {
  const box = h("section", { class: "card table", "data-key": node.id });
  box.update = (next) => {
    // Without columns it is no table but a choice: what the rest of the panel is filtered by.
    box.classList.toggle("bare", !next.columns.length);
    patch(box, parts(next, ctx));
  };
  box.update(node);
  return box;
}

function parts(node, ctx) {
  const { columns, rows, search, filters, sort } = node;
  const shown = [];
  if (search || filters.length) shown.push({ key: "bar", data: { filters, search }, draw: (data) => drawBar(data, ctx) });
  if (!columns.length) return shown;
  if (rows.length) shown.push({ key: "grid", data: { columns, rows, sort }, draw: (data) => drawGrid(data, ctx) });
  else shown.push({ key: "empty", data: node.empty, draw: (empty) => drawEmpty(empty ?? NOTHING, ctx) });
  const { total, offset, limit } = node;
  const paged = { total, offset, limit, count: rows.length };
  if (offset || total == null ? rows.length >= limit || offset : total > rows.length) {
    shown.push({ key: "pages", data: paged, draw: (data) => drawPages(data, ctx) });
  }
  return shown;
}

const NOTHING = { title: "Nothing here", text: "", actions: [] };

/** A search field in use keeps what stands in it, whatever comes back meanwhile. */
function drawBar(node, ctx) {
  const bar = h("form", { class: "bar", onsubmit: (event) => event.preventDefault() });
  bar.update = ({ filters, search }) => {
    const shown = filters.map((data, at) => ({ key: data.key, data, draw: () => drawFilter(data, at, ctx) }));
    if (search) shown.push({ key: " search", data: search.placeholder, draw: () => drawSearch(search, ctx) });
    patch(bar, shown);
    const input = bar.elements.search;
    if (input && document.activeElement !== input) input.value = search.value;
  };
  bar.update(node);
  return bar;
}

function drawFilter(filter, at, ctx) {
  return at === 0 && filter.options.length <= PILLS ? drawPills(filter, ctx) : drawSelect(filter, ctx);
}

function filterBy({ target }, ctx, key) {
  touched(target);
  ctx.query({ filters: { ...ctx.address().filters, [key]: target.value }, offset: 0 });
}

function drawPills({ key, label, options, value }, ctx) {
  return h("fieldset", { class: "pills" }, h("legend", { class: "hidden" }, label), options.map((option) =>
    h("label", {}, h("input", { type: "radio", name: `f.${key}`, value: option.value, checked: option.value === value,
      "aria-label": option.label, onchange: (event) => filterBy(event, ctx, key) }), h("span", { dir: "auto" }, option.label))));
}

function drawSelect({ key, label, options, value }, ctx) {
  const words = (option) => (option.value ? option.label : `${label}: ${option.label}`);
  return h("select", { name: `f.${key}`, "aria-label": label, onchange: (event) => filterBy(event, ctx, key) },
    options.map((option) => h("option", { value: option.value, selected: option.value === value }, words(option))));
}

function drawSearch({ placeholder, value }, ctx) {
  const input = h("input", { type: "search", name: "search", value, placeholder, "aria-label": placeholder || "Search",
    autocomplete: "off", spellcheck: "false" });
  const search = (place) => samePlace(place, ctx.address()) && ctx.query({ search: input.value.trim(), offset: 0 }, { replace: true });
  const soon = debounce(200, search);
  const later = () => soon(ctx.address());
  input.addEventListener("input", (event) => event.isComposing || later());
  input.addEventListener("compositionend", later);
  return h("label", { class: "search" }, icon("search", 16), input);
}

function drawGrid(data, ctx) {
  const scroll = h("div", { class: "scroll", role: "region", "aria-label": "Rows" });
  const table = h("table", { role: "table" }, h("thead", { role: "rowgroup" }), h("tbody", { role: "rowgroup" }));
  scroll.append(table);
  new ResizeObserver(() => {
    const wide = table.offsetWidth > scroll.clientWidth + 1;
    scroll.classList.toggle("wide", wide);
    scroll.tabIndex = wide ? 0 : -1;
  }).observe(table);
  scroll.update = (next) => fillGrid(table, next, ctx);
  scroll.update(data);
  return scroll;
}

function fillGrid(table, { columns, rows, sort }, ctx) {
  const acting = rows.some((row) => row.actions.length);
  const where = (fits) => new Set(columns.filter(({ key }) => rows.some((row) => fits(row.cells[key]?.kind))).map(({ key }) => key));
  const ends = where((kind) => END_KINDS.has(kind));
  const heads = { key: "heads", data: { columns, sort, acting, ends: [...ends] }, draw: () => drawHeads(columns, sort, acting, ends, ctx) };
  patch(table.tHead, [heads]);
  patch(table.tBodies[0], rows.map((row) => ({ key: row.id, data: { row, columns, acting }, draw: () => drawRow(row, columns, acting, ends, ctx) })));
}

const alignment = ({ key, align }, ends) => (align === "start" && ends.has(key) ? "end" : align);

function drawHeads(columns, sort, acting, ends, ctx) {
  const cells = columns.map((column) => {
    const way = sort === column.key ? "ascending" : sort === `-${column.key}` ? "descending" : null;
    const inside = column.sortable ? sorter(column, way, ctx) : column.label || hidden("Picture");
    return h("th", { scope: "col", role: "columnheader", "data-align": alignment(column, ends), "aria-sort": way }, inside);
  });
  return h("tr", { role: "row" }, cells, acting && h("th", { scope: "col", role: "columnheader", class: "acts" }, hidden("Actions")));
}

function sorter({ key, label }, way, ctx) {
  const next = way === "ascending" ? `-${key}` : key;
  const mark = way === "ascending" ? "up" : way === "descending" ? "down" : "swap";
  return h("button", { type: "button", class: "sorter", "aria-label": `Sort by ${label}`, onclick: () => ctx.query({ sort: next, offset: 0 }) }, label, icon(mark, 13));
}

function drawRow(row, columns, acting, ends, ctx) {
  const lead = leadColumn(row, columns);
  const cells = columns.map((column) => {
    const value = row.cells[column.key] ?? (column.label ? null : NO_PICTURE);
    const drawn = drawValue(value, ctx, { copy: !row.link });
    const inside = row.link && column.key === lead ? ctx.anchor(row.link, { class: "lead" }, drawn) : drawn;
    return h("td", { role: "cell", "data-align": alignment(column, ends), "data-label": column.label, class: `is-${value?.kind ?? "none"}` }, inside);
  });
  const act = acting && h("td", { role: "cell", class: "acts" }, drawActions(row, lead, columns, ctx));
  return h("tr", { role: "row", "data-key": row.id, class: row.link && "linked", onclick: row.link && ((event) => follow(event, row.link, ctx)) }, cells, act);
}

/** Few actions are buttons; more would crowd the row out, and wait behind one. */
function drawActions({ actions, cells }, lead, columns, ctx) {
  const { text, label } = cells[lead] ?? {};
  return actions.length <= SHOWN_ACTIONS ? buttons(actions, ctx) : actionMenu(actions, ctx, ["Actions", text ?? label].filter(Boolean).join(": "));
}

/** The column whose words lead on: the first with something to read. */
function leadColumn(row, columns) {
  const readable = ({ key }) => row.cells[key] && !["image", "ref"].includes(row.cells[key].kind);
  return columns.find(readable)?.key;
}

/** A click anywhere in a row follows it, unless something was marked or a control was meant. */
function follow(event, link, ctx) {
  if (event.defaultPrevented || event.target.closest("a, button, input") || !getSelection().isCollapsed) return;
  ctx.follow(event, link);
}

function drawPages({ total, offset, limit, count }, ctx) {
  const last = total == null ? null : Math.max(0, Math.floor((total - 1) / limit) * limit);
  const range = count ? `${number(offset + 1)}–${number(offset + count)}` : number(0);
  const more = total == null ? count >= limit : offset + count < total;
  const to = (name, label, target, open) => button({ icon: name, label, bare: true, disabled: !open, run: () => ctx.query({ offset: target }) });
  return h("nav", { class: "pages", "aria-label": "Pages" },
    h("span", { class: "number", role: "status" }, total == null ? range : `${range} of ${number(total)}`),
    to("first", "First page", 0, offset > 0),
    to("back", "Previous page", Math.max(0, offset - limit), offset > 0),
    to("forward", "Next page", offset + limit, more),
    last != null && to("last", "Last page", last, more));
}
