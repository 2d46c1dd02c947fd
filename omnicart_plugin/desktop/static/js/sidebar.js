// A window's sidebar: which account, which section, and the app's own menu.

import { h, patch } from "./dom.js";
import { icon } from "./icons.js";
import { menuAction } from "./buttons.js";
import { openMenu } from "./overlay.js";
import { hidden } from "./values.js";

const STATUS = { ok: "Connected", reauth: "Must sign in anew", unreachable: "Does not answer", demo: "Demo" };

export function drawSidebar(aside, win) {
  const { screen, app } = win;
  const current = currentItem(win);
  const parts = [{ key: "brand", data: app.id, draw: () => brand(app) }];
  if (!screen && !win.refused) parts.push({ key: "wait", data: 0, draw: () => h("div", { class: "bone row" }) });
  if (screen) {
    const { accounts, account_id, navigation, menu } = screen;
    const shown = accounts.find(({ id }) => id === (win.address.account ?? account_id)) ?? null;
    if (accounts.length) parts.push({ key: "account", data: { shown, accounts, account_id }, draw: () => selector(shown, win) });
    parts.push({ key: "nav", data: { navigation, current, account: win.address.account }, draw: () => nav(navigation, current, win) });
    parts.push({ key: "menu", data: { menu, panel: win.address.panel }, draw: () => drawMenu(menu, win) });
  }
  patch(aside, parts);
}

/** The section that is asked for or shown, or the one that the trail came from. */
function currentItem({ screen, panel, address }) {
  const names = new Set(screen?.navigation.map((item) => item.panel));
  const trail = panel?.trail.map(({ link }) => link.panel).reverse() ?? [];
  return [address.panel, ...trail, panel?.id].find((name) => names.has(name)) ?? null;
}

function brand(app) {
  return h("div", { class: "brand" }, h("span", { class: "tile-mark small" }, icon(app.icon, 15)), h("strong", {}, app.name));
}

function host(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Nobody should mistake the one for the other: what is done in a live account is real. */
function badge({ status }) {
  return status === "demo" ? h("span", { class: "badge demo" }, "Demo") : h("span", { class: "badge live" }, "Live");
}

function identity(account) {
  const { label, base_url, status } = account;
  return [h("span", { class: "dot", "data-status": status }, hidden(STATUS[status] ?? status)),
    h("span", { class: "who" }, h("strong", { dir: "auto" }, label), h("small", { dir: "ltr" }, status === "demo" ? "Sample data" : host(base_url))), badge(account)];
}

function selector(shown, win) {
  const open = (event) => openMenu(event.currentTarget, "Accounts", accountItems(shown, win));
  const inside = shown ? identity(shown) : h("span", { class: "who" }, h("strong", {}, "Choose an account"));
  return h("button", { type: "button", class: "account", "aria-haspopup": "true", "data-demo": shown?.status === "demo", onclick: open }, inside, icon("swap", 15));
}

function accountItems(shown, win) {
  const items = win.screen.accounts.map((account) => h("button", { type: "button", class: "menu-item account-item",
    "aria-current": account.id === shown?.id ? "true" : null, onclick: () => switchTo(win, account) }, identity(account)));
  const actions = shown?.actions ?? [];
  return [items, actions.length > 0 && h("hr"), actions.map((action) => menuAction(action, win.ctx ?? win.context()))];
}

/** The same section of the other account where it has one; a single thing stays with its own. */
function switchTo(win, { id }) {
  const panel = currentItem(win) ?? win.screen.navigation[0]?.panel ?? win.address.panel;
  const { app } = win.address;
  win.go({ app, account: id, panel, item: null, search: "", filters: {}, sort: null, offset: 0 });
  win.renewScreen();
}

function nav(navigation, current, win) {
  return h("nav", { "aria-label": "Sections" }, navigation.map(({ panel, label, icon: name }) =>
    win.anchor({ panel, item_id: null, account_id: null, search: "", filters: {}, sort: null, offset: 0 },
      { class: "nav-item", "aria-current": panel === current ? "page" : null }, icon(name), h("span", {}, label))));
}

function drawMenu(menu, win) {
  return h("div", { class: "side-menu" }, menu.map((item) => (item.link
    ? win.anchor(item.link, { class: "nav-item", "aria-current": item.link.panel === win.address.panel ? "page" : null }, icon(item.icon), h("span", {}, item.label))
    : item.action && menuAction({ ...item.action, label: item.label, icon: item.icon }, win.ctx ?? win.context(), "nav-item"))));
}
