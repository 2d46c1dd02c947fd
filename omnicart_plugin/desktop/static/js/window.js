// An app's window: its sidebar, its toolbar, the panel it shows, and where it has been.

import { emptyAddress, fromLink, samePlace, toLink, toUrl } from "./address.js";
import { ask, newId, Unreachable } from "./api.js";
import { announce, h, keepFocus, keyed, patch } from "./dom.js";
import { Frame } from "./frames.js";
import { arrange, fetchDrawings } from "./nodes.js";
import { actionButton, button, buttons, problemText } from "./buttons.js";
import { drawSidebar } from "./sidebar.js";
import { drawToolbar } from "./toolbar.js";

const SKELETON_AFTER_MS = 120;
const WIDE = 860;
const REMEMBERED = 30;
const memory = new Map();
const shapes = new Map();
const shape = ({ app, panel }) => `${app} ${panel}`;
const kinds = (entries) => entries.map(({ data }) => data.kind);

export class AppWindow {
  /** `desk`: {shown, open, changed, closed}. */
  constructor(app, address, desk, saved = {}) {
    Object.assign(this, { app, desk, id: saved.id ?? newId().slice(0, 8), screen: null, refused: null, shown: null, panel: null, asked: 0 });
    this.stack = [{ id: newId().slice(0, 8), address }];
    this.at = 0;
    this.frame = new Frame(app.id, { close: () => desk.closed(this), focus: (frame) => desk.focused(frame), enter: () => this.enter(), change: () => desk.changed() }, saved.frame);
    this.frame.owner = this;
    this.build();
    if (saved.after) this.skeleton();
    this.ready = saved.after ? saved.after.then(() => this.begin()) : this.begin();
  }

  get address() {
    return this.stack[this.at].address;
  }

  /** The panel, if it is that of the address and not what stands there until that one comes. */
  get arrived() {
    return this.panel?.id === this.address.panel ? this.panel : null;
  }

  get title() {
    const section = this.screen?.navigation.find(({ panel }) => panel === this.address.panel);
    return this.arrived?.title ?? section?.label ?? this.panel?.title ?? this.app.name;
  }

  build() {
    this.sidebar = h("aside", { class: "sidebar", "aria-label": `${this.app.name} sections` });
    this.toolbar = h("header", { class: "toolbar" });
    this.head = h("div", { class: "panel-head" });
    this.main = h("div", { class: "column" });
    this.side = h("div", { class: "column side" });
    this.body = h("div", { class: "panel-body" }, this.main, this.side);
    this.scroller = h("div", { class: "panel", tabindex: "-1" }, this.head, this.body);
    const shut = (event) => event.target.closest(".sidebar-toggle") || this.frame.element.classList.remove("open-sidebar");
    const stage = h("div", { class: "stage", onpointerdown: shut }, this.toolbar, h("div", { class: "busy-line", hidden: true }), this.scroller);
    this.frame.element.append(this.sidebar, stage);
    this.frame.handle(this.toolbar);
    this.frame.handle(this.sidebar);
    this.controls = this.frame.controls();
    this.busyLine = stage.children[1];
    new ResizeObserver(() => this.fit()).observe(this.scroller);
    this.drawFrame();
  }

  /** Screen and panel are asked for side by side when the address says which panel. */
  async begin() {
    const { panel } = this.address;
    if (!panel) this.skeleton();
    await Promise.all([panel && this.load(), this.launch(panel ? toLink(this.address) : null)]);
  }

  async launch(link = null, account = this.address.account) {
    const answer = await reach(ask("/api/launch", { app_id: this.app.id, account_id: account, link }));
    if (!answer) return;
    this.refused = answer.kind === "screen" ? null : answer;
    if (this.refused) return this.showProblem(answer);
    this.screen = answer;
    this.drawFrame();
    const first = fromLink(answer.link, { ...this.address, account: answer.account_id });
    if (!this.address.panel || (link && answer.link.panel !== link.panel)) this.go(first, { replace: true });
    else if (!this.address.account && answer.account_id) this.settleAccount(answer.account_id);
  }

  /** The account that the app chose belongs into the address that is shared, also into that of an answer under way. */
  settleAccount(account) {
    this.address.account = account;
    this.desk.shown(this, true);
    this.drawFrame();
  }

  /** Accounts and navigation may have changed; what is shown stays. */
  async renewScreen() {
    const { panel, account } = this.address;
    const answer = await reach(ask("/api/launch", { app_id: this.app.id, account_id: account, link: panel ? toLink(this.address) : null }));
    if (account && answer?.type === "not-found") return this.leaveAccount();
    if (answer?.kind !== "screen") return;
    this.screen = answer;
    this.drawFrame();
  }

