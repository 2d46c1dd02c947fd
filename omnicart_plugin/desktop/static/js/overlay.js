// What lies above everything: dialogs, toasts, tips and small menus.

import { announce, h, uid } from "./dom.js";
import { icon } from "./icons.js";

/** A modal dialog: {content, leave, focusFirst, closed}. It is gone from the page when it closes. */
export function openDialog({ title, role = "dialog", kind = "" }) {
  const id = uid("dialog");
  const content = h("div", { class: "dialog-content" });
  const element = h("dialog", { class: `dialog ${kind}`, role, "aria-labelledby": id }, h("h2", { id, dir: "auto" }, title), content,
    h("div", { class: "voice hidden", "aria-live": "polite" }));
  const leave = () => element.close();
  const before = document.activeElement;
  const closed = new Promise((resolve) => element.addEventListener("close", () => {
    element.remove();
    // The browser does so itself, but not where a dialog below was out of sight until now.
    before?.focus({ preventScroll: true });
    resolve();
  }));
  document.body.append(element);
  element.showModal();
  const focusFirst = () => (content.querySelector("input, select, textarea, [data-default]") ?? content.querySelector("button"))?.focus();
  return { element, content, leave, focusFirst, closed };
}

/** True when the person accepts. The safe button has the focus when something is at stake. */
export async function confirm({ title, text, accept, danger }) {
  const dialog = openDialog({ title, role: "alertdialog" });
  let accepted = false;
  const agree = () => {
    accepted = true;
    dialog.leave();
  };
  const words = uid("text");
  dialog.element.setAttribute("aria-describedby", words);
  dialog.content.append(h("p", { id: words, dir: "auto" }, text), h("div", { class: "actions end" },
    h("button", { type: "button", class: "button", "data-default": danger, onclick: dialog.leave }, "Go back"),
    h("button", { type: "button", class: "button", "data-style": danger ? "danger" : "primary", "data-default": !danger, onclick: agree }, accept)));
  dialog.focusFirst();
  await dialog.closed;
  return accepted;
}

const TOAST_MS = 6000;
const toasts = document.getElementById("toasts");

export function toast(message, tone = "success") {
  const close = h("button", { type: "button", class: "button bare", "aria-label": "Dismiss" }, icon("close", 14));
  const element = h("div", { class: "toast", "data-tone": tone }, icon(tone === "success" ? "check" : "alert"), h("span", { dir: "auto" }, message), close);
  const leave = () => {
    element.remove();
    if (!toasts.children.length) toasts.hidePopover();
  };
  close.addEventListener("click", leave);
  toasts.append(element);
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover();
  announce(message);
  linger(element, leave);
}

/** Time stands still for a toast that is read: under the pointer or with the focus in it. */
function linger(element, leave) {
  let timer = setTimeout(leave, TOAST_MS);
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, () => (timer = setTimeout(leave, TOAST_MS / 2)));
}

const tip = document.getElementById("tip");

/** One tip for all that carry `data-tip`, above every scroller and dialog. */
export function watchTips() {
  const show = (event) => {
    const owner = event.target.closest?.("[data-tip]");
    if (!owner || (event.type === "focusin" && !owner.matches(":focus-visible"))) return hideTip();
    // The focus also moves while a menu opens or closes, and then nothing else may open before it is done.
    queueMicrotask(() => owner.isConnected && showTip(owner.dataset.tip, owner.getBoundingClientRect()));
  };
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, show);
  for (const name of ["pointerdown", "focusout", "scroll"]) document.addEventListener(name, hideTip, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
}

export function showTip(text, box) {
  tip.textContent = text;
  if (!tip.matches(":popover-open")) tip.showPopover();
  const { width, height } = tip.getBoundingClientRect();
  const above = box.top - height - 8;
  const left = Math.min(Math.max(box.left + box.width / 2 - width / 2, 8), innerWidth - width - 8);
  Object.assign(tip.style, { left: `${left}px`, top: `${above > 4 ? above : box.bottom + 8}px` });
}

export function hideTip() {
  if (tip.matches(":popover-open")) tip.hidePopover();
}

/** A small menu below its button; the arrow keys walk through it. */
export function openMenu(owner, label, items) {
  const menu = h("div", { class: "menu", popover: "auto", role: "group", "aria-label": label }, items);
  menu.addEventListener("toggle", (event) => event.newState === "closed" && menu.remove());
  menu.addEventListener("click", (event) => event.target.closest("button, a") && menu.hidePopover());
  menu.addEventListener("keydown", (event) => walk(event, [...menu.querySelectorAll("button, a")]));
  (owner.closest("dialog") ?? document.body).append(menu);
  menu.showPopover({ source: owner });
  place(menu, owner.getBoundingClientRect());
  menu.querySelector("[aria-current], button, a")?.focus();
}

function place(menu, box) {
  const rtl = document.documentElement.dir === "rtl";
  const width = Math.max(menu.offsetWidth, box.width);
  const left = Math.min(Math.max(rtl ? box.right - width : box.left, 8), innerWidth - width - 8);
  const below = box.bottom + 6;
  const top = below + menu.offsetHeight < innerHeight ? below : Math.max(8, box.top - menu.offsetHeight - 6);
  Object.assign(menu.style, { left: `${left}px`, top: `${top}px`, minWidth: `${box.width}px` });
}

export function walk(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
