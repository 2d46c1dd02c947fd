// Forms: fields of every type, errors where they belong, and nothing typed is ever lost.

import { h, style, uid } from "./dom.js";
import { icon } from "./icons.js";
import { actionButton, perform, plainView, problemText } from "./buttons.js";
import { drawPick } from "./pick.js";

const CONTROLS = { textarea: drawTextarea, choice: drawChoice, flag: drawFlag, pick: drawPick, secret: drawSecret };
const INPUT_TYPES = { email: "email", url: "url", number: "number" };

await style("forms");

export const DRAW = { form: drawForm, forms: drawForms };

function drawForm(node, ctx) {
  const id = uid("form");
  const card = h("section", { class: "card form", "aria-labelledby": node.title ? id : null },
    node.title && h("h2", { id, dir: "auto" }, node.title), node.text && h("p", { class: "text", dir: "auto" }, node.text));
  card.append(formBody(node, ctx));
  return card;
}

/** Several forms for one purpose: tabs by their titles. Fields of the same name share what is typed. */
function drawForms({ forms }, ctx) {
  const at = () => Math.min(ctx.typed.get("\0tab") ?? 0, forms.length - 1);
  const panel = h("div", { role: "tabpanel", id: uid("tabpanel") });
  const tabs = forms.map((form, index) => h("button", { type: "button", role: "tab", id: uid("tab"), "aria-controls": panel.id,
    onclick: () => select(index) }, form.title));
  const select = (index) => {
    ctx.typed.set("\0tab", index);
    tabs.forEach((tab, other) => {
      tab.setAttribute("aria-selected", other === index);
      tab.tabIndex = other === index ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", tabs[index].id);
    const { text } = forms[index];
    panel.replaceChildren(text ? h("p", { class: "text", dir: "auto" }, text) : "", formBody(forms[index], ctx));
  };
  const list = h("div", { class: "tabs", role: "tablist", onkeydown: (event) => walkTabs(event, tabs, select) }, tabs);
  select(at());
  return h("section", { class: "card form" }, list, panel);
}

function walkTabs(event, tabs, select) {
  const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
  const step = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key];
  if (!step) return;
  const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
  select(next);
  tabs[next].focus();
}

/** The form itself. `leave` closes the dialog it stands in, if it stands in one. */
export function formBody({ fields, submit, secondary }, ctx, { leave } = {}) {
  const controls = new Map(fields.map((field) => [field.name, drawField(field, ctx)]));
  const trouble = h("div", { class: "trouble", role: "alert", hidden: true });
  const send = actionButton({ ...submit, style: submit.style === "default" ? "primary" : submit.style }, ctx);
  const row = h("div", { class: "actions end" }, leave && h("button", { type: "button", class: "button", onclick: leave }, "Go back"),
    secondary.map((action) => actionButton(action, ctx)), send);
  const form = h("form", { class: "fields-form", novalidate: true, autocomplete: "off" }, [...controls.values()].map((c) => c.element), trouble, row);
  const view = formView(form, controls, trouble, send, ctx, leave);
  const go = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (submit.disabled || form.hasAttribute("data-busy")) return;
    const inputs = collect(controls, view);
    if (inputs) perform(submit, inputs, ctx, view);
  };
  form.addEventListener("submit", go);
  send.addEventListener("click", go, true);
  if (submit.style !== "danger") send.type = "submit";
  return form;
}

/** What the form shows of an answer. */
function formView(form, controls, trouble, send, ctx, leave) {
  const clear = () => {
    trouble.hidden = true;
    for (const control of controls.values()) control.fail("");
  };
  // An answer may come when the form has been left: it is said all the same.
  const elsewhere = plainView(ctx, null);
  return {
    clear,
    busy(on) {
      form.toggleAttribute("data-busy", on);
      send.toggleAttribute("data-busy", on);
      if (on) clear();
    },
    invalid(answer) {
      if (!form.isConnected) return elsewhere.invalid(answer);
      const { message, errors } = answer;
      const left = Object.entries(errors).filter(([name, text]) => !controls.get(name)?.fail(text));
      say(trouble, h("strong", { dir: "auto" }, message), left.map(([, text]) => h("p", { dir: "auto" }, text)));
      (firstFailed(controls) ?? form.querySelector("input, select, textarea"))?.focus();
    },
    problem(problem) {
      if (!form.isConnected) return elsewhere.problem(problem);
      const placed = controls.get(problem.field)?.fail(problem.detail);
      const rest = placed ? { ...problem, detail: "" } : problem;
      say(trouble, h("strong", { dir: "auto" }, problem.title), problemText(rest), problem.actions.map((action) => actionButton(action, ctx)));
      firstFailed(controls)?.focus();
    },
    done() {
      ctx.typed.clear();
      leave?.();
    },
  };
}

