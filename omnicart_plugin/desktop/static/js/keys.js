// How keys are written on this machine.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

export const SHORTCUT = MAC ? "⌘K" : "Ctrl K";
