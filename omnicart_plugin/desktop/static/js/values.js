// One drawing for each kind of value.

import { announce, h, safeUrl } from "./dom.js";
import { fullMoment, moment, money, number, relative } from "./format.js";
import { icon } from "./icons.js";

const DRAW_VALUE = {
  text: ({ text }, ctx, copy) => h("span", { class: `text ${width(text)}`, dir: "auto" }, ...breakable(text), copy && copyable(text)),
  number: ({ number: value }) => h("span", { class: "number" }, number(value, { maximumFractionDigits: 20 })),
  money: ({ amount, currency }) => drawMoney(money(amount, currency)),
  time: ({ at }) => h("time", { datetime: at, onpointerenter: titled(() => `${fullMoment(at)} (${relative(at)})`) }, moment(at)),
  status: ({ label, tone }) => h("span", { class: "status", "data-tone": tone }, label),
  image: ({ url, alt }) => picture(url, alt),
  flag: ({ on }) => h("span", { class: on ? "flag on" : "flag" }, icon(on ? "check" : "dash", 16), on ? "Yes" : "No"),
  ref: ({ label, link }, ctx) => ctx.anchor(link, { class: width(label), dir: "auto" }, label),
};

/** What stands in a column of pictures, which has no label, where there is none. */
export const NO_PICTURE = { kind: "image", url: "", alt: "" };

export const END_KINDS = new Set(["number", "money"]);

export function drawValue(value, ctx, { copy = false } = {}) {
  if (value == null) return h("span", { class: "nothing" }, h("span", { "aria-hidden": "true" }, "–"), hidden("none"));
  const draw = Object.hasOwn(DRAW_VALUE, value.kind) ? DRAW_VALUE[value.kind] : null;
  return draw ? draw(value, ctx, copy) : h("span", { class: "unknown" }, `(${value.kind})`);
}

/** One short word stays whole; a word without end breaks anywhere, or it would push all else out of sight. */
const width = (text) => (/^\S{1,24}$/.test(text) ? "word" : /\S{41}/.test(text) ? "endless" : "");

/** A title as it is true when someone points there. */
const titled = (title) => ({ currentTarget }) => (currentTarget.title = title());

export const hidden = (text) => h("span", { class: "hidden" }, text);

function drawMoney({ text, exact }) {
  return h("span", { class: "number", title: exact }, text);
}

/** A picture that keeps its place while it loads, and a placeholder where there is none. */
export function picture(url, alt, kind = "thumb") {
  const box = h("span", { class: kind });
  const src = safeUrl(url, { image: true });
  const absent = () => box.replaceChildren(icon("image", 16), alt ? hidden(alt) : "");
  if (!src) absent();
  else box.append(h("img", { src, alt, loading: "lazy", decoding: "async", referrerpolicy: "no-referrer", onerror: absent }));
  return box;
}

/** Relative times keep themselves true. */
export function ago(at) {
  return h("time", { datetime: at, onpointerenter: titled(() => fullMoment(at)), "data-ago": at }, relative(at));
}

setInterval(() => {
  for (const element of document.querySelectorAll("[data-ago]")) {
    const text = relative(element.dataset.ago);
    if (element.textContent !== text) element.textContent = text;
  }
}, 10_000);

/** An address of mail or of the web breaks before its host, if it must. */
const breakable = (text) => (/^\S+(@|:\/\/)\S+$/.test(text) ? text.split(/(?=@)|(?<=:\/\/)/).flatMap((part) => [h("wbr"), part]).slice(1) : [text]);

/** A button beside what people carry elsewhere: ids, numbers of parcels, addresses. */
function copyable(text) {
  if (!navigator.clipboard || !/^(?=.*[\d@])\S{8,}$/.test(text)) return null;
  const button = h("button", { type: "button", class: "copy", "aria-label": `Copy ${text}`, "data-tip": "Copy" }, icon("copy", 14));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.replaceChildren(icon("check", 14));
    announce("Copied");
    setTimeout(() => button.replaceChildren(icon("copy", 14)), 1500);
  });
  return button;
}
