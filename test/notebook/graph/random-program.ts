// Random programs of cells: numbers n, lists l, objects o, functions f, functions that change what
// they are handed g, classes K and what is made with them i. None of their cells fails.
import fc from 'fast-check'

interface Draw {
  readonly form: number
  readonly picks: readonly number[]
  readonly literal: number
}

/** What a form may use: names of its kind that are defined, or a new one. */
interface Names {
  old(kind: string): string | undefined
  fresh(kind: string): string
}

type Form = (names: Names, literal: string) => string | undefined

/** A form of which all names must be there. */
function form(text: string): Form {
  return ({ old, fresh }, literal) => {
    let isWhole = true
    const filled = text.replace(/([=?])([nlofgKi])(\d?)/g, (_, sign: string, kind: string) => {
      const name = sign === '=' ? fresh(kind) : old(kind)
      if (name === undefined) isWhole = false
      return name ?? ''
    })
    return isWhole ? filled.replaceAll('#', literal) : undefined
  }
}

const FORMS: readonly Form[] = [
  ...['let =n = #', 'const =n = ?n + #', '?n = #', '?n++', '?n += ?n', 'const =n = ?l.length'],
  ...['const =n = ?o.n', 'let =n = ?l[0]', 'const =l = [#, ?n]', 'const =l = ?l', '?l.push(#)'],
  ...['const =l = ?l.map((x) => x + #)', 'const =l = [...?l]', '?l[0] = ?n', 'const =l = ?o.l'],
  ...['const =o = { n: #, l: [#] }', 'const =o = { n: ?n, l: ?l }', 'const =o = ?o', '?o.n = #'],
  ...['?o.l.push(?n)', 'const { n: =n, l: =l } = ?o', 'Object.assign(?o, { n: # })', '?o.n++'],
  ...['function =f() { return ?n + # }', 'const =f = () => { ?n++; return ?n }'],
  ...['const =f = () => { ?l.push(#); return ?l.length }', 'const =f = ?f', '?f()'],
  ...[
    'const =n = ?f()',
    'function =f() { ?f(); return ?n }',
    'const =n = [1, 2].map(() => ?f())[1]',
  ],
  ...['const =f = (() => { let m = #; return () => ++m })()', 'const =f = () => ?o.n + ?l.length'],
  ...['const =g = (a) => { a.push(#) }', 'const =g = (a) => { const b = a; b[0] = # }', '?g(?l)'],
  ...['?g(?o.l)', 'class =K { n = #; up() { this.n++; return this.n } }', 'const =i = new ?K()'],
  ...[
    'const =i = ?i',
    '?i.up()',
    'const =n = ?i.up()',
    '?i.n = ?n',
    'for (const x of [?l]) x.push(#)',
  ],
  ...['{ const x = ?o; x.n = # }', 'if (?n > 2) { var =n = # } else { var =n = 1 }'],
  ...['const =n = await Promise.resolve(?n)', ';[?n] = [#]', 'const =l = [?o.l, ?l].flat()'],
  ...[
    'const =o = { get n() { return ?n }, l: ?l }',
    'const =f = () => ?i.up()',
    'globalThis.?n = #',
  ],
  ...[
    'const =l = typeof _ === "undefined" ? [#] : [JSON.stringify(_)?.length ?? 0]',
    'delete ?o.x',
  ],
].map(form)

/** Statements of a cell, then a value that shows some names. */
const CELL = fc.record({
  draws: fc.array(
    fc.record({
      form: fc.nat(FORMS.length - 1),
      picks: fc.array(fc.nat(99), { minLength: 4, maxLength: 4 }),
      literal: fc.nat(9),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  shows: fc.option(fc.array(fc.nat(99), { minLength: 1, maxLength: 2 }), { nil: undefined }),
})

/** Programs of some cells. */
export const PROGRAM = fc
  .array(CELL, { minLength: 3, maxLength: 8 })
  .map((cells) => programOf(cells))

function programOf(
  cells: readonly {
    readonly draws: readonly Draw[]
    readonly shows: readonly number[] | undefined
  }[],
): readonly string[] {
  const names = ['n0', 'l0', 'o0']
  const first = 'let n0 = 1; const l0 = [2]; const o0 = { n: 3, l: l0 }'
  const written = cells.map(({ draws, shows }) => {
    const lines = draws.flatMap((draw) => lineOf(draw, names) ?? [])
    const shown = shows?.map((pick) => names[pick % names.length]).map(plainly)
    const value = shown === undefined ? [] : [`JSON.stringify([${shown}])`]
    return [...lines, ...value].join('\n')
  })
  return [first, ...written]
}

/** A cell with another number in it, where it has one. */
export function changed(cell: string): string {
  return cell.replace(/\b\d+\b/, (digits) => String(Number(digits) + 3))
}

/** Functions do not show what they are: they would not be JSON. */
function plainly(name: string | undefined): string {
  return /^[fgK]/.test(name ?? '') ? `typeof ${name}` : (name ?? '0')
}

function lineOf({ form, picks, literal }: Draw, names: string[]): string | undefined {
  let at = 0
  const made: string[] = []
  const pick = (): number => picks[at++ % picks.length] ?? 0
  const text = FORMS[form]?.(
    {
      old: (kind) => {
        const known = names.filter((name) => name.startsWith(kind))
        return known[pick() % Math.max(1, known.length)]
      },
      fresh: (kind) => {
        const name = `${kind}${pick() % 4}`
        made.push(name)
        return name
      },
    },
    String(literal),
  )
  if (text !== undefined) for (const name of made) if (!names.includes(name)) names.push(name)
  return text
}
