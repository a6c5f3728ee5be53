// dtrace(8)'s command line: what it says, where, and with which status.
//
// Expected texts are those of cmd/dtrace/dtrace.c of illumos and of Oracle's DTrace.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dtrace } from './dtrace-run.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-dtrace-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const script = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('what is wrong is said in DTrace words', () => {
  it.each<[string[], number, string]>([
    [['-x', 'foo', '-n', 'BEGIN'], 1, 'failed to set -x foo: Invalid option name'],
    [['-x', 'bufsize=9z'], 1, 'failed to set -x bufsize: Invalid value for specified option'],
    [['-xstdc=X', '-n', 'BEGIN'], 1, 'failed to set -x stdc: Invalid value for specified option'],
    [
      ['-xversion=99.1', '-n', 'BEGIN'],
      1,
      'failed to set -x version: Requested version is not supported by compiler',
    ],
    [['-b', 'x', '-n', 'BEGIN'], 1, 'failed to set -b x: Invalid value for specified option'],
    [['-q'], 1, 'no probes specified'],
    [['-D', '', '-n', 'BEGIN'], 1, 'failed to set -D : Invalid value for specified option'],
    [['-s', '/tmp'], 1, 'failed to open /tmp: Is a directory'],
    [
      ['-o', '/no/such/folder/f', '-n', 'BEGIN'],
      1,
      "failed to open output file '/no/such/folder/f': No such file or directory",
    ],
    [
      ['-i', '0', '-', '2'],
      1,
      'invalid probe specifier 0: invalid probe identifier 0: Unknown probe identifier',
    ],
    [['-s', '/no/such.d'], 1, 'failed to open /no/such.d: No such file or directory'],
    [
      ['-n', 'BEGIN { x = y; }'],
      1,
      'invalid probe specifier BEGIN { x = y; }: in action list: failed to resolve y: ' +
        'Unknown variable name',
    ],
    [
      ['-xerrtags', '-n', 'nosuch:::'],
      1,
      'invalid probe specifier nosuch:::: [D_PDESC_ZERO] probe description nosuch::: ' +
        'does not match any probes',
    ],
    [
      ['-m', 'profile:::profile-97'],
      1,
      'invalid probe specifier profile:::profile-97: invalid probe description ' +
        '"profile:::profile-97": Overspecified probe description',
    ],
    [
      ['-f', '::nosuch:'],
      1,
      'invalid probe specifier ::nosuch:: probe description :nosuch:: does not match any probes',
    ],
    [
      ['-n', 'BEGIN', 'extra'],
      1,
      "invalid probe specifier BEGIN: extraneous argument 'extra' ($1 is not referenced)",
    ],
  ])('%j', async (words, status, message) => {
    const run = await dtrace(words)
    expect(run).toEqual({ status, out: '', warned: `dtrace: ${message}\n` })
  })

  it.each([
    [['-n'], 'dtrace: option requires an argument -- n\nUsage: dtrace '],
    [['-y'], 'dtrace: illegal option -- y\nUsage: dtrace '],
    [[], 'dtrace: what is to be done?\nUsage: dtrace '],
    [['-9'], 'dtrace: illegal option -- 9\nUsage: dtrace '],
    [['-34'], 'dtrace: illegal option -- 34\nUsage: dtrace '],
    [['--explian'], 'dtrace: illegal option -- explian; did you mean --explain?\nUsage: '],
    [['--format', 'jsn'], 'dtrace: there is no format jsn; did you mean json?\nUsage: '],
    [['-lV'], 'dtrace: only one of the [-AGhlV] options can be specified at a time\n'],
    [['-G'], 'dtrace: -G requires one or more scripts or enabling options\n'],
    [['-hn', 'BEGIN'], 'dtrace: -h requires an output file if no scripts are specified\n'],
    [['-G', '-n', 'BEGIN'], 'dtrace: -G: there is no object file to put probes into\n  try: '],
    [
      ['-hs', 'a.d'],
      'dtrace: -h: there is no program of yours whose probes need a header\n  try: ',
    ],
    [['-32', '-n', 'BEGIN'], 'dtrace: -32: programs have 64-bit longs and pointers\n  try: '],
    [['-a'], 'dtrace: -a: no trace is kept from boot to be claimed\n  try: '],
    [['-A', '-n', 'BEGIN'], 'dtrace: -A: no kernel boots here to trace it from the start\n  try: '],
    [['-c', 'date'], 'dtrace: -c: commands run only from the command line'],
  ])('%j is wrong usage', async (words, start) => {
    const run = await dtrace(words)
    expect(run.status).toBe(2)
    expect(run.warned.slice(0, start.length)).toBe(start)
  })

  it('all mistakes come with places and hints where somebody reads along', async () => {
    const words = ['-n', 'BEGIN { trace(a); trace(b); }']
    const alone = await dtrace(words)
    const explained = await dtrace(words, { explain: true })
    expect(alone.warned.split('\n')).toHaveLength(2)
    expect(explained.warned.startsWith(alone.warned)).toBe(true)
    expect(explained.warned).toContain('failed to resolve b')
    expect((await dtrace(['-v', ...words])).warned).toBe(explained.warned)
  })
})

