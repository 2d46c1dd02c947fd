// Elements from data. Text only ever becomes text nodes: there is no way from a string to markup in this desktop.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "indeterminate", "hidden", "tabIndex"]);
let serial = 0;

export const uid = (prefix = "u") => `${prefix}-${++serial}`;

export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...children.flat(3).filter((child) => child != null && child !== false));
  return element;
}

function set(element, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "vars") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
  else if (PROPERTIES.has(name)) element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** What may stand in an image's or a link's address: web addresses, and pictures as data. Null for all else. */
export function safeUrl(text, { image = false } = {}) {
  try {
    const url = new URL(text);
    if (url.protocol === "https:" || url.protocol === "http:") return url.href;
    return image && /^data:image\//.test(text) ? text : null;
  } catch {
    return null;
  }
}

/** Resolves when the style sheet of that name, of a module that comes late, is there. */
export function style(name) {
  const href = new URL(`../css/${name}.css`, import.meta.url).href;
  return new Promise((resolve) => document.head.append(h("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve })));
}

/** Says something to who listens instead of looks. What lies behind a dialog is not heard, so each has a voice. */
export function announce(text) {
  [...document.querySelectorAll("#announcer, dialog[open] > .voice")].at(-1).textContent = text;
}

/**
 * Makes `parent` hold one child per entry {key, data, draw}. A child whose data is the same stays as it is, with its
 * focus, scroll and selection; one that knows how to `update` does so; others are drawn anew.
 */
export function patch(parent, entries, pool = new Map(keyed(parent))) {
  const wanted = entries.map((entry) => reuse(pool.get(entry.key), entry));
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

export const keyed = (parent) => [...parent.children].map((child) => [child.patchKey, child]);

function reuse(old, { key, data, draw, half = false }) {
  const text = JSON.stringify(data);
  if (old?.patchData === text && old.classList.contains("half") === half) return old;
  const child = old?.update ? old : draw(data);
  if (child === old) old.update(data);
  child.patchKey = key;
  child.classList.toggle("half", half);
  child.patchData = text;
  return child;
}

/** A person changed what was drawn: the next data draws it anew, also where it is the data that was drawn before. */
export function touched(element) {
  for (let at = element; at; at = at.parentElement) delete at.patchData;
}

/** Runs `change` and puts the focus back on the control of the same name if it was drawn anew. */
export function keepFocus(root, change) {
  const before = document.activeElement;
  const name = root.contains(before) ? handle(before) : null;
  const caret = name && before.selectionStart != null ? [before.selectionStart, before.selectionEnd] : null;
  change();
  if (!name || root.contains(document.activeElement)) return;
  const after = [...root.querySelectorAll("a, button, input, select, textarea, [tabindex]")].find((e) => handle(e) === name);
  after?.focus({ preventScroll: true });
  if (caret && after?.setSelectionRange) after.setSelectionRange(...caret);
}

function handle(element) {
  const at = element.closest("[data-key]")?.dataset.key ?? "";
  return [at, element.tagName, element.name, element.getAttribute("aria-label") || element.textContent.trim()].join("|");
}

export function debounce(wait, run) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(run, wait, ...args);
  };
}
