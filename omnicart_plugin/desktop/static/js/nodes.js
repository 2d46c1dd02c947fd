// One drawing for each kind of node, and how a panel lays them out.

import { late } from "./api.js";
import { h, uid } from "./dom.js";
import { number, percent } from "./format.js";
import { icon } from "./icons.js";
import { ago, drawValue, picture } from "./values.js";
import { buttons } from "./buttons.js";
import { drawTable } from "./table.js";

const TONE_ICONS = { neutral: "info", info: "info", success: "check", warning: "alert", danger: "alert" };
const METRICS_IN_A_LINE = 5;
const NARROW = new Set(["fields", "images"]);

const DRAW = {
  notice: drawNotice,
  empty: drawEmpty,
  metrics: drawMetrics,
  table: drawTable,
  fields: drawFields,
  timeline: drawTimeline,
  progress: drawProgress,
  images: drawImages,
};

/** Drawings that most panels do without; each module exports its own as `DRAW`. */
const LATER = { chart: () => import("./chart.js"), form: () => import("./forms.js") };

/** Resolves when every kind in `body` can be drawn. */
export function fetchDrawings(body) {
  const absent = Object.keys(LATER).filter((kind) => !DRAW[kind] && body.some((node) => node.kind === kind));
  return Promise.all(absent.map(async (kind) => Object.assign(DRAW, (await late(LATER[kind]())).DRAW)));
}

export function drawNode(node, ctx) {
  const element = Object.hasOwn(DRAW, node.kind) ? DRAW[node.kind](node, ctx) : drawUnknown(node);
  element.dataset.kind = node.kind;
  return element;
}

/** The entries of a panel's body for `patch`: main and side. Several forms in a row become one with tabs. */
export function arrange(body, ctx, wide) {
  const nodes = joinForms(body);
  const counts = {};
  const entries = nodes.map((node) => {
    const at = (counts[node.kind] = (counts[node.kind] ?? -1) + 1);
    const key = `${node.kind}:${node.id ?? at}`;
    return { key, data: node, draw: (data) => drawNode(data, ctx) };
  });
  pairCharts(entries, wide);
  const split = wide && nodes.some((n) => NARROW.has(n.kind)) && nodes.some((n) => n.kind === "table");
  const aside = (entry) => split && NARROW.has(entry.data.kind);
  return { main: entries.filter((e) => !aside(e)), side: entries.filter(aside) };
}

/** Two charts in a row stand side by side where there is room. */
function pairCharts(entries, wide) {
  const lone = (entry) => entry?.data.kind === "chart" && !entry.half;
  entries.forEach((entry, at) => {
    if (wide && lone(entry) && lone(entries[at + 1])) for (const one of [entry, entries[at + 1]]) one.half = true;
  });
}

function joinForms(body) {
  const nodes = [];
  for (const node of body) {
    const last = nodes.at(-1);
    if (node.kind === "form" && last?.kind === "forms") last.forms.push(node);
    else nodes.push(node.kind === "form" ? { kind: "forms", forms: [node] } : node);
  }
  return nodes.map((node) => (node.kind === "forms" && node.forms.length === 1 ? node.forms[0] : node));
}

function drawNotice({ tone, title, text, actions }, ctx) {
  const role = tone === "danger" || tone === "warning" ? "alert" : "status";
  return h("div", { class: "notice", "data-tone": tone, role }, icon(TONE_ICONS[tone] ?? "info"),
    h("div", {}, h("strong", { dir: "auto" }, title), text && h("p", { dir: "auto" }, text)), buttons(actions, ctx));
}

export function drawEmpty({ title, text, actions }, ctx) {
  return h("div", { class: "empty" }, h("span", { class: "empty-mark" }, icon("spark", 22)),
    h("strong", { dir: "auto" }, title), text && h("p", { dir: "auto" }, text), buttons(actions, ctx));
}

/** As many in each line, where there is room for several. */
function drawMetrics({ items }, ctx) {
  const lines = Math.ceil(items.length / METRICS_IN_A_LINE);
  return h("dl", { class: "card metrics", vars: { "--in-a-line": Math.ceil(items.length / lines) } }, items.map((item) => drawMetric(item, ctx)));
}

function drawMetric({ id, label, value, hint, link, change }, ctx) {
  const shown = drawValue(value, ctx);
  const name = link ? ctx.anchor(link, { class: "cover" }, label) : label;
  return h("div", { class: link ? "metric linked" : "metric", "data-key": id },
    h("dt", { dir: "auto" }, name),
    h("dd", { class: "figure" }, shown, change != null && drawChange(change)),
    hint && h("dd", { class: "hint", dir: "auto" }, hint));
}

function drawChange(ratio) {
  const way = ratio > 0 ? "up" : ratio < 0 ? "down" : "dash";
  return h("span", { class: "change", "data-way": way }, icon(way, 13), percent(ratio));
}

function drawFields({ title, items }, ctx) {
  const id = uid("fields");
  return h("section", { class: "card fields", "aria-labelledby": title ? id : null }, title && h("h2", { id, dir: "auto" }, title),
    h("dl", {}, items.map(({ label, value }) => h("div", {}, h("dt", { dir: "auto" }, label),
      h("dd", { class: `is-${value?.kind ?? "none"}` }, drawValue(value, ctx, { copy: true }))))));
}

function drawTimeline({ title, entries }) {
  return h("section", { class: "card timeline" }, title && h("h2", { dir: "auto" }, title),
    h("ol", {}, entries.map((entry) => h("li", { "data-tone": entry.tone },
      h("div", { class: "line" }, h("strong", { dir: "auto" }, entry.title), ago(entry.at)),
      entry.text && h("p", { dir: "auto" }, entry.text)))));
}

function drawProgress({ label, done, total }) {
  const id = uid("progress");
  const text = total == null ? number(done) : `${number(done)} / ${number(total)}`;
  return h("div", { class: "card progress" }, h("div", { class: "line" }, h("span", { id, dir: "auto" }, label), h("span", { class: "number" }, text)),
    h("progress", { "aria-labelledby": id, value: total == null ? null : done, max: total == null ? null : Math.max(total, 1) }));
}

function drawImages({ items }) {
  return h("div", { class: "card images" }, items.map(({ url, alt }) => picture(url, alt, "picture")));
}

function drawUnknown({ kind }) {
  return h("div", { class: "card unknown" }, icon("grid"), `This desktop cannot show “${kind}” yet.`);
}
