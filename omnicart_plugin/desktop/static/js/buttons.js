// Buttons, and what happens between the press and the answer.

import { ask, late, newId, trouble, Unreachable } from "./api.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { confirm, openDialog, openMenu, toast } from "./overlay.js";

/** `disabled` is a reason in words, or true. A disabled button keeps its place in the row of the Tab key. */
export function button({ label, icon: name, bare = false, style = "default", disabled = null, run, type = "button" }) {
  const reason = typeof disabled === "string" ? disabled : null;
  const why = reason && uid("why");
  const press = (event) => (disabled ? event.preventDefault() : run?.(event));
  return h("button", {
    type, class: bare ? "button bare" : "button", "data-style": style, "aria-label": bare ? label : null,
    "aria-disabled": disabled ? "true" : null, "aria-describedby": why,
    "data-tip": reason ?? (bare ? label : null), onclick: press,
  }, name && icon(name, 16), !bare && h("span", {}, label), why && h("span", { id: why, class: "hidden" }, reason));
}

export function buttons(actions, ctx) {
  if (!actions?.length) return null;
  return h("div", { class: "actions" }, actions.map((action) => actionButton(action, ctx)));
}

export function actionButton(action, ctx) {
  const { label, icon: name, style, disabled } = action;
  return button({ label, icon: name, style, disabled, run: (event) => start(action, ctx, event.currentTarget) });
}

/** A line of a menu that runs an action. */
export function menuAction(action, ctx, kind = "menu-item") {
  return h("button", { type: "button", class: kind, "data-style": action.style, "aria-disabled": action.disabled ? "true" : null,
    "data-tip": action.disabled, onclick: () => start(action, ctx) }, action.icon && icon(action.icon), h("span", {}, action.label));
}

export function actionMenu(actions, ctx, label) {
  const open = ({ currentTarget }) => openMenu(currentTarget, label, actions.map((action) => menuAction(action, ctx)));
  const owner = button({ icon: "dots", label, bare: true, run: open });
  owner.setAttribute("aria-haspopup", "true");
  return h("div", { class: "actions" }, owner);
}

/** Asks for what the action needs, then calls it. */
export function start(action, ctx, pressed = null) {
  if (action.disabled) return toast(action.disabled, "warning");
  if (action.fields.length) return askFirst(action, ctx);
  return perform(action, {}, ctx, plainView(ctx, pressed));
}

async function askFirst(action, ctx) {
  const { formBody } = await late(import("./forms.js")).catch(() => ({}));
  if (!formBody) return toast("Nobody answers. Try again in a moment.", "danger");
  const dialog = openDialog({ title: action.label });
  const own = { ...ctx, typed: new Map() };
  const submit = { ...action, fields: [] };
  dialog.content.append(formBody({ fields: action.fields, submit, secondary: [] }, own, { leave: dialog.leave }));
  dialog.focusFirst();
}

/** What a button that is no form shows of an answer. */
export function plainView(ctx, pressed) {
  return {
    busy: (on) => pressed?.toggleAttribute("data-busy", on),
    invalid: ({ message, errors }) => toast([message, ...Object.values(errors)].join(" "), "danger"),
    problem: (problem) => showProblem(problem, ctx),
    done: () => {},
  };
}

function showProblem(problem, ctx) {
  const dialog = openDialog({ title: problem.title });
  dialog.content.append(problemText(problem), h("div", { class: "actions end" },
    problem.actions.map((action) => actionButton(action, ctx)), button({ label: "Close", run: dialog.leave })));
  dialog.focusFirst();
}

export function problemText({ detail, trace_id }) {
  return h("div", {}, h("p", { dir: "auto" }, detail), trace_id && h("p", { class: "trace" }, `Trace ${trace_id}`));
}

const unanswered = new Map();

/** Calls an action and shows the answer in `view`: {busy, invalid, problem, done}. */
export async function perform(action, inputs, ctx, view, confirmed = false) {
  const { app, account } = ctx.address();
  const call = {
    app_id: app, action: action.id, account_id: action.account_id ?? account, item_id: action.item_id,
    inputs: { ...action.values, ...inputs }, confirmed,
  };
  const key = JSON.stringify(call);
  if (unanswered.get(key)?.sent) return;
  view.busy(true);
  const answer = await once(key, call);
  view.busy(false);
  if (answer.kind === "confirm") {
    if (await confirm(answer)) await perform(action, inputs, ctx, view, true);
  } else if (answer.kind === "done") {
    view.done(answer);
    ctx.done(answer, call.account_id);
  } else if (answer.kind === "invalid") view.invalid(answer);
  else view.problem(answer);
}

/** A call that nobody answered keeps its id, so that trying again is the same call and not a second one. */
async function once(key, call) {
  const entry = unanswered.get(key) ?? { id: newId() };
  unanswered.set(key, entry);
  entry.sent = true;
  try {
    const answer = await ask("/api/action", { ...call, request_id: entry.id });
    unanswered.delete(key);
    return answer;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return trouble("No answer", "The connection broke before an answer came. Try again: it will not be done twice.");
  } finally {
    entry.sent = false;
  }
}

