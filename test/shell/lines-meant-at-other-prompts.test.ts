// What is typed or pasted from other prompts: the words that leave and help there, and transcripts
// of sessions, of which only what was typed is run.
import { expect, it } from 'vitest'
import { meantLine } from '../../src/shell/habits.js'
import { pastedIn } from '../../src/shell/pasted.js'

it.each<readonly [string, string]>([
  ...['exit', 'quit', 'exit()', 'quit();', ':q', ':wq', ':q!', '/exit', '\\q', ' bye '].map(
    (line) => [line, '.exit'] as const,
  ),
  ...['?', '??', '/help', ':help', '/?', '\\?', ':h', 'man'].map((line) => [line, 'help'] as const),
  ['man dtrace', 'help dtrace'],
  ['? xm', 'help xm'],
  ['clear', '.clear'],
  ...['domains?', 'exitCode', 'const quit = 1', 'help', 'a ? b : c', '.exit x'].map(
    (line) => [line, line] as const,
  ),
])('%s means %s', (line, meant) => expect(meantLine(line, () => false)).toBe(meant))

it('a name that a cell declared is that name', () => {
  expect(meantLine('exit', (name) => name === 'exit')).toBe('exit')
})

const COMMANDS = new Set(['dtrace', 'xm', 'psrinfo'])
const isLine = (line: string): boolean => COMMANDS.has(line.trim().split(/\s/)[0] ?? '')

it.each([
  {
    name: 'at our prompt, below a banner',
    text: 'xpv 0.1.0: help\nxpv> const a = {\n...> b: 1 }\nxpv> a.b\n1\nxpv> ',
    lines: ['const a = {', 'b: 1 }', 'a.b', ''],
  },
  {
    name: 'of a root prompt, with what it answered',
    text: "# dtrace -n 'xpv::: {}'\ndtrace: matched 31 probes\n  0   6295\n# xm list\nName  ID\n",
    lines: ["dtrace -n 'xpv::: {}'", 'xm list'],
  },
  {
    name: 'of a root prompt, a quote over several lines',
    text: "$ dtrace -n 'xpv:::\n> { @ = count(); }'\nmatched 31\n$ psrinfo",
    lines: ["dtrace -n 'xpv:::\n{ @ = count(); }'", 'psrinfo'],
  },
  {
    name: 'of a root prompt, and commands without a mark',
    text: '# xm list\nxm create web1\n',
    lines: ['xm list', 'xm create web1'],
  },
  {
    name: "at Node's prompt",
    text: '> const a = [\n... 1]\nundefined\n> a[0]\n1',
    lines: ['const a = [', '1]', 'a[0]'],
  },
  { name: 'code of several lines', text: 'const a = {\n  b: 1,\n}', lines: undefined },
  { name: 'one marked line', text: '# xm list', lines: undefined },
  {
    name: 'commands, and code between them',
    text: 'xm list\na + 1',
    lines: ['xm list', 'a + 1'],
  },
])('pasted: $name', ({ text, lines }) => expect(pastedIn(text, isLine)?.lines).toEqual(lines))