describe('a script', () => {
  it('has a name that $0 and $$0 stand for', async () => {
    const path = script('name.d', '#pragma D option quiet\nBEGIN { printf("%s", $$0); exit(0); }')
    expect((await dtrace(['-s', path])).out).toBe(`${path}\n`)
  })

  it.each([
    ['empty.d', '/* nothing */\n', 'line 2: empty D program translation unit'],
    ['open.d', 'BEGIN\n{\n\ttrace("a\n}\n', 'line 4: newline encountered in string literal'],
    ['extra.d', 'BEGIN\n{\n\ttrace(arg0));\n}\n', 'line 3: extra ) in input stream'],
    ['index.d', 'BEGIN\n/a[0/\n{\n}\n', 'line 3: closing ] expected in predicate before /'],
    [
      'pragma.d',
      'BEGIN { }\n#pragma',
      'line 2: end-of-file encountered before end of control line',
    ],
    [
      'both.d',
      'BEGIN\n/x/\n{\n\ttrace(x);\n}\n',
      'line 2: failed to resolve x: Unknown variable name',
    ],
    ['error.d', '#pragma D error too old\n', 'line 1: #error: too old '],
    [
      'inline.d',
      'inline int a = 1;\ninline int a = 2;\nBEGIN { }\n',
      'line 2: identifier redefined: a\n\t current: inline definition\n\tprevious: scalar inline',
    ],
    [
      'type.d',
      'inline int a = "x";\nBEGIN { }\n',
      'line 1: inline a definition uses incompatible types: "int" = "string"',
    ],
  ])('%s does not compile', async (name, text, message) => {
    const path = script(name, text)
    const warned = `dtrace: failed to compile script ${path}: ${message}\n`
    expect(await dtrace(['-s', path])).toEqual({ status: 1, out: '', warned })
  })

  it('with nothing that can fire is a mistake, unless -Z allows it', async () => {
    const path = script('none.d', '#pragma D option empty\n')
    const refused = await dtrace(['-s', path])
    expect(refused).toMatchObject({ status: 1, out: '' })
    expect(refused.warned).toBe(
      `dtrace: script '${path}' matched 0 probes\ndtrace: no probes matched\n`,
    )
    expect(await dtrace(['-Zq', '-s', path])).toEqual({ status: 0, out: '\n', warned: '' })
  })
})