function say(trouble, ...children) {
  trouble.replaceChildren(icon("alert"), h("div", {}, ...children));
  trouble.hidden = false;
}

const firstFailed = (controls) => [...controls.values()].find((control) => control.failed())?.input;

/** The inputs by name, or null after showing what the browser itself finds wrong. */
function collect(controls, view) {
  view.clear();
  for (const control of controls.values()) control.fail(control.check());
  const failed = firstFailed(controls);
  failed?.focus();
  return failed ? null : Object.fromEntries([...controls].map(([name, control]) => [name, control.read()]));
}

function drawField(field, ctx) {
  const id = uid("field");
  const value = ctx.typed.get(field.name) ?? field.value;
  const control = (CONTROLS[field.type] ?? drawInput)(field, value, id, ctx);
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const help = field.help && h("p", { class: "help", id: `${id}-help`, dir: "auto" }, field.help);
  const label = h("label", { for: id, dir: "auto" }, field.label, !field.required && field.type !== "flag" && [" ", h("span", { class: "optional" }, "optional")]);
  const input = control.input;
  input.setAttribute("aria-describedby", [help && help.id, error.id].filter(Boolean).join(" "));
  const fail = (text) => {
    error.textContent = text;
    error.hidden = !text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return Boolean(text);
  };
  const element = h("div", { class: `field of-${field.type}`, "data-key": field.name }, label, control.box ?? input, help, error);
  element.addEventListener("input", () => {
    ctx.typed.set(field.name, control.read());
    fail("");
  });
  return { element, input, read: control.read, fail, failed: () => !error.hidden, check: control.check ?? (() => input.validationMessage) };
}

function attributes({ name, required, placeholder }, id) {
  return { id, name, required, placeholder: placeholder || null };
}

function drawInput(field, value, id) {
  const type = INPUT_TYPES[field.type] ?? "text";
  // A web address is judged by the app, which mends what a person leaves out; the browser would refuse it.
  const input = h("input", { ...attributes(field, id), type: type === "url" ? "text" : type, inputmode: type === "url" ? "url" : null,
    step: type === "number" ? "any" : null, spellcheck: "false", value: value ?? "", dir: type === "text" ? "auto" : "ltr" });
  return { input, read: () => input.value };
}

function drawTextarea(field, value, id) {
  const input = h("textarea", { ...attributes(field, id), rows: 4, dir: "auto", value: value ?? "" });
  return { input, read: () => input.value };
}

function drawChoice(field, value, id) {
  const input = h("select", attributes(field, id), !field.options.some((o) => o.value === (value ?? "")) && h("option", { value: "" }, field.placeholder || "Choose…"),
    field.options.map((option) => h("option", { value: option.value, selected: option.value === value }, option.label)));
  return { input, read: () => input.value };
}

function drawFlag(field, value, id) {
  const input = h("input", { id, name: field.name, type: "checkbox", role: "switch", checked: value === true });
  return { input, read: () => input.checked };
}

function drawSecret(field, value, id) {
  const input = h("input", { ...attributes(field, id), type: "password", value: value ?? "", autocomplete: "off", spellcheck: "false", dir: "ltr" });
  const toggle = h("button", { type: "button", class: "button bare reveal", "aria-label": "Show what is typed", "aria-pressed": "false", onclick: () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    toggle.setAttribute("aria-pressed", shown);
  } }, icon("eye", 16));
  return { input, box: h("div", { class: "with-button" }, input, toggle), read: () => input.value };
}