  /** The account is gone: on to whatever the app shows without it. */
  leaveAccount() {
    this.stack = [{ id: newId().slice(0, 8), address: emptyAddress(this.app.id) }];
    this.at = 0;
    this.launch();
  }

  /** Asked for exactly what is shown, the window asks anew, as a browser reloads. */
  go(address, { replace = false, id = replace ? this.stack[this.at].id : newId().slice(0, 8) } = {}) {
    if (!replace && toUrl(address) === toUrl(this.address)) return this.renew();
    this.stack[this.at].scroll = this.scroller.scrollTop;
    if (!replace) this.at += 1;
    this.stack.splice(this.at, Infinity, { id, address });
    this.desk.shown(this, replace);
    if (!samePlace(address, this.shown)) this.frame.element.classList.remove("open-sidebar");
    this.drawFrame();
    return this.load();
  }

  /** To an entry of this window's own past or future. */
  jump(at) {
    if (!this.stack[at]) return;
    this.stack[this.at].scroll = this.scroller.scrollTop;
    this.at = at;
    this.desk.shown(this, true);
    this.load();
  }

  /** Everything about this panel is asked for anew, past every memory. */
  async renew() {
    const { account, panel } = this.address;
    const asked = this.load({ fresh: true });
    await reach(ask("/api/event", { name: "refresh", account_id: account, panels: panel ? [panel] : [] }));
    await asked;
    return this.renewScreen();
  }

  async load({ fresh = false } = {}) {
    const { address } = this;
    const mine = ++this.asked;
    this.prepare(address);
    this.busy(true);
    this.abort?.abort();
    this.abort = new AbortController();
    const { app: app_id, panel, account: account_id, item: item_id, search, filters, sort, offset } = address;
    const request = { app_id, panel, account_id, item_id, search, filters, sort, offset, fresh };
    const answer = await reach(ask("/api/panel", request, this.abort.signal));
    const drawn = answer?.kind !== "panel" || (await reach(fetchDrawings(answer.body)));
    if (mine !== this.asked) return;
    clearTimeout(this.waiting);
    this.busy(false);
    if (!answer || !drawn) return;
    if (answer.kind === "panel") remember(address, answer);
    this.paint(address, answer);
  }

  /** What stands there until the answer comes: the same thing, what was there last time, or a skeleton. */
  prepare(address) {
    clearTimeout(this.waiting);
    if (samePlace(address, this.shown)) return;
    const known = memory.get(toUrl(address));
    if (known) this.paint(address, known);
    else if (!this.shown) this.skeleton();
    else this.waiting = setTimeout(() => this.skeleton(), SKELETON_AFTER_MS);
  }

  /** Bones in the places of the nodes that this panel had last time, so that nothing jumps when the answer comes. */
  skeleton() {
    const { main, side } = shapes.get(shape(this.address)) ?? { main: ["metrics", "table"], side: [] };
    const bones = (kinds) => kinds.map((kind) => h("div", { class: `bone of-${kind}` }));
    this.shown = null;
    this.catchFocus();
    this.head.replaceChildren(h("div", { class: "bone title" }));
    this.body.classList.toggle("split", side.length > 0);
    this.main.replaceChildren(...bones(main));
    this.side.replaceChildren(...bones(side));
  }

  paint(address, answer) {
    const same = samePlace(address, this.shown);
    const paged = same && address.offset !== this.shown.offset;
    const hadFocus = this.scroller.contains(document.activeElement);
    this.shown = address;
    if (!same) this.context();
    if (answer.kind !== "panel") return this.showProblem(answer);
    this.panel = answer;
    keepFocus(this.scroller, () => {
      if (!same) for (const part of [this.head, this.main, this.side]) part.replaceChildren();
      patch(this.head, [{ key: "head", data: [answer.title, answer.subtitle, answer.actions], draw: () => this.drawHead(answer) }]);
      this.fill();
    });
    this.drawFrame();
    this.desk.changed();
    if (!same) this.arrive(hadFocus);
    else if (paged) this.scroller.scrollTop = 0;
  }