describe('-e', () => {
  it('compiles, and runs nothing', async () => {
    const run = await dtrace(['-en', 'BEGIN { trace(1); }'])
    expect(run).toEqual({ status: 0, out: '', warned: '' })
    expect((await dtrace(['-en', 'BEGIN { trace(y); }'])).status).toBe(1)
  })

  it('with -v tells how far a program may be relied upon', async () => {
    const { out } = await dtrace(['-evn', 'profile:::tick-1s { trace(probemod); }'])
    expect(out).toBe(`
Stability attributes for description profile:::tick-1s :

\tMinimum Probe Description Attributes
\t\tIdentifier Names: Evolving
\t\tData Semantics:   Evolving
\t\tDependency Class: Common

\tMinimum Statement Attributes
\t\tIdentifier Names: Unstable
\t\tData Semantics:   Unstable
\t\tDependency Class: Unknown

profile:::tick-1s

\tProbe Description Attributes
\t\tIdentifier Names: Evolving
\t\tData Semantics:   Evolving
\t\tDependency Class: Common

\tArgument Attributes
\t\tIdentifier Names: Evolving
\t\tData Semantics:   Evolving
\t\tDependency Class: Common

\tArgument Types
\t\tNone

`)
  })

  it('needs no program', async () => {
    expect(await dtrace(['-b', '1g', '-b', '2g', '-e'])).toEqual({ status: 0, out: '', warned: '' })
  })
})

describe('-l', () => {
  const HEAD = '   ID   PROVIDER            MODULE                          FUNCTION NAME\n'
  const BEGIN = '    1     dtrace                                                     BEGIN\n'
  const END = '    2     dtrace                                                     END\n'

  it.each<[string[], string]>([
    [['-ln', 'BEGIN'], HEAD + BEGIN],
    [['-l', '-i', '2', '-n', 'BEGIN'], HEAD + END + BEGIN],
    [['-ln', 'dtrace:::BEGIN,dtrace:::END /pid/ { trace(1); }'], HEAD + BEGIN + END],
    [['-l', '-f', ':'], ''],
  ])('%j', async (words, out) => {
    const run = await dtrace(words)
    if (out !== '') expect(run).toEqual({ status: 0, out, warned: '' })
    else expect(run.out.split('\n').length).toBe((await dtrace(['-l'])).out.split('\n').length)
  })

  it('says what matches nothing, and lists the rest', async () => {
    const warned = 'dtrace: failed to match :::nosuch: No probe matches description\n'
    const run = await dtrace(['-ln', 'nosuch', '-n', 'END'])
    expect(run).toEqual({ status: 0, out: HEAD + END, warned })
  })

  it('lists what a script enables', async () => {
    const path = script('list.d', 'END { trace(1); }\nBEGIN { x = 1; }\n')
    expect((await dtrace(['-l', '-s', path])).out).toBe(HEAD + END + BEGIN)
  })

  it('compiles what it lists', async () => {
    const run = await dtrace(['-ln', 'BEGIN { x = y; }'])
    expect(run.status).toBe(1)
    expect(run.warned).toContain('failed to resolve y')
  })
})

