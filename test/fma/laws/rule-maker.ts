// Random rules: declarations, propagations and constraints over parts of a few names; right ones,
// with cycles, nets of errors and iterators that have nothing to do with each other; and what is
// left of some after accidents. One seed, one text.
import type { Dice } from '../../d/source-maker.js'
import { textOf } from './files.js'

/** Where parts are: a part below a part. */
export const PATHS = [
  'chip',
  'chip/core',
  'chip/core/strand',
  'bus',
  'bus/dev',
  'bus/dev/fn',
  'bus/dev/fn/bus/dev/fn',
] as const

/** Words that make trouble wherever they land. */
const WORDS =
  `event prop engine config mask asru fru if within confprop payloadprop count call { } ( ) [ ]
< > -> , ; : ? = == && || ! ~ + - * / div % & | ^ << >> @ $ $a . # " \\ <> 0 1 -1 0x A 5s 72h
infinity 99999999999999999999 fault.x@chip ereport.x@chip/core error.a@bus serd.x@chip
#define #if #endif`
    .split(/\s+/)
    .filter((word) => word !== '')

const TOKEN = /\s+|"(?:[^"\\\n]|\\.)*"|[#$@]?[\w.-]+|->|<>|[^\s\w]/gs

/** A text of rules. */
export function randomRules(dice: Dice): string {
  const text =
    dice.below(12) === 0 ? textOf('test/fma/esc/ok.all-statements.esc') : new Maker(dice).text()
  return dice.below(3) > 0 ? text : afterAccidents(text, dice)
}

function afterAccidents(text: string, dice: Dice): string {
  const tokens = text.match(TOKEN) ?? []
  for (let i = 0; i <= dice.below(4); i++) {
    const at = dice.below(tokens.length + 1)
    const other = dice.below(2) === 0 ? dice.of(WORDS) : (tokens[dice.below(tokens.length)] ?? '')
    const gone = dice.below(3)
    tokens.splice(at, gone, ...(dice.below(3) > 0 ? [` ${other} `] : []))
  }
  return tokens.join('')
}

const OPERATORS = '&& && && || == != + - * div % << >> & | <'.split(' ')
const ATOMS = [
  ...['0', '1', '1', '3', '0xffffffffffffffff', '"text"', '64'],
  ...['payloadprop("n")', 'payloadprop("text")', 'payloadprop_defined("resource")'],
  ...['setpayloadprop("asru-physaddr", payloadprop("n"))', 'setserdsuffix(payloadprop("n"))'],
  ...['setserdn(payloadprop("n"))', 'setserdt("5s")', 'setserdincrement(4)'],
  ...['$a = 1', '$a == payloadprop("n")', 'defined($a)', '$b'],
  ...['cat("a", payloadprop("text"))', 'call("f", 1)'],
]
const PLACE_ATOMS = [
  ...['payloadprop_contains("resource", asru(PATH))', 'confprop(PATH, "type") == "x"'],
  ...['confprop_defined(PATH, "n")', 'has_fault(PATH, "fault.x.*")', 'is_present(PATH)'],
  ...['is_under(PATH, OTHER)', 'is_connected(PATH, OTHER)', 'is_on(PATH)'],
  ...['is_type(PATH) == "y"', 'setpayloadprop("note", PATH)', '$a = PATH'],
]

interface Made {
  readonly name: string
  readonly path: string
}

class Maker {
  readonly #dice: Dice
  readonly #lines: string[] = []
  readonly #ereports: Made[] = []
  readonly #errors: Made[] = []
  readonly #problems: Made[] = []
  readonly #stats: Made[] = []

  constructor(dice: Dice) {
    this.#dice = dice
  }

  text(): string {
    const cyclic = this.#one(3)
    if (cyclic) this.#lines.push('#pragma allow_cycles')
    this.#declare()
    for (const problem of this.#problems)
      this.#propagate(problem, [...this.#errors, ...this.#ereports])
    for (const [i, error] of this.#errors.entries()) {
      const later = this.#errors.slice(cyclic ? 0 : i + 1)
      this.#propagate(error, [...later, ...this.#ereports])
    }
    if (this.#one(10)) this.#net()
    if (this.#one(10)) this.#explosion()
    return `${this.#lines.join('\n')}\n`
  }

  #declare(): void {
    const below = (n: number): number => this.#dice.below(n)
    for (let i = 0; i <= below(4); i++) {
      const made = this.#event(this.#ereports, `ereport.x.r${i}`)
      const within = this.#of(['', '1s', '0, 5s', 'infinity'])
      this.#lines.push(`event ${made}${within && ` { within(${within}) }`};`)
    }
    for (let i = 0; i < below(5); i++) {
      this.#lines.push(
        `event ${this.#event(this.#errors, `error.x.e${i}`)}${this.#of(['', ' { within(2s) }'])};`,
      )
    }
    for (let i = 0; i <= below(4); i++) this.#problem(i)
  }

  #problem(i: number): void {
    const type = this.#of(['fault', 'fault', 'fault', 'upset', 'defect'])
    const made = this.#event(this.#problems, `${type}.x.p${i}`)
    const path = made.slice(made.indexOf('@') + 1)
    const properties = type === 'upset' ? [] : [`FITrate=${this.#of(['1', '500', '0'])}`]
    if (this.#one(2)) {
      const trip = this.#one(3) ? `, trip=${this.#at(this.#ereports)}` : ''
      const n = this.#of(['0', '1', '3', '65536'])
      this.#lines.push(
        `engine serd.x.s${i}@${path}, N=${n}, T=${this.#of(['1s', '72h', '0s'])}${trip};`,
      )
      properties.push(`engine=serd.x.s${i}@${path}`)
    }
    if (type === 'fault' && this.#one(4)) {
      this.#lines.push(`engine stat.x.c${i}@${path};`)
      this.#stats.push({ name: `stat.x.c${i}`, path })
      properties.push(`count=stat.x.c${i}@${path}`)
    }
    if (type === 'fault' && this.#one(3)) properties.push('message=0')
    if (type !== 'upset' && this.#one(4)) {
      this.#lines.push(`fru ${path};`)
      properties.push(`FRU=${path}`)
    }
    this.#lines.push(`event ${[made, ...properties].join(', ')};`)
  }

