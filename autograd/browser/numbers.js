// Numbers as they are read from a document, written, and unpacked.

const MINUS = "\u2212"
const NONE = "\u2013"

// What JSON has no number for is a word.
export const read = x => typeof x === "string" ? Number(x) : x

// A number in a few characters, as the picture has it.
export function short(x, digits = 4) {
  if (x === undefined || x === null) return NONE
  if (Number.isNaN(x)) return "nan"
  if (!Number.isFinite(x)) return x > 0 ? "inf" : MINUS + "inf"
  const size = Math.abs(x), sign = x < 0 ? MINUS : ""
  if (size < 1e6 && Number.isInteger(size)) return sign + size
  const [mantissa, exponent] = rounded(size, digits).split("e"), power = Number(exponent)
  if (power < -4 || size >= 1e6) return `${sign}${trimmed(mantissa)}e${exponent.replace("+", "").replace("-", MINUS)}`
  if (size >= 10 ** digits) return sign + whole(size)
  return sign + trimmed(Number(`${mantissa}e${power}`).toFixed(Math.max(0, digits - 1 - power)))
}

// So many digits and a power; what is exactly between two becomes the even one, as Python has it.
function rounded(size, digits) {
  const usual = size.toExponential(digits - 1), exact = size.toExponential(60)
  const [kept, rest] = digits > 1 ? [exact.slice(0, digits + 1), exact.slice(digits + 1)] : [exact[0], exact.slice(2)]
  return /^50*e/.test(rest) && Number(kept.at(-1)) % 2 === 0 ? kept + exact.slice(exact.indexOf("e")) : usual
}
function whole(size) {
  const below = Math.floor(size), rest = size - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}
const trimmed = text => text.includes(".") ? text.replace(/\.?0+$/, "") : text

// All digits of a number.
export function exact(x) {
  if (x === undefined || x === null) return NONE
  if (Number.isNaN(x)) return "nan"
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf"
  return Object.is(x, -0) ? "-0" : String(x)
}

export const grouped = n => n.toLocaleString("en")
export const counted = (n, one, many = one + "s") => `${grouped(n)} ${n === 1 ? one : many}`

// Numbers in single precision, little-endian, in base64; after a `d` in double precision. Of single precision as many
// digits as it has.
export function unpacked(text) {
  const double = text.length % 4 === 1, bytes = Uint8Array.from(atob(double ? text.slice(1) : text), c => c.charCodeAt(0))
  const view = new DataView(bytes.buffer), size = double ? 8 : 4
  const at = k => double ? view.getFloat64(8 * k, true) : Number(view.getFloat32(4 * k, true).toPrecision(7))
  return Float64Array.from({ length: bytes.length / size }, (_, k) => at(k))
}
