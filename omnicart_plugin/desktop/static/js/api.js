// Requests to the host behind this page.

/** Nobody answered: the server is away or the line is cut. */
export class Unreachable extends Error {}

/** A loss that came before its listener is told to it when it comes. */
let missed = false;
let tell = () => (missed = true);
export function onLoss(listener) {
  tell = listener;
  if (missed) listener();
}

export async function ask(path, body, signal) {
  const response = await send(path, body, signal);
  if (response.status === 401) return signedOut();
  if (!response.headers.get("content-type")?.startsWith("application/json")) return broken(response.status);
  return response.json();
}

async function send(path, body, signal) {
  try {
    return await fetch(path, body ? { signal, method: "POST", body: JSON.stringify(body) } : { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    tell();
    throw new Unreachable("The desktop does not answer.");
  }
}

/** A module that comes when it is needed, unless nobody answers. */
export function late(module) {
  return module.catch(() => {
    tell();
    throw new Unreachable("The desktop does not answer.");
  });
}

/** The page that a reload shows says how to come in again. */
function signedOut() {
  location.reload();
  return new Promise(() => {});
}

const broken = (status) => trouble("The desktop made a mistake", `It answered ${status}. Try again.`);

/** A problem of the desktop's own, shaped like an app's. */
export function trouble(title, detail) {
  return { kind: "problem", type: "internal", status: 500, title, detail, field: null, actions: [], trace_id: null };
}

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
