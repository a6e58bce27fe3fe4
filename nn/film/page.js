
function planeView(parent, data) {
  const plane = data.plane;
  if (plane.why) {
    make(parent, "p", {class: "note"}, plane.why);
    return () => {};
  }
  const map = make(parent, "div", {class: "map"});
  const canvas = make(map, "canvas", {width: SIDE, height: SIDE, "aria-hidden": "true"});
  const svg = draw(map, "svg", {viewBox: "0 0 400 400", role: "img"}), context = canvas.getContext("2d");
  const edges = draw(svg, "path", {class: "edge"});
  const [low, high] = [plane.low, plane.high];
  for (const [px, py, k] of plane.points) {
    const [x, y] = [400 * (px - low[0]) / (high[0] - low[0]), 400 * (high[1] - py) / (high[1] - low[1])];
    draw(svg, "path", {class: "point", d: MARKS[k % MARKS.length], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill: CLASSES[k]});
  }
  const key = make(parent, "ul", {class: "key"});
  plane.classes.forEach((name, k) => {
    const item = make(key, "li");
    const mark = draw(item, "svg", {viewBox: "-7 -7 14 14", "aria-hidden": "true"});
    draw(mark, "path", {class: "point", d: MARKS[k % MARKS.length], fill: CLASSES[k]});
    item.append(name);
  });
  const missing = make(parent, "p", {class: "note"}, "Here the model decides between other classes.");
  return frame => {
    missing.hidden = frame.plane !== null;
    map.hidden = frame.plane === null;
    if (frame.plane === null) return;
    const bytes = unpacked(frame.plane), image = context.createImageData(SIDE, SIDE);
    bytes.forEach((byte, i) => {
      const k = (byte >> 4) - 1, share = k < 0 ? 0 : 0.18 + 0.5 * (byte & 15) / 15;
      image.data.set([...mixed("#ffffff", k < 0 ? "#888888" : CLASSES[k], k < 0 ? 1 : share), 255], 4 * i);
    });
    context.putImageData(image, 0, 0);
    edges.setAttribute("d", borders(bytes));
    const counts = plane.classes.map((name, k) => [name, bytes.filter(byte => (byte >> 4) - 1 === k).length]);
    const said = counts.filter(([, n]) => n).map(([name, n]) => `${name} ${Math.round(n / 16)}%`).join(", ");
    svg.setAttribute("aria-label", `The plane as the model decides at step ${frame.step}: ${said}; and ${plane.points.length} samples.`);
  };
}

// Lines between the points of a grid where the decision changes: straight pieces through each square of four points.
function borders(bytes) {
  const kinds = new Set(bytes.map(byte => byte >> 4)), cell = 400 / SIDE;
  let path = "";
  for (const kind of [...kinds].slice(1)) {
    const value = i => ((bytes[i] >> 4) === kind ? 1 : -1) * ((bytes[i] & 15) + 0.5);
    for (let r = 0; r + 1 < SIDE; r++) {
      for (let c = 0; c + 1 < SIDE; c++) {
        const i = r * SIDE + c, corners = [i, i + 1, i + SIDE + 1, i + SIDE].map(value), cuts = [];
        const places = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
        for (let k = 0; k < 4; k++) {
          const m = (k + 1) % 4, [a, b] = [corners[k], corners[m]];
          if ((a > 0) !== (b > 0)) {
            const t = a / (a - b), at = d => (places[k][d] + t * (places[m][d] - places[k][d]) + 0.5) * cell;
            cuts.push(`${at(0).toFixed(1)} ${at(1).toFixed(1)}`);
          }
        }
        for (let k = 0; k + 1 < cuts.length; k += 2) path += `M${cuts[k]}L${cuts[k + 1]}`;
      }
    }
  }
  return path;
}