  #event(of: Made[], name: string): string {
    const path = this.#of(PATHS)
    of.push({ name, path })
    return `${name}@${path}`
  }

  #at(of: readonly Made[]): string {
    const made = this.#of(of)
    return `${made.name}@${made.path}`
  }

  #propagate(cause: Made, effects: readonly Made[]): void {
    const some = effects.filter(() => this.#one(2)).slice(0, 4)
    const chosen = some.length > 0 ? some : effects.slice(-1)
    const left = this.#placed(cause)
    const right = chosen.map((effect) => this.#placed(effect))
    const places = [left, ...right].map((at) => at.slice(at.indexOf('@') + 1))
    const n = this.#of(['', '(0)', '(1)', '(2)', '(A)'])
    const k = this.#of(['', '', '(1)', '(0)', '(2)', '(A)'])
    const [first, last] = [this.#constraint(2, places), this.#constraint(4, places)]
    this.#lines.push(`prop ${left}${first} ${n}->${k} ${right.join(', ')}${last};`)
  }

  /** With iterators, all siblings, or one instance. */
  #placed({ name, path }: Made): string {
    const iterators = this.#dice.below(3)
    const steps = path.split('/').map((step, i) => {
      if (iterators === 0) return step
      if (iterators === 1 && this.#one(3))
        return `${step}${this.#of(['<>', '[0]', `<${'ijk'[i % 3]}>`])}`
      const [own, any] = ['abcdef'[i % 6], this.#of(['a', 'b', 'c'])]
      return `${step}${this.#of(['', `[${own}]`, '<>', `[${any}]`])}`
    })
    return `${name}@${steps.join('/')}`
  }

  #constraint(rare: number, places: readonly string[]): string {
    const own = places.filter((place) => !place.includes('<'))
    return this.#one(rare) ? ` { ${this.#expression(3, own)} }` : ''
  }

  #expression(depth: number, places: readonly string[]): string {
    if (depth === 0 || this.#one(3)) return this.#atom(places)
    const inner = (): string => this.#expression(depth - 1, places)
    if (this.#one(8)) return `!(${inner()})`
    if (this.#one(10)) return `(${inner()}) ? (${inner()}) : (${inner()})`
    return `(${inner()}) ${this.#of(OPERATORS)} (${inner()})`
  }

  /** Asks about places of the statement alone. */
  #atom(places: readonly string[]): string {
    if (places.length === 0 || this.#one(2)) return this.#of(ATOMS)
    const [at, other] = [this.#of(places), this.#of(places)]
    const bare = at.replaceAll(/\[.*?\]/g, '')
    const stat = this.#stats.find(({ path }) => path === bare)
    if (stat !== undefined && this.#one(2)) return `count(${stat.name}@${at}) > 1`
    return this.#of(PLACE_ATOMS).replaceAll('PATH', at).replaceAll('OTHER', other)
  }

  /** Layers of errors, each of which leads to all of the next. */
  #net(): void {
    const [deep, wide] = [2 + this.#dice.below(12), 2 + this.#dice.below(5)]
    const layer = (d: number): string[] =>
      Array.from({ length: wide }, (_, w) => `error.x.n${d}q${w}@chip/core`)
    const k = this.#of(['(0)->', '(1)->', '(A)->', '(2)->(2)'])
    for (let d = 0; d < deep; d++) {
      for (const name of layer(d)) this.#lines.push(`event ${name};`)
      if (d > 0) this.#lines.push(`prop ${layer(d - 1).join(', ')} ${k} ${layer(d).join(', ')};`)
    }
    this.#lines.push('event fault.x.net@chip/core; event ereport.x.net@chip/core;')
    this.#lines.push(`prop fault.x.net@chip/core (0)-> ${layer(0).join(', ')};`)
    this.#lines.push(`prop ${layer(deep - 1).join(', ')} ${k} ereport.x.net@chip/core;`)
  }

  /** As many ways as there are choices of parts for each of many iterators. */
  #explosion(): void {
    const many = 2 + this.#dice.below(14)
    const path = this.#of(['chip', 'core', 'fn', 'strand'])
    const each = (i: number): string =>
      this.#one(2) ? `${path}[${'abcdefghijklmnopq'[i]}]` : `${path}<${'abcdefghijklmnopq'[i]}>`
    this.#lines.push(`event fault.x.wide@${path}; event error.x.wide@${path};`)
    this.#lines.push(`event ereport.x.wide@${path};`)
    const effects = Array.from({ length: many }, (_, i) => `error.x.wide@${each(i)}`)
    this.#lines.push(`prop fault.x.wide@${path}[z] (0)-> ${effects.join(', ')};`)
    this.#lines.push(`prop error.x.wide@${path} (0)-> ereport.x.wide@${path}<>;`)
  }

  #one(of: number): boolean {
    return this.#dice.below(of) === 0
  }

  #of<T>(list: readonly T[]): T {
    return this.#dice.of(list)
  }
}
