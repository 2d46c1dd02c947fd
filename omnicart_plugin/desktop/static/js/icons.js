// Line drawings on a grid of 24, by name. A name that nobody drew is a square with its first letter.

import { s } from "./dom.js";

const PATHS = {
  alert: "M12 4 2.8 19.5h18.4zM12 10v4.2M12 17v.2",
  archive: "M4 8h16v11H4zM3 4.5h18V8H3zM10 12h4",
  back: "M14.5 6 8.5 12l6 6",
  basket: "M4 10h16l-1.6 9.5H5.6zM8 10l3-6M16 10l-3-6M9.5 13.5v3M14.5 13.5v3",
  bell: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 2H5zM10.2 21h3.6",
  bolt: "M13 3 5.5 13.5H11L10.5 21 18.5 10H13z",
  book: "M5 5.5A2.5 2.5 0 0 1 7.5 3H19v15H7.5A2.5 2.5 0 0 0 5 20.5zM5 20.5A2.5 2.5 0 0 0 7.5 21H19v-3",
  building: "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
  calendar: "M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8",
  chart: "M4 20h16M7 20v-6M12 20V5M17 20v-9",
  check: "M5 12.5 10 17.5 19.5 7",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  dash: "M6 12h12",
  desk: "M4 5h16v11H4zM9 20h6M12 16v4",
  door: "M14 4h5v16h-5M4 12h10M10.5 8 14.5 12l-4 4",
  dots: "M5.5 11.5h1v1h-1zM11.5 11.5h1v1h-1zM17.5 11.5h1v1h-1z",
  down: "M12 5v14M6 13l6 6 6-6",
  draft: "M4 20l1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5",
  expand: "M5 5h14v14H5z",
  eye: "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
  filter: "M4 6h16M7 12h10M10 18h4",
  first: "M17 6l-6 6 6 6M7 6v12",
  flag: "M6 21V4h12l-2.5 4.5L18 13H6",
  folder: "M3.5 6h6l2 2.5h9V19h-17z",
  forward: "M9.5 6l6 6-6 6",
  gear: "M12 8.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
  globe: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17",
  grid: "M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z",
  heart: "M12 20S4 15 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20z",
  home: "M4 11.5 12 4.5l8 7V20h-5.5v-5h-5v5H4z",
  image: "M4 5h16v14H4zM4 16l5-5 4.5 4.5L16 13l4 4M15.5 9.2h.01",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.6v.2",
  key: "M15 4.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM11.8 12.2 4 20M7 17l2.5 2.5",
  last: "M7 6l6 6-6 6M17 6v12",
  layers: "M12 4 3.5 8.5 12 13l8.5-4.5zM3.5 12.5 12 17l8.5-4.5M3.5 16.3 12 20.8l8.5-4.5",
  left: "M5 5h14v14H5zM12 5v14",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  mail: "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  people: "M9 5.5a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM3 19.5c0-3.5 2.7-5 6-5s6 1.5 6 5M16 6a3 3 0 0 1 0 5.7M17.5 14.8c2.2.6 3.5 2.2 3.5 4.7",
  person: "M12 4.5a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6zM4.5 20c0-3.8 3.3-5.5 7.5-5.5s7.5 1.7 7.5 5.5",
  phone: "M7.5 3h9v18h-9zM11 18h2",
  pin: "M12 21s-6.5-5.8-6.5-11a6.5 6.5 0 0 1 13 0C18.5 15.2 12 21 12 21zM12 7.8a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
  play: "M8 5l11 7-11 7z",
  plug: "M9 3v5M15 3v5M6 8h12v3.5a6 6 0 0 1-12 0zM12 17.5V21",
  plus: "M12 5v14M5 12h14",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9M19.5 4v5h-5",
  right: "M5 5h14v14H5zM12 5v14",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5",
  sheet: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5",
  spark: "M12 3.5l2 6.5 6.5 2-6.5 2-2 6.5-2-6.5-6.5-2 6.5-2z",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7L12 17l-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M18.4 5.6l-1 1M6.6 17.4l-1 1",
  swap: "M8.5 10 12 6.5 15.5 10M8.5 14l3.5 3.5 3.5-3.5",
  tag: "M4 4h8l8.5 8.5-8 8L4 12zM8.3 8.3h.01",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
  up: "M12 19V5M6 11l6-6 6 6",
  windows: "M4 8h12v11H4zM8 8V5h12v11h-4",
};

export function icon(name, size = 18) {
  const path = Object.hasOwn(PATHS, name ?? "") ? PATHS[name] : null;
  const box = { viewBox: "0 0 24 24", width: size, height: size, class: "icon", "aria-hidden": "true" };
  if (path) return s("svg", box, s("path", { d: path }));
  const letter = s("text", { x: 12, y: 16, "text-anchor": "middle" }, (name ?? "").slice(0, 1).toUpperCase());
  return s("svg", box, s("path", { d: "M5 5h14v14H5z" }), letter);
}

export const iconNames = Object.keys(PATHS);
