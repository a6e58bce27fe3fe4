"use strict";
// What draws: each gives an element, and a function that has it show a frame. Text goes in as text alone.

const SVG = "http://www.w3.org/2000/svg";
const BASE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;.=,?@^_/{|}~";
const SIDE = 40;

// The colours of cividis, from the least to the most.
const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];
const CLASSES = [
  "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#777777",
  "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442",
];
const MARKS = [
  "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z", "M0 -5L4.6 3.6H-4.6Z", "M-3.6 -3.6H3.6V3.6H-3.6Z", "M0 -5L5 0L0 5L-5 0Z",
  "M0 5L4.6 -3.6H-4.6Z", "M-1.5 -5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5V-1.5H-1.5Z",
];

function make(parent, name, attributes, text) {
  const found = document.createElement(name);
  return put(parent, found, attributes, text);
}

function draw(parent, name, attributes, text) {
  return put(parent, document.createElementNS(SVG, name), attributes, text);
}

function put(parent, child, attributes, text) {
  for (const key in attributes || {}) child.setAttribute(key, attributes[key]);
  if (text !== undefined) child.textContent = text;
  if (parent) parent.appendChild(child);
  return child;
}

function picture(parent, width, height) {
  return draw(parent, "svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img"});
}

// What is wider than its place can be moved, by keys too.
function pan(parent, name, wide) {
  if (wide <= parent.clientWidth) return make(parent, "div");
  return make(parent, "div", {class: "pan scroll", tabindex: "0", role: "region", "aria-label": name});
}

function shown(x, digits = 4) {
  if (x === null || x === undefined) return "–";
  if (typeof x !== "number") return String(x);
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return x.toExponential(2).replace("-", "−").replace("e-", "e−");
  return String(Number(x.toPrecision(digits))).replace("-", "−");
}

function percent(x) {
  return x === null || x === undefined ? "–" : `${Math.round(100 * x)}%`;
}

function mixed(one, other, share) {
  const parts = [1, 3, 5].map(i => {
    const [a, b] = [one, other].map(color => parseInt(color.slice(i, i + 2), 16));
    return Math.round(a + (b - a) * share);
  });
  return parts;
}

function cividis(share) {
  const at = Math.min(0.99999, Math.max(0, share)) * (CIVIDIS.length - 1);
  const k = Math.floor(at);
  return `rgb(${mixed(CIVIDIS[k], CIVIDIS[k + 1], at - k).join(" ")})`;
}

function unpacked(text) {
  const found = new Uint8Array(text.length * 4 / 5);
  for (let i = 0, k = 0; i < text.length; i += 5) {
    let number = 0;
    for (let j = 0; j < 5; j++) number = number * 85 + BASE.indexOf(text[i + j]);
    for (let j = 3; j >= 0; j--, number = Math.floor(number / 256)) found[k + j] = number % 256;
    k += 4;
  }
  return found;
}

