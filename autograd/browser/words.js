// What a step says, as a sentence and as a table. `value` writes a number, with few digits or all.

import { counted, grouped, read } from "./numbers.js"
import { factsOf, isGroup } from "./scene.js"

export function sentence(scene, step, value) {
  if (!step) return scene.picture.title
  if (step.kind === "seed") return `Backward begins: ${step.seeds.map(({ box, x }) => `the gradient of ${scene.named(box)} is ${value(x)}`).join(", ")}`
  if (step.kind === "leaves") return "Backward ends: what came to each leaf is added to the gradient it had"
  const b = scene.picture.boxes[step.box], called = scene.called(step.box)
  if (step.kind === "forward") return `Forward: ${called}${isGroup(b) ? `, ${factsOf(b)}` : ` is ${value(read(b.data))}`}`
  if (!step.spread) return `Backward through ${called}, whose gradient is ${value(step.gradient)}`
  const one = scene.sampled(step.box, "adjoints"), [n, mean, least, most] = step.spread
  if (one === null) return `Backward does not come to this one of ${called}`
  if (one !== undefined) return `Backward through one of ${called}, whose gradient is ${value(one)}`
  return `Backward through ${called}: ${counted(n, "gradient")} from ${value(least)} to ${value(most)}, of mean size ${value(mean)}`
}

// The table of a step: its heads, and lines of the box that a line is of (-1 for none), its name, and texts.
export function tableOf(scene, step, value) {
  if (!step || step.kind === "seed") return null
  const name = row => row.to < 0 ? row.name : scene.named(row.to)
  if (step.kind === "forward") {
    const tails = [...new Set(scene.edges.filter(edge => edge.head === step.box).map(edge => edge.tail))]
    return tails.length ? { heads: ["from", "number"], lines: tails.map(to => [to, scene.named(to), numberOf(scene, to, value)]) } : null
  }
  if (step.kind === "leaves") return { heads: ["leaf", "it had", "+ came", "= gradient"], lines: step.rows.map(row => [row.to, name(row), ...leaf(row, value)]) }
  const gradient = `\u00d7 gradient of ${scene.named(step.box)}`
  if (!step.spread) {
    return { heads: ["into", "partial", gradient, "= contribution", "it had", "it has"], lines: step.rows.map(row => [row.to, name(row), ...operand(row, step, value)]) }
  }
  const picked = pickedRows(scene, step, value)
  if (picked.length) return { heads: ["into", "partial", gradient, "= contribution"], lines: picked }
  const lines = step.rows.map(row => [row.to, name(row), grouped(row.uses), ...[row.partial, row.mean, row.largest, row.sum].map(value)])
  return lines.length ? { heads: ["into", "uses", "mean |partial|", "mean |contribution|", "largest", "sum"], lines } : null
}

function numberOf(scene, k, value) {
  const b = scene.picture.boxes[k], one = scene.sampled(k, "data")
  return !isGroup(b) ? value(read(b.data)) : one === undefined ? factsOf(b) : value(one)
}

function leaf(row, value) {
  if (row.spread) return ["\u2013", `${counted(row.spread[0], "value")}, mean size ${value(row.came[1])}`, `mean size ${value(row.spread[1])}`]
  return [row.before === null ? "not known" : value(row.before), row.share === null ? "nothing" : value(row.share), value(row.after)]
}

function operand(row, step, value) {
  if (row.uses !== undefined) return [`${counted(row.uses, "use")}, mean size ${value(row.partial)}`, value(step.gradient), `mean size ${value(row.mean)}`, "\u2013", "\u2013"]
  const share = row.share === null ? "nothing" : value(row.share) + (row.partial === null ? " (after \u2212 before)" : "")
  return [partialOf(row, value), value(step.gradient), share, value(row.before), value(row.after)]
}

function partialOf(row, value) {
  if (row.partial === null) return "its rule keeps it"
  return row.rule && !/^-?[\d.e+-]+$/.test(row.rule) ? `${row.rule} = ${value(row.partial)}` : value(row.partial)
}

// Of the sample that was picked: the partials towards what is of the same samples.
function pickedRows(scene, step, value) {
  const gradient = scene.sampled(step.box, "adjoints")
  if (gradient === undefined || gradient === null) return []
  return step.rows.flatMap(row => {
    const partial = row.edges.length === 1 ? scene.sampled(row.edges[0], "partials", step.box) : undefined
    if (partial === undefined) return row.to >= 0 ? [[row.to, scene.named(row.to), "\u2013", value(gradient), "see all"]] : []
    const nothing = Number.isNaN(partial) && Number.isFinite(gradient)
    return [[row.to, scene.named(row.to), nothing ? "\u2013" : value(partial), value(gradient), nothing ? "nothing" : value(partial * gradient)]]
  })
}

// The numbers of a box; of a group the mean, the least and the greatest.
const numbersOf = (...of) => of.flat().map(read).filter(y => typeof y === "number")

// What finds a box by its name, formula or operation, or as in |grad|<1e-6, data>=2, nan, inf. It takes a box and its
// gradient at the end.
export function testOf(asked, called) {
  const [, left, what, right, sign, x] = asked.match(/^(\|?)(grad|data)(\|?)\s*(<=|>=|<|>|=)\s*([-+.\de]+)$/) ?? []
  if (what) {
    const compare = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "=": (a, b) => a === b }[sign]
    return (b, grad) => numbersOf(what === "grad" ? grad?.slice?.(1) ?? grad : b.data).some(y => compare(left || right ? Math.abs(y) : y, Number(x)))
  }
  const isAsked = { nan: Number.isNaN, inf: y => Math.abs(y) === Infinity }[asked]
  if (isAsked) return (b, grad) => numbersOf(b.data, grad?.slice?.(1) ?? grad).some(isAsked)
  return b => called(b).toLowerCase().includes(asked)
}
