// Puts the desktop together: apps, windows, the address line, the palette and what the host tells.

import { emptyAddress, fromLink, fromUrl, toUrl } from "./address.js";
import { ask, late, Unreachable } from "./api.js";
import { start } from "./buttons.js";
import { applyTheme, drawDock, drawLauncher, startClock } from "./desk.js";
import { direction, timezone } from "./format.js";
import { activeFrame } from "./frames.js";
import { toast, watchTips } from "./overlay.js";
import { AppWindow } from "./window.js";

const PATIENCE_MS = 1500;
const windows = [];
const tabs = new BroadcastChannel("desktop");
let apps = [];
/** Until the palette's module is here its dialog opens all the same, and takes what is typed. */
let openPalette = () => {
  document.getElementById("palette").showModal();
  bringPalette();
};

const active = () => activeFrame()?.owner ?? null;

/** What windows ask of the desktop. */
const desk = {
  open: (address) => openWindow(address)?.enter(),
  /** `win` shows another address: the page's own follows, so that the browser's way back leads there too. */
  shown(win, replace) {
    if (win !== active()) return;
    const { id, address } = win.stack[win.at];
    history[replace ? "replaceState" : "pushState"]({ win: win.id, id }, "", toUrl(address));
    saveWindows();
  },
  focused(frame) {
    const win = frame?.owner;
    if (win) history.replaceState({ win: win.id, id: win.stack[win.at].id }, "", toUrl(win.address));
    else if (frame === null) history.replaceState(null, "", "/");
  },
  changed() {
    saveWindows();
    redraw();
  },
  closed(win) {
    windows.splice(windows.indexOf(win), 1);
  },
  done(win, { message, refresh, link }, account) {
    toast(message);
    const event = { app_id: win.app.id, account_id: account, panels: refresh };
    tabs.postMessage(event);
    for (const other of windows) other.hear(event, other === win && link !== null);
    if (link) win.go(fromLink(link, win.address));
    renewScreens(win.app.id);
  },
};

function openWindow(address, saved) {
  const app = apps.find(({ id }) => id === address.app);
  if (!app) return void toast(`There is no app “${address.app}”.`, "danger");
  const win = new AppWindow(app, address, desk, saved);
  windows.push(win);
  if (!win.frame.minimised) desk.focused(win.frame);
  desk.changed();
  return win;
}

/** The window of an app that is open already, or a new one. */
function windowOf(app) {
  const of = windows.filter((win) => win.app.id === app);
  return of.includes(active()) ? active() : of.at(-1);
}

function openApp(app, event) {
  const win = event?.shiftKey ? null : windowOf(app.id);
  (win ?? openWindow(emptyAddress(app.id)))?.enter();
}

function openAt(address, event) {
  const win = event.shiftKey ? null : windowOf(address.app);
  if (!win) return openWindow(address)?.enter();
  win.enter();
  return win.go({ ...address, account: address.account ?? win.address.account });
}

/** Runs what was chosen in the palette. An action needs a window to answer in. */
function choose(item, event) {
  const base = windowOf(item.app_id)?.address ?? emptyAddress(item.app_id);
  if (item.link) return openAt(fromLink(item.link, base), event);
  const app = apps.find(({ id }) => id === item.app_id);
  if (!item.action) return openApp(app, event);
  const win = windowOf(item.app_id) ?? openWindow(base);
  win.enter();
  if (!win.ctx) win.context();
  return start(item.action, win.ctx);
}

function hear(event) {
  for (const win of windows) win.hear(event);
}

/** Whatever was done may have changed the app's accounts, which every window of it lists. */
function renewScreens(app) {
  for (const win of windows) if (win.app.id === app) win.renewScreen();
}

function redraw() {
  const win = active();
  document.title = win ? `${win.title} – ${win.app.name}` : "Desktop";
  document.body.classList.toggle("at-work", Boolean(win));
  drawDock(windows, win, { home, palette: () => openPalette(), focus: (other) => (other === win ? other.frame.minimise() : other.enter()) });
}

