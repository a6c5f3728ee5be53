// Random D sources: real programs, and what is left of them after some accidents with tokens and
// bytes. One seed, one source.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LANGUAGE_SAMPLES } from './language-samples.js'

const ROOT = join(import.meta.dirname, '../..')

function textsIn(folder: string, pattern: RegExp): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => pattern.test(name))
  return names.sort().map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
}

/** Whole programs to begin with: the examples, the golden ones, and samples of every construct. */
const SEEDS: readonly string[] = [
  ...textsIn('examples', /\.d$/),
  ...textsIn('test/d', /^ok\..*\.d$/),
  ...LANGUAGE_SAMPLES,
]

/** Words that make trouble wherever they land. */
const WORDS = `struct union enum typedef translator provider probe inline self this xlate sizeof
offsetof stringof string int char short long long@long unsigned signed void float double const
volatile static extern register if else while for return auto break @ @a @[1] @a[1] arg0 args args[0]
timestamp execname probename curthread curpsinfo uregs[0] errno NULL $1 $$1 $target $$pid 0 1 -1 09
0x7fffffffffffffff 18446744073709551615 18446744073709551616 1.5 1e9 'a' 'abcdefgh' 'abcdefghi' ''
"" "%d" "%s%n%*d" "\\" "\\xff" "/*" /* */ // # #pragma@D@option@quiet ( ) [ ] { } < > , ; : ? . -> ++
-- + - * / % & | ^ ~ ! && || ^^ == != <= >= << >> = += <<= ... \` genunix\`x count() sum(1)
quantize(1) lquantize(1,0,9,1) llquantize(1,2,0,3,2) min(1) avg(1) stddev(1) printf("%d",1) printa(@)
trace(1) print(1) exit(0) speculate(1) commit(1) discard(1) speculation() clear(@) trunc(@,1)
normalize(@,0) stack() ustack() tracemem(0,16) copyinstr(0) alloca(8) bcopy(0,0,8) strlen("")
substr("abc",1) strtok("a,b",",") strjoin("a","b") index("a","b") inet_ntop(2,0) json("{}","a")
lltostr(1) strtoll("1") rand() basename("/a") BEGIN END ERROR tick-1ms profile-97 xpv::: xdt:::
1 :::: *:*:*:* [!a]* dtrace:::BEGIN /1/ /0/`
  .split(/\s+/)
  .map((word) => word.replaceAll('@@', '\u0000').replace(/(?<=\w)@(?=\w)/g, ' '))

/** Random choices from one seed (mulberry32). */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 to `n` - 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let x = this.#state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) % n
  }

  of<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }
}

