// The whole address of a screen in the page's URL, so that it can be shared, reopened and walked back to.

const SIMPLE = { app: "app", account: "account", panel: "panel", item: "item", q: "search", sort: "sort" };

export const emptyAddress = (app) => ({
  app, account: null, panel: null, item: null, search: "", filters: {}, sort: null, offset: 0,
});

export function toUrl(address) {
  const params = new URLSearchParams();
  for (const [short, name] of Object.entries(SIMPLE)) if (address[name]) params.set(short, address[name]);
  for (const [key, value] of Object.entries(address.filters).sort()) if (value) params.set(`f.${key}`, value);
  if (address.offset) params.set("offset", address.offset);
  return `/?${params}`;
}

/** The address in a query string, or null when it names no app. */
export function fromUrl(query) {
  const params = new URLSearchParams(query);
  if (!params.get("app")) return null;
  const address = emptyAddress(params.get("app"));
  for (const [short, name] of Object.entries(SIMPLE)) address[name] = params.get(short) ?? address[name];
  for (const [key, value] of params) if (key.startsWith("f.")) address.filters[key.slice(2)] = value;
  address.offset = Math.max(0, Number.parseInt(params.get("offset"), 10) || 0);
  return address;
}

export function fromLink(link, base) {
  const { panel, item_id, account_id, search, filters, sort, offset } = link;
  return { app: base.app, account: account_id ?? base.account, panel, item: item_id, search, filters, sort, offset };
}

export function toLink({ panel, item, account, search, filters, sort, offset }) {
  return { panel, item_id: item, account_id: account, search, filters, sort, offset };
}

/** Whether both show the same thing, however it is searched and paged. */
export function samePlace(a, b) {
  return a != null && b != null && ["app", "account", "panel", "item"].every((name) => a[name] === b[name]);
}
