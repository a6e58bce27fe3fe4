// A picture as SVG: made once from its data and its layout, then changed from step to step.

import { arrow, make, outline, setClass, setText } from "./elements.js"
import { counted, grouped, read, short, unpacked } from "./numbers.js"
import { stateAfter, stepsOf } from "./steps.js"

const LINE = 15
const DECADES = 3

export const isGroup = b => b.count !== undefined
export const formulaOf = b => b.formula ?? b.lines?.find(([, kind]) => kind === "formula")?.[0]
export const nameOf = b => b.name ?? b.lines?.find(([, kind]) => kind !== "formula")?.[0] ?? formulaOf(b) ?? b.id
export const factsOf = b => counted(b.count, "value") + (b.parameters ? `, ${grouped(b.parameters)} p.` : "")

// Listeners: what to do when a box is clicked, and when it is clicked twice.
export class Scene {
  constructor(picture, layout, digits, listeners) {
    this.picture = picture
    this.digits = digits
    this.size = layout.size
    this.steps = stepsOf(picture)
    this.samples = (picture.samples ?? []).map(samples => ({ ...samples, pick: -1, known: {} }))
    this.made = new Set(picture.forward)
    for (const step of this.steps) for (const row of step.rows ?? []) row.within = row.to >= 0 && isGroup(picture.boxes[row.to])
    this.edges = picture.edges.map((edge, k) => this.edge(edge, layout.edges[k]))
    this.boxes = picture.boxes.map((b, k) => this.box(b, layout.boxes[k], k, listeners))
    this.world = make("g", {}, ...this.edges.map(edge => edge.g), ...this.boxes.map(box => box.g))
    const sizes = [...stateAfter(this.steps, this.steps.length).grads.values()].map(x => Math.abs(Array.isArray(x) ? x[1] : x))
    this.top = Math.max(0, ...sizes.filter(Number.isFinite))
  }

  edge([tail, head, partial, width, dashed], [curve, x, y, textX, textY]) {
    const label = make("text", { x: textX ?? 0, y: (textY ?? 0) + 4 }), line = make("path", { d: curve, class: "line" })
    if (width) line.style.strokeWidth = width
    if (width && dashed) line.style.strokeDasharray = "4 2"
    const g = make("g", { class: "edge" }, line, make("path", { d: width ? "" : arrow(curve, x, y), class: "tip" }), label)
    return { g, label, tail, head, partial: read(partial), roomy: textX !== undefined }
  }

  box(b, [x, y, w, h], k, { choose, open }) {
    const data = make("text", { class: "number" }), grad = make("text", { class: "number" })
    const lines = (b.lines ?? []).map(([text, kind]) => make("text", { class: kind }, text))
    if (b.data !== undefined || isGroup(b)) lines.push(data)
    if (b.data !== undefined && b.role !== "constant") lines.push(grad)
    if (isGroup(b)) data.textContent = factsOf(b)
    lines.forEach((line, n) => line.setAttribute("y", LINE * (n - lines.length / 2) + 11.5))
    const title = [nameOf(b), formulaOf(b), isGroup(b) && factsOf(b)].filter(Boolean).join("\n")
    const g = make("g", { transform: `translate(${x} ${y})`, onclick: () => choose(k), ondblclick: () => open(k) },
      make("title", {}, title), make("path", { d: outline(b.shape, w, h), class: "shape" }), ...lines)
    return { g, b, data, grad, x, y, w, h, strength: 0 }
  }

  named(k) { return nameOf(this.picture.boxes[k]) }
  called(k) {
    const b = this.picture.boxes[k], formula = formulaOf(b), name = nameOf(b)
    return formula && formula !== name ? `${name} = ${formula}` : name
  }

  // The samples that a box is of, and the number of the one that was picked.
  samplesOf(k) { return this.samples.find(samples => samples.data[k] !== undefined) }
  sampled(k, what, of = k) {
    const samples = this.samplesOf(of)
    if (!samples || samples.pick < 0 || samples[what]?.[k] === undefined) return undefined
    if (what === "adjoints" && samples.missed?.[k]?.includes(samples.pick)) return null
    return (samples.known[what + k] ??= unpacked(samples[what][k]))[samples.pick]
  }

  // What is seen after so many steps.
  show(at, selected) {
    const step = this.steps[at]
    this.now = stateAfter(this.steps, at)
    const near = new Map()
    for (const { tail, head } of this.edges) {
      if (head === selected) near.set(tail, "operand")
      else if (tail === selected && !near.has(head)) near.set(head, "user")
    }
    this.boxes.forEach((box, k) => this.update(box, k, step, selected, near))
    this.edges.forEach((edge, k) => {
      const hot = step?.kind === "forward" ? edge.head === step.box : step?.rows?.some(row => row.edges?.includes(k))
      const side = selected < 0 ? "" : edge.head === selected ? "operand" : edge.tail === selected ? "user" : "dim"
      setClass(edge.g, ["edge", hot && "hot", side].filter(Boolean).join(" "))
      const written = step && step.kind !== "forward" && edge.roomy && edge.partial !== null
      setText(edge.label, written ? `\u00d7${short(edge.partial, 3)}` : "")
    })
  }

  update(box, k, step, selected, near) {
    const { b } = box, ahead = this.steps[0]?.kind === "forward" && this.made.has(k) && !this.now.known.has(k)
    const [x, mean] = this.gradient(k), number = isGroup(b) ? this.sampled(k, "data") : read(b.data)
    if (number !== undefined) setText(box.data, `data ${ahead ? "\u2026" : short(number, this.digits)}`)
    else if (isGroup(b)) setText(box.data, factsOf(b))
    if (b.data !== undefined) setText(box.grad, `${mean ? "mean |grad|" : "grad"} ${short(x, this.digits)}`)
    const seen = number !== undefined ? [number] : isGroup(b) && b.data ? b.data.map(read) : []
    const bad = (x !== undefined && x !== null && !Number.isFinite(x)) || (!ahead && seen.some(y => !Number.isFinite(y)))
    const sign = !x || !this.top ? "" : mean ? "grey" : x > 0 ? "up" : "down"
    const here = step?.box === k || step?.seeds?.some(seed => seed.box === k)
    const side = selected < 0 ? "" : k === selected ? "chosen-box" : near.get(k) ?? "dim"
    setClass(box.g, ["box", b.role, sign, bad && "bad", ahead && "ahead", b.root && "root", here && "here", b.inside !== undefined && "opens", side].filter(Boolean).join(" "))
    const size = sign ? Math.log10(Math.abs(x) / this.top) / DECADES + 1 : 0
    const strength = sign ? Math.round(6 + 44 * Math.min(1, Math.max(0, size))) : 0
    if (box.strength !== strength) box.g.style.setProperty("--strength", `${box.strength = strength}%`)
  }

  // The gradient of a box so far, and whether it is the mean size of many.
  gradient(k) {
    const grad = this.now.grads.get(k)
    if (!isGroup(this.picture.boxes[k])) return [grad, false]
    const one = grad === undefined ? undefined : this.sampled(k, "adjoints")
    return one === undefined ? [grad?.[1], true] : [one, false]
  }
}
