// A chart of bars or lines: to look at, to walk through with the arrow keys, and as a table for who listens.

import { announce, h, s, style, uid } from "./dom.js";
import { calendar, measure } from "./format.js";
import { hideTip, showTip } from "./overlay.js";

const HEIGHT = 200;
const PAD = { top: 12, bottom: 26, end: 8 };
const TICKS = 4;

await style("chart");

export const DRAW = { chart: drawChart };

function drawChart({ title, shape, unit, series }) {
  const id = uid("chart");
  const marks = axis(series);
  const plot = h("div", { class: "plot" });
  const card = h("figure", { class: "card chart", "aria-labelledby": id },
    h("figcaption", { id }, h("span", { dir: "auto" }, title), series.length > 1 && legend(series)), plot, table(title, unit, series, marks));
  if (!marks.length) plot.append(h("p", { class: "nothing" }, "No figures for this time."));
  else new ResizeObserver(([entry]) => paint(plot, Math.round(entry.contentRect.width), { title, shape, unit, series, marks })).observe(plot);
  return card;
}

/** Every x of any series, once, in time. */
const axis = (series) => [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort();

function legend(series) {
  return h("span", { class: "legend" }, series.map(({ label }, at) => h("span", { class: "key", "data-series": at % 4 }, label)));
}

function table(title, unit, series, marks) {
  const values = series.map(({ points }) => new Map(points));
  return h("table", { class: "hidden" }, h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Date"), series.map(({ label }) => h("th", { scope: "col" }, label)))),
    h("tbody", {}, marks.map((x) => h("tr", {}, h("th", { scope: "row" }, calendar(x, true)),
      values.map((of) => h("td", {}, of.has(x) ? measure(of.get(x), unit) : ""))))));
}

function paint(plot, width, chart) {
  if (!width || plot.painted === width) return;
  plot.painted = width;
  const frame = scale(width, chart);
  const svg = s("svg", { width, height: HEIGHT, role: "img", tabindex: "0", "aria-label": summary(chart), direction: "ltr" },
    grid(frame, chart), dates(frame, chart), chart.shape === "line" ? lines(frame, chart) : bars(frame, chart));
  walkable(svg, frame, chart);
  plot.replaceChildren(svg);
}

function summary({ title, unit, series, marks }) {
  const all = series.flatMap(({ points }) => points);
  const peak = all.reduce((best, point) => (Number(point[1]) > Number(best[1]) ? point : best));
  return `${title}: ${calendar(marks[0], true)} – ${calendar(marks.at(-1), true)}. Highest ${measure(peak[1], unit)}, ${calendar(peak[0], true)}. Arrow keys read the values.`;
}

/** Where things go: x by the index of a mark, y by value; zero is always in sight. */
function scale(width, { series, unit, marks }) {
  const values = series.flatMap(({ points }) => points.map(([, y]) => Number(y)));
  const [low, high, step] = rounded(Math.min(0, ...values), Math.max(0, ...values), !unit && values.every(Number.isInteger));
  const labels = [];
  for (let at = low; at <= high + step / 2; at += step) labels.push(Math.abs(at) < step / 1e6 ? 0 : at);
  const start = Math.max(...labels.map((value) => measure(value, unit, true).length)) * 6.6 + 12;
  const band = (width - start - PAD.end) / marks.length;
  const y = (value) => PAD.top + ((high - value) / (high - low)) * (HEIGHT - PAD.top - PAD.bottom);
  return { width, start, band, labels, y, x: (at) => start + band * (at + 0.5) };
}

function rounded(low, high, whole) {
  if (low === high) return [0, 1, whole ? 1 : 0.25];
  const raw = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const fit = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const step = whole ? Math.max(1, Math.ceil(fit)) : fit;
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step, step];
}

