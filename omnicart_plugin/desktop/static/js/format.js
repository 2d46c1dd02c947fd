// Numbers, money and time in the person's own way. Amounts stay strings of digits: Intl reads them exactly.

export const locale = navigator.languages?.[0] ?? navigator.language ?? "en";
export const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
export const direction = new Intl.Locale(locale).getTextInfo?.().direction ?? "ltr";

const made = new Map();

function formatter(Kind, options) {
  const key = Kind.name + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Kind(locale, options));
  return made.get(key);
}

export const number = (value, options = {}) => formatter(Intl.NumberFormat, options).format(value);

/** {text, exact}: `exact` is the whole amount where the currency's digits leave something out. */
export function money(amount, currency, options = {}) {
  try {
    const format = formatter(Intl.NumberFormat, { style: "currency", currency, ...options });
    const digits = format.resolvedOptions().maximumFractionDigits;
    const rest = String(amount).split(".")[1]?.slice(digits) ?? "";
    return { text: written(format, amount), exact: /[1-9]/.test(rest) ? `${amount} ${currency}` : null };
  } catch {
    return { text: `${plain(amount)} ${currency}`, exact: null };
  }
}

/** From right to left, the letters in a currency's sign would take its other half with them ("JP¥"). */
function written(format, amount) {
  if (direction === "ltr") return format.format(amount);
  return format.formatToParts(amount).map(({ type, value }) => (type === "currency" ? `\u2066${value}\u2069` : value)).join("");
}

function plain(amount) {
  return Number.isNaN(Number(amount)) ? String(amount) : number(amount, { maximumFractionDigits: 20 });
}

/** A value of a chart or its axis; `unit` is a currency's code or empty. */
export function measure(value, unit, compact = false) {
  const options = compact ? { notation: "compact", maximumFractionDigits: 1, minimumFractionDigits: 0 } : {};
  return unit ? money(value, unit, options).text : number(value, options);
}

export function percent(ratio) {
  return number(ratio, { style: "percent", maximumFractionDigits: Math.abs(ratio) < 0.1 ? 1 : 0, signDisplay: "exceptZero" });
}

export function moment(at, options = { dateStyle: "medium", timeStyle: "short" }) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : formatter(Intl.DateTimeFormat, options).format(date);
}

export const fullMoment = (at) => moment(at, { dateStyle: "full", timeStyle: "long" });

const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 7], ["week", 4.345], ["month", 12], ["year", Infinity]];

export function relative(at, now = Date.now()) {
  let amount = (new Date(at).getTime() - now) / 1000;
  if (Number.isNaN(amount)) return String(at);
  if (Math.abs(amount) < 10) amount = 0;
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) {
      // Whole units that have passed: "yesterday" for 47 hours would be another day than the calendar's.
      const numeric = amount ? "always" : "auto";
      return formatter(Intl.RelativeTimeFormat, { numeric, style: "short" }).format(Math.trunc(amount), unit);
    }
    amount /= size;
  }
}

/** A chart's x: a day or a month as such, anything else as it is. */
export function calendar(x, long = false) {
  const [, year, month, day] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(x) ?? [];
  if (!year) return x;
  const date = new Date(Date.UTC(+year, +month - 1, +(day ?? 1)));
  const parts = day ? { day: "numeric", month: "short" } : { month: "short", year: "numeric" };
  const full = day ? { weekday: "short", day: "numeric", month: "long", year: "numeric" } : { month: "long", year: "numeric" };
  return formatter(Intl.DateTimeFormat, { ...(long ? full : parts), timeZone: "UTC" }).format(date);
}