function lossChart(parent, data) {
  const W = Math.max(240, parent.clientWidth), H = Math.round(Math.min(420, 120 + W * 0.4));
  const [LEFT, TOP, BOTTOM] = [70, 12, 40];
  const svg = picture(parent, W, H);
  const known = data.losses.filter(([, y]) => typeof y === "number");
  if (!known.length) {
    svg.remove();
    make(parent, "p", {class: "note"}, "No loss was given as a number.");
    return () => {};
  }
  const log = known.every(([, y]) => y > 0);
  const scaled = y => log ? Math.log10(y) : y;
  const ys = known.map(([, y]) => scaled(y));
  let low = Math.min(...ys), high = Math.max(...ys);
  if (high - low < 1e-7 * Math.max(1, Math.abs(high))) {
    low -= 0.5;
    high += 0.5;
  }
  const [least, most] = [low, high].map(y => log ? 10 ** y : y);
  const near = Math.max(Math.abs(least), Math.abs(most)) / (most - least);
  const digits = Math.min(8, 3 + Math.max(0, Math.floor(Math.log10(near))));
  const ends = [data.losses[0][0], data.losses[data.losses.length - 1][0]];
  const x = step => LEFT + (W - LEFT - 12) * (ends[1] > ends[0] ? (step - ends[0]) / (ends[1] - ends[0]) : 0.5);
  const y = loss => TOP + (H - TOP - BOTTOM) * (high - scaled(loss)) / (high - low);
  draw(svg, "path", {class: "axis", d: `M${LEFT} ${TOP}V${H - BOTTOM}H${W - 12}`});
  for (let k = 0; k < 4; k++) {
    const value = low + (high - low) * k / 3, at = TOP + (H - TOP - BOTTOM) * (1 - k / 3);
    draw(svg, "path", {class: "axis", d: `M${LEFT - 4} ${at}h4`});
    draw(svg, "text", {x: LEFT - 8, y: at + 4, "text-anchor": "end"}, shown(log ? 10 ** value : value, digits));
  }
  for (const [k, step] of [...new Set(ends)].entries())
    draw(svg, "text", {x: x(step), y: H - BOTTOM + 17, "text-anchor": k ? "end" : "start"}, step.toLocaleString("en"));
  draw(svg, "text", {x: (LEFT + W) / 2, y: H - 4, "text-anchor": "middle", class: "soft"}, log ? "step; the loss by its logarithm" : "step");
  let path = "", open = false;
  for (const [step, loss] of data.losses) {
    if (typeof loss === "number") {
      path += `${open ? "L" : "M"}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`;
      if (!open && known.length === 1) path += "h.1";
      open = true;
    } else {
      open = false;
      draw(svg, "path", {class: "stray", d: `M${x(step) - 4} ${TOP}l8 8m0 -8l-8 8`});
    }
  }
  draw(svg, "path", {class: "curve", d: path});
  const line = draw(svg, "path", {class: "cursor"}), dot = draw(svg, "circle", {class: "here", r: 6});
  return frame => {
    line.setAttribute("d", `M${x(frame.step).toFixed(1)} ${TOP}V${H - BOTTOM}`);
    const known = typeof frame.loss === "number" && (!log || frame.loss > 0);
    dot.setAttribute("visibility", known ? "visible" : "hidden");
    if (known) dot.setAttribute("transform", `translate(${x(frame.step).toFixed(1)} ${y(frame.loss).toFixed(1)})`);
    svg.setAttribute("aria-label", `Loss by step, from ${shown(data.losses[0][1])} to ${shown(data.losses[data.losses.length - 1][1])}; at step ${frame.step} it is ${shown(frame.loss)}.`);
  };
}

function flowMap(parent, data) {
  const LEFT = Math.min(280, 16 + 7 * Math.max(8, ...data.layers.map(name => (name || "").length)));
  const W = Math.max(LEFT + 180, parent.clientWidth), ROW = 20, wide = W - LEFT - 8;
  const n = data.frames.length, rows = data.layers.length;
  const H = rows * ROW + 62;
  if (!rows) {
    make(parent, "p", {class: "note"}, "No layer could be measured.");
    return () => {};
  }
  const svg = picture(pan(parent, "Map of gradients", W), W, H), cells = draw(svg, "g", {class: "cells"});
  data.layers.forEach((name, i) => {
    const text = name === null ? `… ${data.hidden} more …` : name;
    draw(svg, "text", {x: LEFT - 8, y: i * ROW + 14, "text-anchor": "end"}, text);
    data.frames.forEach((frame, k) => {
      const cell = frame.layers[i], size = cell ? cell[0] : null;
      const box = {x: LEFT + wide * k / n, y: i * ROW + 1, width: wide / n + 0.3, height: ROW};
      if (size !== null) draw(cells, "rect", {...box, fill: cividis((size + 7) / 7)});
    });
  });
  const y = rows * ROW;
  draw(svg, "rect", {class: "none", x: LEFT, y: 1, width: wide, height: y});
  const steps = [...new Set([0, n - 1])];
  for (const k of steps)
    draw(svg, "text", {x: k ? W - 8 : LEFT, y: y + 16, "text-anchor": k ? "end" : "start"}, data.frames[k].step.toLocaleString("en"));
  draw(svg, "text", {x: LEFT + wide / 2, y: y + 16, "text-anchor": "middle", class: "soft"}, "step");
  const bar = draw(svg, "g", {class: "cells"});
  for (let k = 0; k < 70; k++) draw(bar, "rect", {x: LEFT + 2.4 * k, y: y + 30, width: 2.6, height: 12, fill: cividis(k / 69)});
  draw(svg, "text", {x: LEFT, y: y + 57}, "1e−7");
  draw(svg, "text", {x: LEFT + 168, y: y + 57, "text-anchor": "end"}, "1");
  make(parent, "p", {class: "note"}, "The mean of |∂ loss / ∂ output| over samples and neurons; where it is 0, or there is none, it is blank.");
  const marks = ["under", "over"].map(name => draw(svg, "rect", {class: name, y: 2, height: y - 2}));
  return (frame, at) => {
    for (const mark of marks) {
      mark.setAttribute("x", (LEFT + wide * at / n).toFixed(1));
      mark.setAttribute("width", Math.max(3, wide / n).toFixed(1));
    }
    const said = frame.says.map(([kind]) => kind).join(", ");
    svg.setAttribute("aria-label", `Gradients of ${rows} layers in ${n} steps; step ${frame.step}: ${said}. The table below has the numbers.`);
  };
}