const TOKEN = /\s+|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[@$`]*\w+|[-+*/%&|^<>=!]+|[^\s\w]/gs

const tokensOf = (text: string): string[] => text.match(TOKEN) ?? []

/** Changes one place of a list of tokens. */
function shake(tokens: string[], dice: Dice): void {
  const at = dice.below(tokens.length + 1)
  const other = (): string => dice.of(tokens.length > 0 ? tokens : WORDS)
  switch (dice.below(7)) {
    case 0:
      tokens.splice(at, 1 + dice.below(4))
      break
    case 1:
      tokens.splice(at, 0, ` ${dice.of(WORDS)} `)
      break
    case 2:
      tokens.splice(at, 1, ` ${dice.of(WORDS)} `)
      break
    case 3:
      tokens.splice(at, 1, other())
      break
    case 4:
      tokens.splice(at, 0, ...tokens.slice(at, at + dice.below(12)))
      break
    case 5: {
      const foreign = tokensOf(dice.of(SEEDS))
      const from = dice.below(foreign.length)
      tokens.splice(at, dice.below(6), ...foreign.slice(from, from + dice.below(20)))
      break
    }
    default: {
      const to = dice.below(tokens.length + 1)
      const moved = tokens.splice(at, 1 + dice.below(6))
      tokens.splice(to, 0, ...moved)
    }
  }
}

/** Changes some characters, without respect for tokens. */
function scratch(text: string, dice: Dice): string {
  const at = dice.below(text.length + 1)
  const stray = (): string =>
    String.fromCharCode(
      dice.of([
        0,
        1,
        9,
        10,
        13,
        34,
        39,
        92,
        127,
        255,
        0x2028,
        0xd800,
        0xdfff,
        0xfeff,
        0xffff,
        32 + dice.below(95),
      ]),
    )
  switch (dice.below(5)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(at)
    case 2:
      return text.slice(0, at) + stray() + text.slice(at + 1)
    case 3:
      return text.slice(0, at) + stray() + text.slice(at)
    default:
      return text.slice(0, at) + text.slice(at + 1 + dice.below(40))
  }
}

/** Patterns that nest: before, inside, after. */
const NESTS: readonly (readonly [open: string, inside: string, close: string])[] = [
  ['(', '1', ')'],
  ['-', '1', ''],
  ['!', '1', ''],
  ['~', 'x', ''],
  ['*', 'x', ''],
  ['&', 'x', ''],
  ['++', 'x', ''],
  ['(int)', '1', ''],
  ['(char *)', '0', ''],
  ['1+', '1', ''],
  ['x=', '1', ''],
  ['1?1:', '1', ''],
  ['1?', '1', ':1'],
  ['1&&', '1', ''],
  ['1,', '1', ''],
  ['sizeof(', '1', ')'],
  ['stringof(', '"a"', ')'],
  ['strlen(', '"a"', ')'],
  ['strjoin("a",', '"a"', ')'],
  ['x[', '1', ']'],
  ['self->', 'x', ''],
  ['x', '', '[1]'],
  ['x', '', '->x'],
  ['x', '', '.x'],
  ['@[', '1', ']=count()'],
  ['alloca(', '1', ')'],
]

const STATEMENT_NESTS: readonly (readonly [open: string, inside: string, close: string])[] = [
  ['if (1) {', 'trace(1);', '}'],
  ['if (1) ', 'trace(1);', ''],
  ['if (1) trace(1); else ', 'trace(2);', ''],
  ['{', '', '}'],
]

const TOP_NESTS: readonly (readonly [open: string, inside: string, close: string])[] = [
  ['struct s {', 'int a;', '} x;'],
  ['union {', 'int a;', '} x;'],
  ['typedef ', 'int t', ';'],
  ['int ', 'x', '*;'],
  ['int (*', 'x', ')(int);'],
  ['int x', '', '[2]'],
  ['BEGIN,', 'END', '{}'],
  ['BEGIN/1/{}', '', ''],
  ['enum {', 'A', '} e;'],
  ['inline int i = ', '1;', ''],
]

/** A source with something in it that is nested very deep, or repeated very often. */
function nested(dice: Dice): string {
  const depth = dice.of([10, 100, 1000, 10_000, 40_000])
  const where = dice.below(4)
  const [open, inside, close] = dice.of(
    where === 0 ? STATEMENT_NESTS : where === 1 ? TOP_NESTS : NESTS,
  )
  const closed = dice.below(4) > 0 ? depth : dice.below(depth)
  const text = open.repeat(depth) + inside + close.repeat(closed)
  if (where === 1) return text
  if (where === 0) return `BEGIN { ${text} }`
  return dice.of([
    `BEGIN { x = ${text}; }`,
    `BEGIN { trace(${text}); }`,
    `BEGIN /${text}/ { }`,
    `BEGIN { @[${text}] = sum(${text}); }`,
    `inline int i = ${text}; BEGIN { trace(i); }`,
    `int a[${text}];`,
  ])
}

/** The source of a seed. */
export function randomSource(seed: number): string {
  const dice = new Dice(seed)
  if (dice.below(40) === 0) return nested(dice)
  const tokens = tokensOf(dice.of(SEEDS))
  if (dice.below(60) === 0) return tokens.join('').repeat(1 + dice.below(300))
  for (let n = dice.below(dice.of([2, 4, 10])); n > 0; n--) shake(tokens, dice)
  let text = tokens.join('')
  for (let n = dice.below(3); n > 0 && dice.below(3) === 0; n--) text = scratch(text, dice)
  return text
}
