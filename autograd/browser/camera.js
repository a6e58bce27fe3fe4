// Which part of a picture is seen: all of it, or what was zoomed and moved to.

const SMALLEST = 0.55
const READABLE = 0.75

export class Camera {
  constructor(svg, framed) {
    this.svg = svg
    this.box = [0, 0, 1, 1]
    this.whole = true
    this.dragged = false
    this.drag = null
    this.fingers = new Map()
    svg.addEventListener("pointerdown", e => {
      this.fingers.set(e.pointerId, e)
      this.drag = [e.clientX, e.clientY, ...this.box]
      this.dragged = false
    })
    svg.addEventListener("pointermove", e => this.fingers.size === 2 ? this.pinch(e) : this.move(e))
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(end, e => {
      this.fingers.delete(e.pointerId)
      this.drag = null
      setTimeout(() => { this.dragged = false })
    })
    // In a cell the wheel scrolls the notebook, unless Ctrl is held.
    svg.addEventListener("wheel", e => {
      if (framed && !e.ctrlKey && !e.metaKey) return
      e.preventDefault()
      this.zoom(e.deltaY > 0 ? 1.15 : 1 / 1.15, ...this.point(e))
    }, { passive: false })
  }

  view() { this.svg.setAttribute("viewBox", this.box.map(x => x.toFixed(2)).join(" ")) }

  // All of a picture.
  fit() {
    const [w, h] = this.size
    this.box = [-4, -8, w + 8, h + 12]
    this.whole = true
    this.view()
  }

  // A picture of such a size; where all of it could not be read, its beginning.
  begin(size = this.size) {
    this.size = size
    this.fit()
    const { clientWidth: width, clientHeight: height } = this.svg, scale = Math.min(width / this.box[2], height / this.box[3])
    if (scale > 0 && scale < SMALLEST) {
      const [w, h] = [width / READABLE, height / READABLE]
      this.box = [Math.min(-4, (size[0] - w) / 2), Math.min(-8, (size[1] - h) / 2), w, h]
      this.whole = false
      this.view()
    }
  }

  zoom(factor, x = this.box[0] + this.box[2] / 2, y = this.box[1] + this.box[3] / 2) {
    const width = this.box[2] * factor
    if (width < 20 || (factor > 1 && width > 4 * this.size[0] + 400)) return
    this.box = [x - (x - this.box[0]) * factor, y - (y - this.box[1]) * factor, width, this.box[3] * factor]
    this.whole = false
    this.view()
  }

  // Move to a box that is not in sight.
  follow({ x, y, w, h }) {
    const [left, top, width, height] = this.box
    if (x - w / 2 >= left && x + w / 2 <= left + width && y - h / 2 >= top && y + h / 2 <= top + height) return
    this.box = [x - width / 2, y - height / 2, width, height]
    this.view()
  }

  scale() {
    const { width, height } = this.svg.getBoundingClientRect()
    return Math.max(this.box[2] / (width || 1), this.box[3] / (height || 1))
  }

  point(e) {
    const r = this.svg.getBoundingClientRect(), scale = this.scale()
    return [this.box[0] + this.box[2] / 2 + (e.clientX - r.left - r.width / 2) * scale, this.box[1] + this.box[3] / 2 + (e.clientY - r.top - r.height / 2) * scale]
  }

  // Two fingers: what is between them stays there.
  pinch(e) {
    const before = this.between()
    this.fingers.set(e.pointerId, e)
    const after = this.between()
    this.dragged = true
    if (before.apart && after.apart) this.zoom(before.apart / after.apart, ...this.point(after))
  }
  between() {
    const [a, b] = [...this.fingers.values()]
    return { apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 }
  }

  move(e) {
    if (!this.drag || !e.buttons) return
    const [dx, dy] = [e.clientX - this.drag[0], e.clientY - this.drag[1]], scale = this.scale()
    if (!this.dragged && Math.hypot(dx, dy) < 4) return
    this.dragged = true
    this.whole = false
    const within = (x, room, size) => Math.min(Math.max(x, -room / 2), size - room / 2)  // its middle stays on the picture
    this.box[0] = within(this.drag[2] - dx * scale, this.box[2], this.size[0])
    this.box[1] = within(this.drag[3] - dy * scale, this.box[3], this.size[1])
    this.view()
  }
}