function networkView(parent, data) {
  const views = data.networks.map(network => {
    const box = make(parent, "div");
    if (network.why) {
      make(box, "p", {class: "note"}, network.why);
      return [box, () => {}];
    }
    const heights = network.columns.flatMap(column => column.heights.map(([, y]) => y));
    const top = Math.max(...heights), last = network.columns[network.columns.length - 1].place;
    const W = Math.max(112 * (last + 1), parent.clientWidth), ROW = 26, H = (2 * top + 1) * ROW + 74;
    const x = place => W * (place + 0.5) / (last + 1), y = height => (top - height) * ROW + 22;
    const svg = picture(pan(box, "Neurons and weights", W), W, H), at = network.columns.map(column => new Map(column.heights));
    const lines = network.lines.map(([k, i, j]) => draw(svg, "line", {
      x1: x(network.columns[k - 1].place), y1: y(at[k - 1].get(j)), x2: x(network.columns[k].place), y2: y(at[k].get(i)),
    }));
    const crowd = Math.max(1, lines.length / Math.max(1, network.columns.length - 1));
    const widest = Math.max(2, 6 * Math.min(1, Math.sqrt(48 / crowd)));
    for (const [k, column] of network.columns.entries()) {
      for (const [, height] of column.heights) {
        const [cx, cy] = [x(column.place), y(height)];
        if (column.name === "inputs" && k === 0) draw(svg, "rect", {class: "neuron", x: cx - 8, y: cy - 8, width: 16, height: 16});
        else draw(svg, "circle", {class: "neuron", cx, cy, r: 9});
      }
      const hidden = column.size - column.heights.length;
      const texts = [column.name, `${column.size} ${column.kind}`.trim(), hidden ? `${hidden} not shown` : ""];
      texts.forEach((text, line) => draw(svg, "text", {
        x: x(column.place), y: H - 40 + 16 * line, "text-anchor": "middle", class: line ? "soft" : "",
      }, text));
    }
    const key = make(box, "ul", {class: "key"});
    for (const [name, text] of [["plus", "weight above 0"], ["minus", "weight below 0, dashed"]]) {
      const item = make(key, "li");
      draw(draw(item, "svg", {viewBox: "0 0 40 18", class: "long", "aria-hidden": "true"}), "path", {class: name, d: "M0 9H40", "stroke-width": 3});
      item.append(text);
    }
    make(key, "li", {}, "the wider, the larger");
    return [box, frame => {
      const sizes = frame.weights.map(w => typeof w === "number" ? Math.abs(w) : 0);
      const largest = Math.max(1e-12, ...sizes);
      lines.forEach((line, k) => {
        const w = frame.weights[k];
        line.setAttribute("class", typeof w !== "number" ? "strange" : w < 0 ? "minus" : "plus");
        line.setAttribute("stroke-width", Math.max(0.3, widest * sizes[k] / largest).toFixed(2));
      });
      svg.setAttribute("aria-label", `Network of ${network.columns.map(c => `${c.name}: ${c.size}`).join(", ")}; at step ${frame.step} the largest weight shown is ${shown(Number(largest.toPrecision(3)))}.`);
    }];
  });
  return frame => views.forEach(([box, show], k) => {
    box.hidden = k !== frame.network;
    if (k === frame.network) show(frame);
  });
}