describe('options', () => {
  it('-D -U -I -H change nothing without -C', async () => {
    const run = await dtrace(['-DA=1', '-U', 'B', '-I/x', '-H', '-qn', 'BEGIN { exit(3); }'])
    expect(run).toEqual({ status: 3, out: '\n', warned: '' })
  })

  it('-o appends to a file', async () => {
    const path = script('out', 'before\n')
    const run = await dtrace(['-o', path, '-qn', 'BEGIN { printf("%d", 7); exit(0); }'])
    expect(run).toEqual({ status: 0, out: '', warned: '' })
    expect(readFileSync(path, 'utf8')).toBe('before\n7\n')
  })

  it.each([
    ['-qx', 'strsize=8'],
    ['-xquiet', '-xstrsize=8'],
    ['-xstrsize=8', '-q'],
  ])('%s %s: in any order, glued or not', async (...words) => {
    const run = await dtrace([...words, '-n', 'BEGIN { s = ""; exit(sizeof (s)); }'])
    expect(run).toEqual({ status: 8, out: '\n', warned: '' })
  })

  it('-p says what $target is, which otherwise is 0', async () => {
    const program = ['-qn', 'BEGIN { exit($target); }']
    expect((await dtrace(program)).status).toBe(0)
    expect((await dtrace(['-p', '77', ...program])).status).toBe(77)
    const warned = 'dtrace: invalid pid: 7x\n'
    expect(await dtrace(['-p', '7x', ...program])).toEqual({ status: 1, out: '', warned })
  })

  it('-S prints the typed program and goes on', async () => {
    const run = await dtrace(['-Sqn', 'BEGIN { exit(arg0 + 2); }'])
    expect(run.status).toBe(2)
    expect(run.warned).toContain('statement 1: exit\n')
    expect(run.warned).toMatch(/ {4}arithmetic \+ +int64_t\n {6}arg 0 +int64_t\n {6}int 2 +int\n/)
  })

  it('--explain tells what a program does, and runs nothing', async () => {
    const run = await dtrace(['--explain', '-n', 'BEGIN { exit(3); }'])
    expect(run).toMatchObject({ status: 0, warned: '' })
    expect(run.out).toContain('1. At the start:\n  - ends the run with status 3\n')
  })

  it('-x help and --help tell what there is', async () => {
    expect((await dtrace(['-x', 'help'])).out).toMatch(
      /^ {2}strsize +SIZE \(256\) +bytes of a string$/m,
    )
    const { out } = await dtrace(['--help'])
    for (const letter of 'CeFHlqSvVwZbcDILopsUx') expect(out).toContain(`-${letter}`)
  })

  it('-V tells the version, which -x version takes', async () => {
    for (const dialect of ['illumos', 'linux']) {
      const [, version] =
        /D ([0-9.]+)\n$/.exec((await dtrace(['-Vx', `dialect=${dialect}`])).out) ?? []
      const words = [
        '-x',
        `dialect=${dialect}`,
        `-xversion=${version}`,
        '-qn',
        'BEGIN { exit(5); }',
      ]
      expect((await dtrace(words)).status).toBe(5)
    }
  })

  it('every source must use the last argument', async () => {
    const run = await dtrace(['-n', 'BEGIN { trace($1); }', '-n', 'END { }', '8'])
    expect(run.warned).toBe(
      "dtrace: invalid probe specifier END { }: extraneous argument '8' ($1 is not referenced)\n",
    )
  })

  it('words after the program are its macros', async () => {
    const text = 'BEGIN { printf("%d %s %s", $1, $$2, $3); exit(0); }'
    expect((await dtrace(['-qn', text, '-7', '12', 'a b'])).status).toBe(2)
    expect((await dtrace(['-qn', text, '--', '-7', '12', '"a b"'])).out).toBe('-7 12 a b\n')
  })
})

it('BEGIN and END fire in the process dtrace', async () => {
  const run = await dtrace([
    '-qn',
    'BEGIN,END { printf("%s %s\\n", probename, execname); exit(0); }',
  ])
  expect(run.out).toBe('BEGIN dtrace\nEND dtrace\n\n')
})

it('a base that no number is written in is a fault', async () => {
  const clauses = 'BEGIN { b = 37; trace(lltostr(5, b)); } ERROR { trace(arg4); exit(3); }'
  const warned =
    'dtrace: error on enabled probe ID 1 (ID 1: dtrace:::BEGIN): illegal operation in action #2\n'
  expect(await dtrace(['-qn', clauses])).toEqual({ status: 3, out: '3\n', warned })
})

describe('strings', () => {
  it.each([
    ['strtok() goes on at the delimiter', 'strtok("a,b;c", ","); trace(strtok(NULL, ";"))', ',b'],
    ['substr() from before the start', 'trace(substr("abcde", -9))', 'abcde'],
    ['substr() with a length from before the start', 'trace(substr("abcde", -7, 3))', 'a'],
    ['sizeof a literal counts its NUL', 'trace(sizeof ("hi"))', '3'],
    ['sizeof a string is strsize', 's = "hi"; trace(sizeof (s))', '256'],
  ])('%s', async (_, statements, out) => {
    expect((await dtrace(['-qn', `BEGIN { ${statements}; exit(0); }`])).out).toBe(`${out}\n`)
  })
})