function grid({ labels, y, start, width }, { unit }) {
  return labels.map((value) => [
    s("line", { class: value === 0 ? "zero" : "rule", x1: start, x2: width - PAD.end, y1: y(value), y2: y(value) }),
    s("text", { class: "tick", x: start - 8, y: y(value) + 4, "text-anchor": "end" }, measure(value, unit, true)),
  ]);
}

function dates({ x, band, width }, { marks }) {
  const every = Math.max(1, Math.ceil(64 / band));
  const last = marks.length - 1;
  return marks.map((mark, at) => at % every === 0 && (at === 0 || x(at) < width - 24) &&
    s("text", { class: "tick", x: x(at), y: HEIGHT - 6, "text-anchor": at === 0 && last > 6 ? "start" : "middle", ...(at === 0 && last > 6 ? { x: x(0) - band / 2 } : {}) }, calendar(mark)));
}

function bars({ x, y, band }, { series, marks }) {
  const room = Math.min(band * 0.72, 44);
  const each = room / series.length;
  return series.map(({ points }, index) => points.map(([mark, amount]) => {
    const top = Math.min(y(0), y(Number(amount)));
    const tall = Math.abs(y(0) - y(Number(amount)));
    const left = x(marks.indexOf(mark)) - room / 2 + each * index;
    return s("rect", { class: "bar-mark", "data-series": index % 4, "data-mark": mark, x: left, y: top, width: Math.max(1, each - (series.length > 1 ? 1 : 0)),
      height: Math.max(tall, tall ? 1.5 : 0), rx: Math.min(3, each / 3) });
  }));
}

function lines({ x, y }, { series, marks }) {
  return series.map(({ points }, index) => {
    if (!points.length) return [];
    const at = points.map(([mark, amount]) => [x(marks.indexOf(mark)), y(Number(amount))]);
    const path = at.map((point) => point.join(" ")).join("L");
    const under = `M${at[0][0]} ${y(0)}L${path}L${at.at(-1)[0]} ${y(0)}Z`;
    return [
      s("path", { class: "area", "data-series": index % 4, d: under }),
      s("path", { class: "line-mark", "data-series": index % 4, d: `M${path}` }),
      at.length === 1 && s("circle", { class: "dot", "data-series": index % 4, cx: at[0][0], cy: at[0][1], r: 4 }),
    ];
  });
}

/** Pointer and arrow keys move one cursor; its values show in the tip and are said aloud. */
function walkable(svg, { x, start, band, width }, { unit, series, marks }) {
  const cursor = s("rect", { class: "cursor", y: PAD.top, height: HEIGHT - PAD.top - PAD.bottom, width: Math.max(band, 2), visibility: "hidden" });
  svg.prepend(cursor);
  let at = -1;
  const leave = () => {
    cursor.setAttribute("visibility", "hidden");
    hideTip();
  };
  const show = (index) => {
    at = Math.min(Math.max(index, 0), marks.length - 1);
    cursor.setAttribute("x", x(at) - band / 2);
    cursor.setAttribute("visibility", "visible");
    const box = svg.getBoundingClientRect();
    const text = reading(marks[at], unit, series);
    showTip(text, { left: box.left + x(at) - 1, width: 2, top: box.top + PAD.top, bottom: box.bottom });
    return text;
  };
  svg.addEventListener("pointermove", (event) => {
    const left = event.clientX - svg.getBoundingClientRect().left;
    if (left < start || left > width) leave();
    else show(Math.floor((left - start) / band));
  });
  svg.addEventListener("pointerleave", leave);
  svg.addEventListener("blur", leave);
  svg.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at < 0 ? marks.length - 1 : at - 1, Home: 0, End: marks.length - 1 }[event.key];
    if (to == null) return;
    event.preventDefault();
    announce(show(to));
  });
}

function reading(mark, unit, series) {
  const values = series.flatMap(({ label, points }) => points.filter(([x]) => x === mark)
    .map(([, amount]) => (series.length > 1 ? `${label}: ${measure(amount, unit)}` : measure(amount, unit))));
  return `${calendar(mark, true)}\n${values.join("\n")}`;
}
