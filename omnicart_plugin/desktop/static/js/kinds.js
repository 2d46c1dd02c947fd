// The page for host authors: every kind of node and value, drawn, beside its JSON.

import { ask } from "./api.js";
import { applyTheme } from "./desk.js";
import { h } from "./dom.js";
import { direction } from "./format.js";
import { icon, iconNames } from "./icons.js";
import { drawNode, fetchDrawings } from "./nodes.js";
import { toast, watchTips } from "./overlay.js";

/** All that a renderer needs of the window it stands in. */
const context = {
  address: () => ({ app: "kinds", account: null, panel: "kinds", item: null, search: "", filters: {}, sort: null, offset: 0 }),
  typed: new Map(),
  anchor: (link, props, ...children) => h("a", { href: `#${link.panel}`, ...props }, ...children),
  follow: () => {},
  query: (change) => toast(JSON.stringify(change)),
  done: ({ message }) => toast(message),
};

function sample({ title, node }) {
  return h("section", { class: "sample", "aria-label": title }, h("h2", {}, title), h("div", { class: "drawn" }, drawNode(node, context)),
    h("pre", { tabindex: "0", "aria-label": `JSON of ${title}` }, JSON.stringify(node, null, 2)));
}

document.documentElement.dir = direction;
applyTheme();
watchTips();
const samples = await ask("/api/kinds");
await fetchDrawings(samples.map(({ node }) => node));
document.getElementById("kinds").replaceChildren(...samples.map(sample));
document.getElementById("icons").replaceChildren(...iconNames.map((name) => h("li", {}, icon(name, 22), name)));
