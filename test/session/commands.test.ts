// Commands: which lines are commands, how their words are split, and what a pasted line does.
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { XpvError } from '../../src/base/error.js'
import type { Command } from '../../src/session/command.js'
import { Session } from '../../src/session/session.js'
import { splitWords } from '../../src/session/words.js'

/** Writes its arguments one per line; its status is the last one, when that is a number. */
const dtrace: Command = {
  name: 'dtrace',
  summary: 'list probes, or run a D program',
  usage: '[-ln PROGRAM]',
  examples: ["dtrace -l -i 'xpv:::'"],
  run: async (argv, io) => {
    if (argv.includes('-x')) throw new XpvError('dtrace.usage', 'no such option', 'dtrace -l')
    io.warn(`${io.columns} columns\n`)
    io.write(argv.map((word) => `[${word}]\n`).join(''))
    return Number(argv.at(-1)) || 0
  },
}

let session: Session
let warned: string
beforeEach(() => {
  warned = ''
  const warn = (text: string) => {
    warned += text
  }
  session = new Session({
    globals: { explain: () => 1 },
    commands: [dtrace],
    write: () => {},
    warn,
    width: 99,
  })
})
afterEach(() => session.close())

describe('a line', () => {
  it.each([
    ["dtrace -n 'xpv::: {}'", '[-n]\n[xpv::: {}]\n'],
    ["# dtrace -n 'xpv::: {}'", '[-n]\n[xpv::: {}]\n'],
    ["$ dtrace -l -i 'xpv:::'", '[-l]\n[-i]\n[xpv:::]\n'],
    ['# dtrace a\n# dtrace b', '[a]\n99 columns\n[b]\n'],
    ["dtrace -n '\nBEGIN {\n  trace(1);\n}'", '[-n]\n[\nBEGIN {\n  trace(1);\n}]\n'],
    ['dtrace -n BEGIN \\\n  -q', '[-n]\n[BEGIN]\n[-q]\n'],
  ])('%j runs the command', async (line, output) => {
    const result = await session.evaluate(line)
    expect(result).toMatchObject({ kind: 'ok', value: undefined, shown: undefined, status: 0 })
    expect(result).toMatchObject({ output: `99 columns\n${output}` })
    expect(warned).toMatch(/^(99 columns\n)+$/)
  })

  it.each([
    ['of a binding of that name', ['const dtrace = 5', 'dtrace'], 5],
    ['that only starts like a command', ['const dtraceable = 6', 'dtraceable'], 6],
    ['that calls', ['function help() { return 7 }', 'help()'], 7],
    ['after a prompt sign', ['# 1 + 1'], 2],
    [
      'with a private name in it',
      ['class A { #x = 1; get x() { return this.#x } }', 'new A().x'],
      1,
    ],
  ])('%s is TypeScript', async (_, cells, value) => {
    let last: unknown
    for (const cell of cells) last = await session.evaluate(cell)
    expect(last).toMatchObject({ kind: 'ok', value })
  })

  it('keeps the status, and stops at the first command that fails', async () => {
    const result = await session.evaluate('dtrace 3\ndtrace never')
    expect(result).toMatchObject({ kind: 'ok', status: 3, output: '99 columns\n[3]\n' })
  })

  it.each([
    ['# uname -a', 'session.unknown-command: uname is not a command here\n  try: help'],
    ['help nothing', 'session.no-help: the manual has nothing on nothing\n  try: help'],
    ['dtrce -l', 'ReferenceError: dtrce is not defined\n    at cell 1, line 1:1\n  try: dtrace -l'],
    [
      'man dtrace',
      "nb.syntax: line 1:5: Expected ';', '}' or <eof>\n  man dtrace\n      ^^^^^^\n  try: help",
    ],
    [
      'explain 5',
      "nb.syntax: line 1:9: Expected ';', '}' or <eof>\n  explain 5\n          ^\n  try: explain(5)",
    ],
    [
      'explain ENOENT',
      "nb.syntax: line 1:9: Expected ';', '}' or <eof>\n  explain ENOENT\n          ^^^^^^\n" +
        "  try: explain('ENOENT')",
    ],
    ['dtrace -x', 'dtrace.usage: no such option\n  try: dtrace -l'],
    ['dtrace -l | wc', 'session.no-pipe: `|` is a matter for an operating system'],
  ])('%j says what is wrong', async (line, text) => {
    const result = await session.evaluate(line)
    expect(result.kind === 'error' && result.error.text.slice(0, text.length)).toBe(text)
  })

  it('waits for an open quote', async () => {
    expect(await session.evaluate("dtrace -n 'BEGIN {")).toEqual({ kind: 'incomplete' })
    const result = await session.evaluate("dtrace -n 'BEGIN {", { final: true })
    expect(result).toMatchObject({ kind: 'error', error: { code: 'nb.open-quote' } })
  })

  it('is in the journal without its prompt sign', async () => {
    await session.evaluate('# dtrace -l')
    expect(session.journal.entries).toMatchObject([{ language: 'command', source: 'dtrace -l' }])
  })
})

it('runs a D cell as a program', async () => {
  const source = 'BEGIN { exit(0); }'
  expect(await session.evaluate(source, { language: 'd' })).toMatchObject({
    output: `99 columns\n[--past]\n[--text]\n[${source}]\n`,
  })
})

it('does not take a command cell for anything else', async () => {
  const result = await session.evaluate('nothing here', { language: 'command' })
  expect(result).toMatchObject({ kind: 'error', error: { code: 'session.unknown-command' } })
})

it('helps with all commands and with one', async () => {
  expect(await session.evaluate('help')).toMatchObject({
    output: expect.stringMatching(/^commands: +dtrace help$/m),
  })
  expect(await session.evaluate('help all')).toMatchObject({
    output: expect.stringContaining('  dtrace  list probes, or run a D program\n'),
  })
  expect(await session.evaluate('help dtrace')).toMatchObject({
    output:
      'dtrace - list probes, or run a D program\nusage: dtrace [-ln PROGRAM]\n' +
      "examples:\n  dtrace -l -i 'xpv:::'\n",
  })
})

describe('words', () => {
  // Each line as dash splits it, expansions aside.
  it.each([
    ["a 'b c' d", ['a', 'b c', 'd']],
    ['a "b \\" \\\\ \\$x \\n"', ['a', 'b " \\ $x \\n']],
    ["it\\'s a\\ b", ["it's", 'a b']],
    ['\'one\'"two"three', ['onetwothree']],
    ['\'\' ""', ['', '']],
    ['a\tb  c ', ['a', 'b', 'c']],
    ['"two\nlines"', ['two\nlines']],
    ['a \\\n b', ['a', 'b']],
    ['xpv:::*-start $1 ~', ['xpv:::*-start', '$1', '~']],
  ])('%j', (line, words) => expect(splitWords(line)).toEqual({ kind: 'lines', lines: [words] }))

  it.each(["'", 'a "b', "a 'b\nc", 'a \\', 'a \\\n'])('%j is not finished', (line) =>
    expect(splitWords(line)).toEqual({ kind: 'incomplete' }),
  )

  it('single quotes carry any text', () => {
    const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
        const split = splitWords(words.map(quote).join(' '))
        expect(split).toEqual({ kind: 'lines', lines: [words] })
      }),
    )
  })
})
