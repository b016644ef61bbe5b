// What all explorables share, in one place to import from.
export { DASHES, FONT, NAMES } from "./theme.js";
export { between, clamp, listOf, oneOf, pointIn, power, someOf, whole, yesNo } from "./domains.js";
export { alive, calm, canvas, frame, keepKeys, make } from "./frame.js";
export { button, checkbox, choice, slider } from "./controls.js";
export { draggable } from "./drag.js";
export { dots, handle, raised, star, still, write } from "./paint.js";