  /** What has the focus is about to go: the panel takes it, so that the keys go on from here. */
  catchFocus() {
    if (this.scroller.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
  }

  arrive(hadFocus) {
    this.scroller.scrollTop = this.stack[this.at].scroll ?? 0;
    if (hadFocus && !this.scroller.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
    announce(this.panel.title);
  }

  drawHead({ title, subtitle, actions }) {
    return h("div", { class: "head" }, h("div", { class: "titles" }, h("h1", { dir: "auto" }, title), subtitle && h("p", { dir: "auto" }, subtitle)), buttons(actions, this.ctx));
  }

  fill() {
    if (!this.panel || !this.ctx) return;
    this.wide = this.scroller.clientWidth >= WIDE;
    const { main, side } = arrange(this.panel.body, this.ctx, this.wide);
    const pool = new Map([...keyed(this.main), ...keyed(this.side)]);
    this.body.classList.toggle("split", side.length > 0);
    this.body.classList.toggle("loose", !side.length && main.every(({ data }) => ["fields", "timeline", "images", "notice"].includes(data.kind)));
    patch(this.main, main, pool);
    patch(this.side, side, pool);
    shapes.set(shape(this.address), { main: kinds(main), side: kinds(side) });
  }

  fit() {
    const wide = this.scroller.clientWidth >= WIDE;
    if (this.shown && wide !== this.wide && this.panel) keepFocus(this.scroller, () => this.fill());
  }

  showProblem(problem) {
    this.panel = null;
    const again = button({ label: "Try again", icon: "refresh", run: () => (this.screen ? this.load({ fresh: true }) : this.begin()) });
    const isLost = this.address.account && this.refused?.type === "not-found"; // an old link to an account that was removed
    const onward = isLost && button({ label: `Open ${this.app.name}`, style: "primary", run: () => this.leaveAccount() });
    this.catchFocus();
    this.head.replaceChildren();
    this.side.replaceChildren();
    if (!this.ctx) this.context();
    this.main.replaceChildren(h("div", { class: "card problem", role: "alert" }, h("h1", { dir: "auto" }, problem.title), problemText(problem),
      h("div", { class: "actions" }, problem.actions.map((action) => actionButton(action, this.ctx)), onward, again)));
    this.drawFrame();
  }

  busy(on) {
    this.busyLine.hidden = !on;
    this.scroller.setAttribute("aria-busy", on);
  }

  drawFrame() {
    this.frame.element.setAttribute("aria-label", `${this.app.name}: ${this.title}`);
    keepFocus(this.frame.element, () => {
      drawSidebar(this.sidebar, this);
      drawToolbar(this.toolbar, this);
    });
  }

  /** What nodes may ask of the window they stand in. Typed values live as long as the place is shown. */
  context() {
    this.ctx = {
      address: () => this.address,
      typed: new Map(),
      anchor: (link, props, ...children) => this.anchor(link, props, ...children),
      follow: (event, link) => this.follow(event, link),
      query: (change, options) => this.go({ ...this.address, ...change }, options),
      done: (answer, account) => this.desk.done(this, answer, account),
    };
    return this.ctx;
  }

  anchor(link, props, ...children) {
    const href = toUrl(fromLink(link, this.address));
    return h("a", { href, onclick: (event) => this.follow(event, link), ...props }, ...children);
  }

  /** A plain click leads on here, with Shift in a new window; the browser's own ways stay the browser's. */
  follow(event, link) {
    const address = fromLink(link, this.address);
    if (event.ctrlKey || event.metaKey) return event.target.closest("a") ? undefined : window.open(toUrl(address), "_blank", "noopener");
    event.preventDefault();
    return event.shiftKey ? this.desk.open(address) : this.go(address);
  }

  /** Comes to the front with the focus in it. */
  enter() {
    this.frame.focus();
    this.scroller.focus({ preventScroll: true });
  }

  /** Some panels show something new: mine too? `leaving` means that another is on its way. */
  hear({ app_id, account_id, panels }, leaving = false) {
    if (app_id !== this.app.id || (account_id && this.address.account && account_id !== this.address.account)) return;
    forget(app_id, panels);
    if (!leaving && panels.includes(this.address.panel)) this.load();
  }
}

/** What was asked for, or null when it did not come or is not wanted any more. */
async function reach(asked) {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unreachable || error.name === "AbortError") return null;
    throw error;
  }
}

function remember(address, panel) {
  const key = toUrl(address);
  memory.delete(key);
  memory.set(key, panel);
  if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value);
}

function forget(app, panels) {
  for (const key of [...memory.keys()]) {
    const params = new URLSearchParams(key.slice(2));
    if (params.get("app") === app && panels.includes(params.get("panel"))) memory.delete(key);
  }
}
