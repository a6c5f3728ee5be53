// Curves as SVG: a colour for each, with a legend; a dot at each point where there are few.
//
// Holds: as of all pictures here: the same curves give the same bytes anywhere.
import { type Curves, heightOf, ticksOf } from './curves.js'
import { INKS, label, px, svg } from './svg-parts.js'

const MARGIN = { left: 64, right: 16, top: 24 }
const LEGEND = { step: 18, wide: 190 }
/** Points of all curves that still have dots. */
const DOTTED = 120

/** The chart; 640 pixels wide when nothing is said. */
export function curveSvg(
  curves: Curves,
  options: { readonly width?: number; readonly height?: number } = {},
): string {
  const width = options.width ?? 640
  if (!Number.isFinite(curves.low))
    return svg({ width, height: 60 }, [label(MARGIN.left, 40, 'start', 'no data')])
  const plot = { width: width - MARGIN.left - MARGIN.right, height: options.height ?? 200 }
  const bottom = MARGIN.top + plot.height
  const perRow = Math.max(1, Math.floor(plot.width / LEGEND.wide))
  const many = curves.series.length
  const below = many < 2 ? 0 : LEGEND.step * Math.ceil(many / perRow)
  const x = (v: number): number =>
    MARGIN.left + (curves.xSpan === 0 ? 0.5 : v / curves.xSpan) * plot.width
  const y = (v: number): number => bottom - heightOf(curves, v) * plot.height
  return svg({ width, height: bottom + 28 + below }, [
    label(MARGIN.left, 14, 'start', curves.title),
    ...yAxis(curves, { bottom, width, height: plot.height }),
    ...xAxis(curves, MARGIN.left, width - MARGIN.right, bottom + 18),
    ...curveParts(curves, x, y),
    ...(many < 2 ? [] : legend(curves, perRow, bottom + 30)),
  ])
}

function curveParts(
  { series }: Curves,
  x: (v: number) => number,
  y: (v: number) => number,
): readonly string[] {
  const hasDots = series.reduce((sum, { points }) => sum + points.length, 0) <= DOTTED
  return series.flatMap(({ points }, i) => {
    const ink = INKS[i % INKS.length]
    let pen = 'M'
    const path = points.map((point) => {
      const to = point.y === undefined ? '' : `${pen}${px(x(point.x))} ${px(y(point.y))}`
      pen = point.y === undefined ? 'M' : 'L'
      return to
    })
    const dots = points.map((point) =>
      !hasDots || point.y === undefined
        ? ''
        : `<circle cx="${px(x(point.x))}" cy="${px(y(point.y))}" r="2.5" fill="${ink}"/>`,
    )
    return [`<path d="${path.join('')}" fill="none" stroke="${ink}" stroke-width="1.5"/>`, ...dots]
  })
}

function yAxis(
  curves: Curves,
  { bottom, width, height }: { readonly bottom: number; width: number; height: number },
): readonly string[] {
  return ticksOf(curves, curves.isLog ? 8 : 5).flatMap(({ at, label: text }) => {
    const y = bottom - at * height
    return [
      `<line x1="${MARGIN.left}" y1="${px(y)}" x2="${width - MARGIN.right}" y2="${px(y)}" ` +
        'stroke="currentColor" stroke-opacity="0.15"/>',
      label(MARGIN.left - 6, y + 4, 'end', text),
    ]
  })
}

function xAxis(
  { xEnds: [from, to], xName }: Curves,
  left: number,
  right: number,
  y: number,
): readonly string[] {
  return [
    label(left, y, 'start', from),
    label((left + right) / 2, y, 'middle', xName),
    label(right, y, 'end', to),
  ]
}

function legend({ series }: Curves, perRow: number, top: number): readonly string[] {
  return series.flatMap(({ name }, i) => {
    const [x, y] = [
      MARGIN.left + (i % perRow) * LEGEND.wide,
      top + LEGEND.step * Math.floor(i / perRow),
    ]
    const ink = INKS[i % INKS.length]
    const box = `<rect x="${px(x)}" y="${px(y)}" width="10" height="10" fill="${ink}"/>`
    return [box, label(x + 14, y + 9, 'start', name.length > 28 ? `${name.slice(0, 27)}…` : name)]
  })
}
