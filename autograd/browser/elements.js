// Elements of the page, and the outlines of boxes.

const SVG = "http://www.w3.org/2000/svg"
const DRAWN = new Set(["svg", "g", "path", "text", "title"])
const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z", back: "M12 3v10L4 8z", on: "M4 3v10l8-5z", last: "M11 3h2v10h-2zM3 3v10l7-5z",
  play: "M3 2v12l10-6z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
}

// An element; `onclick` and its like are listeners. Texts stay texts, whatever is in them.
export function make(tag, attributes = {}, ...children) {
  const made = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
  for (const [name, x] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), x)
    else if (x !== null && x !== undefined && x !== false) made.setAttribute(name, x === true ? "" : x)
  }
  made.append(...children)
  return made
}

export const icon = name => make("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, make("path", { d: ICONS[name] }))

// A button that says which keys do the same.
export function button(label, keys, act, inner = label) {
  const hidden = inner === label ? null : label
  return make("button", { type: "button", "aria-keyshortcuts": keys, "aria-label": hidden, title: `${label} (${keys})`, onclick: act }, inner)
}

// A row of a table: a header, and cells.
export const cells = (header, ...texts) => [make("th", { scope: "row" }, header), ...texts.map(text => make("td", {}, text))]
export const heads = titles => make("thead", {}, make("tr", {}, ...titles.map(title => make("th", { scope: "col" }, title))))

// What changes is written only where it differs: then a step costs little, however many boxes there are.
export const setClass = (element, x) => { if (element.getAttribute("class") !== x) element.setAttribute("class", x) }
export const setText = (element, x) => { if (element.textContent !== x) element.textContent = x }

// The outline of a box around the middle of its place.
export function outline(shape, w, h) {
  const x = w / 2, y = h / 2, c = Math.min(8, y / 2), whole = `M${-x} ${-y}H${x}V${y}H${-x}z`
  switch (shape) {
    case "rounded": return `M${c - x} ${-y}H${x - c}q${c} 0 ${c} ${c}V${y - c}q0 ${c} ${-c} ${c}H${c - x}q${-c} 0 ${-c} ${-c}V${c - y}q0 ${-c} ${c} ${-c}z`
    case "double": return `${whole}M${3 - x} ${3 - y}H${x - 3}V${y - 3}H${3 - x}z`
    case "note": return `M${-x} ${-y}H${x - c}L${x} ${c - y}V${y}H${-x}zM${x - c} ${-y}V${c - y}H${x}`
    case "octagon": return `M${c - x} ${-y}H${x - c}L${x} ${c - y}V${y - c}L${x - c} ${y}H${c - x}L${-x} ${y - c}V${c - y}z`
    case "tab": return `${whole}M${-x} ${-y}v-4h${Math.min(w / 3, 24)}v4`
    case "circle": case "ellipse": return `M${-x} 0a${x} ${y} 0 1 0 ${w} 0a${x} ${y} 0 1 0 ${-w} 0z`
    case "plain": return ""
    default: return whole
  }
}

// The end of a curve and an arrow, up to its tip.
export function arrow(curve, x, y) {
  const points = curve.slice(1).split(/[C ]/).map(Number), [x0, y0] = points.slice(-2), size = Math.hypot(x - x0, y - y0) || 1
  const a = (x - x0) / size, b = (y - y0) / size, [u, v] = [x - 6 * a, y - 6 * b]
  return `M${x0} ${y0}L${u} ${v}M${x} ${y}L${u - 2.6 * b} ${v + 2.6 * a}L${u + 2.6 * b} ${v - 2.6 * a}z`
}
