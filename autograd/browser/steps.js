// Every step through a picture with its numbers. What a row does not say is computed here, as the engine does it:
// partial times gradient, and that added to what the operand had.

import { read } from "./numbers.js"

// The steps of a picture: forward, where backward begins, backward, what is left in the leaves.
export function stepsOf(picture) {
  const steps = (picture.forward ?? []).map(box => ({ kind: "forward", box })), grads = new Map()
  if (!picture.backward) return steps
  const seeds = picture.seeds.map(([box, x]) => ({ box, x: read(x) }))
  for (const { box, x } of seeds) grads.set(box, x)
  if (seeds.length) steps.push({ kind: "seed", seeds })
  for (const [box, rows, given, parameters = []] of picture.backward) {
    if (Array.isArray(given)) {
      steps.push({ kind: "backward", box, spread: given.map(read), rows: [...rows, ...parameters].map(many) })
    } else {
      const gradient = given === undefined ? grads.get(box) : read(given)
      steps.push({ kind: "backward", box, gradient, rows: rows.map(row => Array.isArray(row) ? one(row, gradient, grads) : many(row)) })
    }
  }
  if (picture.leaves.length) steps.push({ kind: "leaves", rows: picture.leaves.map(row => kept(row, grads)) })
  return steps
}

// What goes to one operand.
function one([to, partial, rule, edge, share, had, has], gradient, grads) {
  const row = { to: typeof to === "number" ? to : -1, name: to, rule, edges: edge < 0 ? [] : [edge], partial: read(partial) }
  row.share = share === undefined ? row.partial * gradient : read(share)
  row.before = had === undefined ? grads.get(to) ?? 0 : read(had)
  row.after = has === undefined ? row.before + row.share : read(has)
  if (row.share !== null) grads.set(to, row.after)
  return row
}

// What goes to many at once.
const many = row => ({
  to: typeof row.to === "number" ? row.to : -1, name: row.to, edges: row.edges ?? [], uses: row.uses,
  partial: read(row.partial), mean: read(row.mean), largest: read(row.largest), sum: read(row.sum),
})

// What is left in a leaf: the gradient that it had, and what came to it.
function kept([box, before, came, grad], grads) {
  if (Array.isArray(before)) return { to: box, came: before.map(read), spread: came.map(read) }
  if (came === null) return { to: box, before: read(before), share: null, after: read(before) }
  const share = came === undefined ? grads.get(box) : read(came)
  return { to: box, before: read(before), share, after: grad === undefined ? read(before) + share : read(grad) }
}

// After so many steps: the boxes that have been computed, and the gradient of each so far; of a group, how they spread.
export function stateAfter(steps, at) {
  const known = new Set(), grads = new Map()
  for (const step of steps.slice(0, at + 1)) {
    if (step.kind === "forward") known.add(step.box)
    else if (step.kind === "seed") for (const { box, x } of step.seeds) grads.set(box, x)
    else if (step.kind === "leaves") for (const row of step.rows) grads.set(row.to, row.spread ?? row.after)
    else {
      grads.set(step.box, step.spread ?? step.gradient)
      for (const row of step.rows) if (row.to >= 0 && row.uses === undefined && row.share !== null && !row.within) grads.set(row.to, row.after)
    }
  }
  return { known, grads }
}
