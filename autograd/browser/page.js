// The page that steps through a graph, forward and then backward. The same serves a file, a frame in a cell and a
// widget: render({ model, el }), where the model has a document, and is told the step, what is selected and opened.

import { Camera } from "./camera.js"
import { button, cells, heads, icon, make, setText } from "./elements.js"
import { counted, exact, grouped, read, short } from "./numbers.js"
import { Scene, factsOf, formulaOf, isGroup, nameOf } from "./scene.js"
import { stateAfter } from "./steps.js"
import { sentence, tableOf, testOf } from "./words.js"

const PACE = 800
const KEYS = [
  ["\u2190 \u2192", "one step"], ["Shift + \u2190 \u2192", "ten steps"], ["Home, End", "first and last step"],
  ["Space", "play and pause"], ["\u2191 \u2193", "one operand after the other"], [", .", "choose a box"],
  ["Enter", "open the box, or go to its step"], ["Esc, Backspace", "choose nothing; go up"],
  ["[ ] 0", "one sample after the other; all of them"], ["/", "find"], ["n N", "next and previous that was found"],
  ["+ \u2212", "zoom"], ["f", "fit"], ["t", "table"], ["x", "all digits"], ["d", "dark or light"], ["?", "this help"],
]

export function render({ model, el }) {
  const doc = model.get("document"), scenes = []
  let scene, number = -1, at = 0, selected = -1, operand = -1, timer = 0, hits = [], hit = -1, all = false, listed = null
  const value = x => all ? exact(x) : short(x, doc.digits)

  // --- the parts of the page ---

  const heading = make(`h${model.get("level")}`, {}, doc.title)
  const playing = button("Play", "Space", () => play(), icon("play"))
  const slider = make("input", { type: "range", min: 0, value: 0, "aria-label": "Step", "data-lm-suppress-shortcuts": "true" })
  const count = make("span", { class: "count" }), found = make("span", { class: "count" })
  const find = make("input", { type: "search", placeholder: "Find", "aria-label": "Find by name, operation, or as in |grad|<1e-6, grad=0, nan", title: "A name, an operation, |grad|<1e-6, grad=0, nan (/)" })
  const bar = make("div", { class: "bar", role: "toolbar", "aria-label": "Steps and views" },
    make("div", { class: "steps" }, button("First step", "Home", () => go(0), icon("first")), button("One step back", "ArrowLeft", () => go(at - 1), icon("back")), playing,
      button("One step on", "ArrowRight", () => go(at + 1), icon("on")), button("Last step", "End", () => go(Infinity), icon("last")), slider, count),
    find, found, button("Zoom out", "-", () => camera.zoom(1.25), "\u2212"), button("Zoom in", "+", () => camera.zoom(1 / 1.25), "+"), button("Fit", "f", () => fit()), button("Table", "t", () => showTable(list.hidden)), button("Digits", "x", () => digits()),
    button("Theme", "d", () => theme()), button("Help", "?", () => help.showModal()))
  const crumbs = make("div", { class: "crumbs", role: "group", "aria-label": "Way into the groups" })
  const svg = make("svg", { class: "graph", role: "img", tabindex: 0 })
  const legend = make("p", { class: "legend" })
  const say = make("p", { class: "say", "aria-live": "polite" })
  const table = make("table", { class: "now" }), chosen = make("div", { class: "chosen" })
  const notes = doc.notes ?? []
  const panel = make("div", { class: "panel", role: "group", "aria-label": "This step" }, say, chosen, make("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Numbers of this step" }, table),
    make("div", { class: "notes" }, ...notes.map(note => make("p", {}, note))))
  const list = make("div", { class: "list", role: "group", "aria-label": "All boxes", tabindex: 0, hidden: true })
  const help = make("dialog", { "aria-label": "Keys" }, make("table", {}, make("caption", {}, "Keys"), make("tbody", {}, ...KEYS.map(([keys, what]) => make("tr", {}, ...cells(keys, what))))),
    make("button", { type: "button", onclick: () => help.close() }, "Close"))
  // In a frame or a cell the wheel is the notebook's.
  const camera = new Camera(svg, window.top !== window || model.get("level") !== 1)

  // --- pictures ---

  function sceneOf(k) {
    const listeners = { choose: i => camera.dragged || choose(i), open }
    return scenes[k] ??= new Scene(doc.pictures[k], doc.layouts[doc.pictures[k].layout], doc.digits, listeners)
  }
  function show(k) { keepingFocus(() => showPicture(k)) }
  function showPicture(k) {
    if (scene) scene.at = at
    number = k
    scene = sceneOf(k)
    selected = operand = -1
    svg.replaceChildren(scene.world)
    svg.setAttribute("aria-label", `${scene.picture.title}: ${counted(scene.boxes.length, "box", "boxes")}; the table has them as text`)
    slider.max = Math.max(0, scene.steps.length - 1)
    showWay()
    const { boxes } = scene.picture
    legend.textContent = [
      scene.picture.backward && "Fill: orange for a positive gradient, blue and dashed for a negative one.", scene.picture.backward && boxes.some(isGroup) && "Grey for the mean size in a group.",
      boxes.some(b => b.inside !== undefined) && "A box with a thick bottom opens: double click, or Enter.",
    ].filter(Boolean).join(" ")
    camera.begin(scene.size)
    go(scene.at ?? start())
    model.set("opened", scene.picture.id ?? "")
    model.save_changes()
  }
  function start() {
    const step = number === 0 ? model.get("step") ?? -1 : -1
    return step < 0 ? Math.max(0, scene.steps.length + step) : step
  }
  function showWay() {
    const way = [], title = k => doc.pictures[k].parent === undefined ? "all" : doc.pictures[k].title
    for (let k = number; k !== undefined; k = doc.pictures[k].parent) way.unshift(k)
    crumbs.replaceChildren(...way.map(k => k === number ? make("span", { "aria-current": "page" }, title(k)) : make("button", { type: "button", onclick: () => show(k) }, title(k))))
    crumbs.hidden = way.length < 2
    for (const word of ["from", "to"]) if (scene.picture[word]?.length) crumbs.append(make("span", { class: "near" }, `${word} ${scene.picture[word].join(", ")}`))
  }
  function open(k) {
    const inside = scene.picture.boxes[k]?.inside
    if (inside === undefined) return
    show(inside)
    svg.focus({ preventScroll: true })
  }
  function up() { if (scene.picture.parent !== undefined) show(scene.picture.parent) }

  // --- steps ---

  // What is made anew loses the focus: it goes to what has the same key, or to the picture.
  function keepingFocus(act) {
    const held = [chosen, crumbs, list].some(part => part.contains(document.activeElement))
    const key = document.activeElement?.getAttribute?.("aria-keyshortcuts"), isInput = document.activeElement?.tagName === "INPUT"
    act()
    if (!held || el.contains(document.activeElement)) return
    const same = isInput ? chosen.querySelector("input") : key && chosen.querySelector(`[aria-keyshortcuts="${key}"]`)
    ;(same || svg).focus({ preventScroll: true })
  }
  function go(k) { keepingFocus(() => goTo(k)) }
  function goTo(k) {
    at = Math.max(0, Math.min(scene.steps.length - 1, k))
    operand = -1
    const step = scene.steps[at]
    scene.show(at, selected)
    slider.value = at
    slider.setAttribute("aria-valuetext", `step ${at + 1} of ${scene.steps.length}`)
    count.textContent = scene.steps.length ? `${at + 1} / ${scene.steps.length}` : "no steps"
    say.textContent = sentence(scene, step, value)
    fillNow(step)
    fillChosen(step)
    if (!list.hidden) fillList()
    const box = step?.box ?? step?.seeds?.[0]?.box
    if (!camera.whole && box !== undefined) camera.follow(scene.boxes[box])
    model.set("step", at)
    model.set("selected", selected < 0 ? "" : scene.picture.boxes[selected].id)
    model.save_changes()
  }
  function fillNow(step) {
    const now = tableOf(scene, step, value)
    table.replaceChildren(...(now ? [heads(now.heads), make("tbody", {}, ...now.lines.map(([to, name, ...texts]) => make("tr", { onclick: () => to >= 0 && choose(to) }, ...cells(name, ...texts))))] : []))
  }
  function play() {
    clearInterval(timer)
    timer = timer ? 0 : setInterval(() => at < scene.steps.length - 1 ? go(at + 1) : play(), PACE)
    if (timer && at >= scene.steps.length - 1) go(0)
    playing.replaceChildren(icon(timer ? "pause" : "play"))
    playing.setAttribute("aria-label", timer ? "Pause" : "Play")
  }

  // --- a box that was chosen ---

  function choose(k) {
    selected = k === selected ? -1 : k
    go(at)
  }
  const subject = () => selected >= 0 ? selected : scene.steps[at]?.box ?? -1
  const lastStepOf = k => scene.steps.findLastIndex(step => step.box === k)
  function fillChosen() {
    const k = subject(), b = scene.picture.boxes[k]
    chosen.replaceChildren()
    if (selected >= 0) chosen.append(make("p", { "aria-live": "polite" }, described(k)))
    if (b?.inside !== undefined) chosen.append(button("Open", "Enter", () => open(k)))
    else if (selected >= 0 && lastStepOf(k) >= 0 && lastStepOf(k) !== at) chosen.append(button("Go to its step", "Enter", () => go(lastStepOf(k))))
    const samples = k >= 0 && scene.samplesOf(k)
    if (!samples) return
    const input = make("input", { type: "number", min: 1, max: samples.count, value: samples.pick < 0 ? "" : samples.pick + 1, placeholder: "all", onchange: () => pick(samples, input.value === "" ? -1 : Number(input.value) - 1) })
    chosen.append(make("label", {}, `${scene.named(k)} is done ${grouped(samples.count)} times. Look at number `, input),
      button("Previous", "[", () => pick(samples, samples.pick - 1)), button("Next", "]", () => pick(samples, samples.pick + 1)))
    if (samples.pick >= 0) chosen.append(button("All", "0", () => pick(samples, -1)))
  }
  function described(k) {
    const b = scene.picture.boxes[k], [grad] = scene.gradient(k)
    const numbers = isGroup(b) ? [factsOf(b), ...(b.data ? [`data from ${value(read(b.data[1]))} to ${value(read(b.data[2]))}`] : [])]
      : b.data === undefined ? [] : [`data ${exact(read(b.data))}`, `grad ${exact(grad)}`]
    return [`Chosen: ${scene.called(k)}`, ...numbers].join(", ")
  }
  function pick(samples, k) {
    samples.pick = Number.isFinite(k) ? Math.max(-1, Math.min(samples.count - 1, Math.trunc(k))) : -1
    go(at)
  }
  function pickNear(d) {
    const samples = scene.samplesOf(subject()) ?? scene.samples[0]
    if (samples) pick(samples, d ? samples.pick + d : -1)
  }
  function enter() {
    const k = subject()
    if (scene.picture.boxes[k]?.inside !== undefined) open(k)
    else if (k >= 0 && lastStepOf(k) >= 0) go(lastStepOf(k))
  }
  function along(d) {
    const rows = (scene.steps[at]?.rows ?? []).filter(row => row.to >= 0)
    if (!rows.length) return
    const k = operand < 0 ? (d > 0 ? 0 : rows.length - 1) : (operand + d + rows.length) % rows.length
    selected = rows[k].to
    go(at)
    operand = k
  }
  function neighbour(d) {
    const n = scene.boxes.length
    selected = selected < 0 ? (d > 0 ? 0 : n - 1) : (selected + d + n) % n
    go(at)
    if (!camera.whole) camera.follow(scene.boxes[selected])
  }

  // --- everything as text ---

  function showTable(on) {
    list.hidden = !on
    if (on) { fillList(); list.focus() }
  }
  function fillList() {
    if (listed !== scene) makeList()
    setText(list.querySelector("caption"), `All boxes after step ${at + 1}`)
    list.querySelectorAll("tbody tr").forEach((row, k) => {
      const grad = scene.now.grads.get(k)
      setText(row.lastChild, Array.isArray(grad) ? `mean size ${exact(grad[1])}` : exact(grad))
      row.querySelector("button").setAttribute("aria-pressed", String(k === selected))
    })
  }
  function makeList() {
    listed = scene
    const lines = scene.picture.boxes.map((b, k) => {
      const choosing = make("button", { type: "button", onclick: () => choose(k) }, nameOf(b))
      return make("tr", { "data-id": b.id }, ...cells(choosing, formulaOf(b) ?? "", b.role, isGroup(b) ? factsOf(b) : b.data === undefined ? "" : exact(read(b.data)), ""))
    })
    list.replaceChildren(make("table", {}, make("caption"), heads(["name", "formula", "what it is", "data", "gradient"]), make("tbody", {}, ...lines)))
  }

  // --- finding ---

  function search() {
    const asked = find.value.trim().toLowerCase()
    const test = asked && testOf(asked, b => `${nameOf(b)} ${formulaOf(b) ?? ""} ${b.id}`)
    hits = !test ? [] : doc.pictures.flatMap((picture, p) => {
      const ends = stateAfter(sceneOf(p).steps, Infinity).grads
      return picture.boxes.flatMap((b, k) => test(b, ends.get(k)) ? [[p, k]] : [])
    })
    hit = -1
    found.textContent = asked ? `${hits.length} found` : ""
    next(1)
  }
  function next(d) {
    if (!hits.length) return
    hit = (hit + d + hits.length) % hits.length
    const [p, k] = hits[hit]
    if (p !== number) show(p)
    selected = k
    go(at)
    camera.follow(scene.boxes[k])
    found.textContent = `${hit + 1} of ${hits.length}`
  }

  // --- how it looks ---

  function fit() { camera.fit() }
  function digits() { all = !all; go(at) }
  function theme() {
    const dark = (el.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark"
    el.dataset.theme = dark ? "light" : "dark"
  }

  // --- keys ---

  const ACTS = {
    ArrowRight: e => go(at + (e.shiftKey ? 10 : 1)), ArrowLeft: e => go(at - (e.shiftKey ? 10 : 1)), Home: () => go(0), End: () => go(Infinity), " ": play,
    ArrowDown: () => along(1), ArrowUp: () => along(-1), ",": () => neighbour(-1), ".": () => neighbour(1), Enter: enter,
    Escape: () => selected >= 0 ? choose(selected) : up(), Backspace: up, "[": () => pickNear(-1), "]": () => pickNear(1), 0: () => pickNear(0),
    "/": () => find.focus(), n: () => next(1), N: () => next(-1), f: fit, "+": () => camera.zoom(1 / 1.25), "=": () => camera.zoom(1 / 1.25), "-": () => camera.zoom(1.25),
    t: () => showTable(list.hidden), x: digits, d: theme, "?": () => help.open || help.showModal(),
  }
  const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]
  // What a part of the page does with a key by itself.
  function isItsOwn({ target, key, shiftKey }) {
    if (target === slider) return MOVES.includes(key) && !shiftKey
    if (list.contains(target) && ["ArrowUp", "ArrowDown"].includes(key)) return true
    return target.tagName === "INPUT" || (target.tagName === "BUTTON" && [" ", "Enter"].includes(key))
  }
  // A page hears keys wherever they are pressed, a widget those pressed within.
  const ears = model.get("level") === 1 ? document : el
  ears.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.shiftKey && e.key === "Enter" && e.target !== find)) return
    e.stopPropagation()  // a letter is no command of a notebook here
    if (help.open) return
    if (e.target === find && e.key === "Enter") next(e.shiftKey ? -1 : 1)
    else if (e.target === find && e.key === "Escape") svg.focus()
    else if (Object.hasOwn(ACTS, e.key) && !isItsOwn(e)) { e.preventDefault(); ACTS[e.key](e) }
  })
  slider.addEventListener("input", () => go(Number(slider.value)))
  find.addEventListener("input", search)

  el.classList.add("autograd-page")
  el.setAttribute("data-lm-suppress-shortcuts", "true")
  if (model.get("theme") || doc.theme) el.dataset.theme = model.get("theme") || doc.theme
  el.append(heading, bar, crumbs, svg, legend, panel, list, help)
  const asked = [model.get("opened"), model.get("selected")]
  const first = doc.pictures.findIndex(picture => picture.id !== undefined && picture.id === asked[0])
  show(first > 0 ? first : 0)
  if (asked[1]) { selected = scene.picture.boxes.findIndex(b => b.id === asked[1]); go(at) }
  const resized = new ResizeObserver(() => { if (camera.whole || !camera.width) camera.begin(); camera.width = svg.clientWidth })
  resized.observe(svg)
  // What Python sets, or another view of the same: a step is one of the picture that is opened.
  const isHere = () => (model.get("opened") ?? "") === (scene.picture.id ?? "")
  model.on("change:opened", () => {
    const k = doc.pictures.findIndex(picture => (picture.id ?? "") === (model.get("opened") ?? ""))
    if (k >= 0 && k !== number) show(k)
  })
  model.on("change:step", () => {
    const step = model.get("step")
    if (isHere() && step !== at) go(step < 0 ? scene.steps.length + step : step)
  })
  model.on("change:selected", () => {
    const k = scene.picture.boxes.findIndex(b => b.id === model.get("selected"))
    if (isHere() && k !== selected) { selected = k; go(at) }
  })
  return () => { clearInterval(timer); resized.disconnect() }
}
export default { render }
