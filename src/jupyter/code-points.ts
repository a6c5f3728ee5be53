// Offsets: a Jupyter client counts code points, JavaScript counts UTF-16 code units.
//
//   'a😀b'   code points 0 1 2 3   <->   code units 0 1 3 4

/** The offset in code units of so many code points; at most the end. */
export function unitsOf(text: string, points: number): number {
  let units = 0
  for (let left = points; left > 0 && units < text.length; left--)
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  return units
}

/** How many code points lie before an offset in code units. */
export function pointsOf(text: string, units: number): number {
  let points = 0
  for (let at = 0; at < Math.min(units, text.length); points++)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return points
}
