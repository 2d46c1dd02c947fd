// The desktop itself: clock, launcher, dock and theme.

import { h, patch } from "./dom.js";
import { moment } from "./format.js";
import { icon } from "./icons.js";

const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K";
const THEMES = { system: "desk", light: "sun", dark: "moon" };

export function drawLauncher(apps, open, palette) {
  const seek = document.getElementById("seek");
  seek.replaceChildren(icon("search", 16), h("span", {}, "Search or run a command"), h("kbd", {}, SHORTCUT));
  seek.onclick = palette;
  const names = [...new Set(apps.map(({ category }) => category))].sort();
  const groups = names.map((name) => h("section", { "aria-label": name }, h("h2", {}, name),
    h("ul", {}, apps.filter(({ category }) => category === name).map((app) => h("li", {}, tile(app, open))))));
  document.getElementById("launcher").replaceChildren(...groups);
}

function tile(app, open) {
  return h("button", { type: "button", class: "tile", "data-tip": app.summary, onclick: (event) => open(app, event) },
    h("span", { class: "tile-mark" }, icon(app.icon, 30)), h("span", {}, app.name));
}

/** `run`: {home, palette, focus(win)}. */
export function drawDock(windows, active, run) {
  const entry = (key, label, name, press, extra = {}) => ({ key, data: [label, name, extra], draw: () => h("button", { type: "button", class: "dock-item",
    "aria-label": label, "data-tip": label, onclick: press, ...extra }, icon(name, 20)) });
  const theme = document.documentElement.dataset.theme ?? "system";
  patch(document.getElementById("dock"), [
    entry("home", "Launcher", "grid", run.home, { "aria-pressed": String(!active) }),
    entry("palette", `Search (${SHORTCUT})`, "search", run.palette),
    ...windows.map((win) => entry(win.id, `${win.app.name}: ${win.title}`, win.app.icon, () => run.focus(win),
      { class: "dock-item app", "aria-pressed": String(win === active) })),
    entry("theme", `Theme: ${theme}`, THEMES[theme], nextTheme, { class: "dock-item apart" }),
  ]);
}

function nextTheme() {
  const names = Object.keys(THEMES);
  const next = names[(names.indexOf(document.documentElement.dataset.theme ?? "system") + 1) % names.length];
  localStorage.setItem("theme", next);
  applyTheme();
  document.querySelector("#dock .apart").focus(); // its name has changed, so it was drawn anew
}

export function applyTheme() {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  dispatchEvent(new Event("themechange"));
}

export function startClock() {
  const [time, date] = document.getElementById("clock").children;
  const tick = () => {
    const now = Date.now();
    time.textContent = moment(now, { hour: "numeric", minute: "2-digit" });
    date.textContent = moment(now, { weekday: "long", day: "numeric", month: "long" });
    setTimeout(tick, 60_000 - (now % 60_000));
  };
  tick();
}
