// A window's toolbar: the way back, where one is, how old the figures are, and the window's own buttons.

import { h, patch } from "./dom.js";
import { icon } from "./icons.js";
import { button } from "./buttons.js";
import { ago, hidden } from "./values.js";

export function drawToolbar(header, win) {
  const { panel, stack, at } = win;
  const steps = { back: at > 0, forward: at < stack.length - 1 };
  patch(header, [
    { key: "steps", data: steps, draw: () => drawSteps(win, steps) },
    { key: "crumbs", data: [win.arrived?.trail, win.title], draw: () => crumbs(win) },
    { key: "fresh", data: panel?.freshness ?? null, draw: (data) => freshness(data, win) },
    { key: "controls", data: 0, draw: () => win.controls },
  ]);
}

function drawSteps(win, { back, forward }) {
  const toggle = button({ icon: "menu", label: "Sections", bare: true, run: () => win.frame.element.classList.toggle("open-sidebar") });
  toggle.classList.add("sidebar-toggle");
  return h("div", { class: "steps" }, toggle,
    button({ icon: "back", label: "Back", bare: true, disabled: !back, run: () => win.jump(win.at - 1) }),
    button({ icon: "forward", label: "Forward", bare: true, disabled: !forward, run: () => win.jump(win.at + 1) }));
}

function crumbs(win) {
  const trail = win.arrived?.trail ?? [];
  return h("nav", { class: "crumbs", "aria-label": "Breadcrumb" }, h("ol", {},
    trail.map(({ label, link }) => h("li", {}, win.anchor(link, { dir: "auto" }, label), icon("forward", 12))),
    h("li", { "aria-current": "page", dir: "auto" }, win.title)));
}

function freshness(fresh, win) {
  const again = button({ icon: "refresh", label: "Refresh", bare: true, run: () => win.renew() });
  if (!fresh) return h("div", { class: "fresh" }, again);
  const age = fresh.source === "demo" ? h("span", {}, "Sample data") : ago(fresh.as_of);
  return h("div", { class: "fresh", "data-stale": fresh.stale ? "" : null }, fresh.stale && icon("alert", 14), fresh.stale && hidden("Out of date:"), age, again);
}