/** Shows the launcher: every window goes to the dock. */
function home() {
  for (const win of windows) win.frame.minimised = true;
  for (const win of windows) win.frame.place();
  desk.focused(null);
  desk.changed();
  document.querySelector(".tile")?.focus();
}

function saveWindows() {
  const all = windows.map(({ id, address, frame: { box, mode, minimised } }) => ({ id, address, frame: { box, mode, minimised } }));
  sessionStorage.setItem("windows", JSON.stringify(all));
}

/** What was open before a reload, and what the address asks for on top: that one asks first, as a browser sends six requests at a time. */
function restore() {
  const wanted = fromUrl(location.search);
  const state = history.state;
  let saved = [];
  try {
    saved = JSON.parse(sessionStorage.getItem("windows")) ?? [];
  } catch {
    sessionStorage.removeItem("windows");
  }
  const front = wanted && (saved.find(({ id }) => id === state?.win) ?? saved.findLast((one) => one.address.app === wanted.app && !one.frame.minimised));
  let go;
  const after = new Promise((resolve) => (go = resolve));
  for (const one of saved) if (one !== front) openWindow(one.address, { ...one, after, frame: { ...one.frame, minimised: !wanted || one.frame.minimised } });
  const win = wanted && openWindow(wanted, front && { ...front, frame: { ...front.frame, minimised: false } });
  atMost(PATIENCE_MS, win?.ready).finally(go);
}

/** The browser's way back and forth: each entry belongs to a window. */
function walkHistory({ state }) {
  const address = fromUrl(location.search);
  const win = windows.find(({ id }) => id === state?.win);
  if (!address) return home();
  if (!win) return openWindow(address, { id: state?.win })?.enter();
  const at = win.stack.findIndex(({ id }) => id === state.id);
  if (win !== active()) win.enter();
  history.replaceState(state, "", toUrl(address));
  return at < 0 ? win.go(address, { replace: true, id: state.id }) : win.jump(at);
}

function tick() {
  const open = new Map();
  for (const { address, frame } of windows) {
    if (!frame.minimised && address.panel) open.set(address.account, [...(open.get(address.account) ?? []), address.panel]);
  }
  for (const [account_id, panels] of open) ask("/api/event", { name: "timer", account_id, panels }).catch(ignoreLoss);
}

const ignoreLoss = (error) => {
  if (!(error instanceof Unreachable)) throw error;
};

function watchKeys() {
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      openPalette();
    }
  });
  addEventListener("popstate", walkHistory);
  addEventListener("themechange", redraw);
  addEventListener("storage", ({ key }) => key === "theme" && applyTheme());
  tabs.onmessage = ({ data }) => {
    hear(data);
    renewScreens(data.app_id);
  };
}

const atMost = (wait, done) => Promise.race([done, new Promise((resolve) => setTimeout(resolve, wait))]);

let bringing = null;

function bringPalette() {
  bringing ??= import("./palette.js").then(({ makePalette }) => {
    openPalette = makePalette({ choose, account: () => active()?.address.account ?? null });
  }, () => (bringing = null));
  return bringing;
}

/** What a window shows comes first, unless that takes long; what it hides is drawn behind it. */
async function begin() {
  document.documentElement.dir = direction;
  document.cookie = `timezone=${timezone}; path=/; samesite=strict`;
  applyTheme();
  watchTips();
  watchKeys();
  apps = await ask("/api/apps");
  restore();
  redraw();
  drawLauncher(apps, openApp, () => openPalette());
  startClock();
  await atMost(PATIENCE_MS, active()?.ready);
  document.body.classList.add("begun");
  bringPalette();
  import("./forms.js").catch(() => {}); // asked for again where it is needed
  const { listen } = await late(import("./live.js"));
  listen({ heard: hear, back: () => windows.forEach((win) => (win.screen ? win.load() : win.begin())), tick });
}

/** Begins anew when the line is up again: a reload without one would show the browser's own page. */
async function beginAnew() {
  document.getElementById("banner").hidden = false;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (await ask("/api/apps").then(() => true, () => false)) return location.reload();
  }
}

begin().catch((error) => {
  if (!(error instanceof Unreachable)) throw error;
  beginAnew();
});