function tableOf(parent, name, caption, heads) {
  const scroll = make(parent, "div", {class: "scroll", tabindex: "0", role: "region", "aria-label": name});
  const table = make(scroll, "table");
  make(table, "caption", {}, caption);
  const row = make(make(table, "thead"), "tr");
  heads.forEach(head => make(row, "th", {scope: "col"}, head));
  const body = make(table, "tbody");
  return rows => {
    while (body.rows.length > rows.length) body.deleteRow(-1);
    rows.forEach((cells, i) => {
      const line = body.rows[i] || make(body, "tr");
      cells.forEach((text, k) => {
        const cell = line.cells[k] || make(line, k ? "td" : "th", k ? {} : {scope: "row"});
        if (cell.textContent !== text) cell.textContent = text;
      });
    });
  };
}

function layerTable(parent, data) {
  if (!data.layers.length) return () => {};
  const fill = tableOf(parent, "Layers", "Layers at the cursor", ["layer", ...data.heads]);
  return frame => fill(data.layers.flatMap((name, i) => {
    const cell = frame.layers[i];
    if (name === null || !cell) return name === null ? [[`… ${data.hidden} more …`, "", "", "", "", ""]] : [];
    const [, size, share, dead, saturated, ratio] = cell;
    return [[name, shown(size), shown(share), percent(dead), percent(saturated), shown(ratio)]];
  }));
}

function optimiserTable(parent, data) {
  if (!data.names.length) {
    make(parent, "p", {class: "note"}, "There are no parameters.");
    return () => {};
  }
  const heads = ["parameter", "value", "gradient", ...data.states, "update"];
  const fill = tableOf(parent, "Parameters", `Parameters at the cursor. ${data.some}`.trim(), heads);
  const rate = make(parent, "p", {class: "note"});
  return frame => {
    fill(frame.rows.map(([name, ...numbers]) => [data.names[name], ...numbers.map(x => shown(x))]));
    rate.textContent = frame.lr === null ? "" : `Learning rate: ${shown(frame.lr)}.`;
  };
}

function verdictList(list) {
  return frame => {
    list.textContent = "";
    for (const [kind, text] of frame.says) {
      const item = make(list, "li", kind === "healthy" ? {class: "healthy"} : {});
      make(item, "b", {}, kind);
      item.append(`: ${text}`);
    }
  };
}

function begin() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const part = id => document.getElementById(id);
  part("about").textContent = data.about.join(" ");
  const kinds = {
    loss: lossChart, plane: planeView, verdict: verdictList, flow: flowMap, layers: layerTable, network: networkView,
    table: optimiserTable,
  };
  let views = [], width = 0;

  function build() {
    width = part("views").clientWidth;
    views = Object.entries(kinds).map(([id, kind]) => {
      part(id).textContent = "";
      return kind(part(id), data);
    });
  }

  const [cursor, now, play, told] = ["cursor", "now", "play", "told"].map(part);
  const last = data.frames.length - 1, calm = matchMedia("(prefers-reduced-motion: reduce)");
  let at = last, timer = 0;
  cursor.max = last;

  function show(k) {
    at = Math.min(last, Math.max(0, k));
    const frame = data.frames[at];
    for (const view of views) view(frame, at);
    const epoch = frame.epoch === null ? "" : `, epoch ${frame.epoch + 1}`;
    now.textContent = `${frame.step.toLocaleString("en")}${epoch}, loss ${shown(frame.loss)}`;
    cursor.value = at;
    cursor.setAttribute("aria-valuetext", `step ${frame.step}`);
    if (!timer) told.textContent = `Step ${frame.step}${epoch}, loss ${shown(frame.loss)}: ${frame.says.map(([kind]) => kind).join(", ")}.`;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
    show(at);
  }

  function start() {
    if (at === last) show(0);
    timer = setInterval(() => at < last ? show(at + 1) : stop(), calm.matches ? 1000 : Math.max(60, Math.min(400, 12000 / (last + 1))));
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
  }

  const toggle = () => timer ? stop() : start();
  play.addEventListener("click", toggle);
  cursor.addEventListener("input", () => show(Number(cursor.value)));
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === cursor) return;
    if (event.target.closest && event.target.closest(".scroll") && event.key !== " ") return;
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last}[event.key];
    if (to !== undefined) show(to);
    else if (event.key === " " && event.target !== play) toggle();
    else return;
    event.preventDefault();
  });
  addEventListener("resize", () => {
    if (part("views").clientWidth === width) return;
    build();
    show(at);
  });
  build();
  show(last);
}

begin();
