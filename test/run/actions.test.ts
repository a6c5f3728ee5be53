// Actions beyond trace() and printf(): what they record, and what a recording cannot do.
//
// Expected behaviour: D language guide, "Actions and Subroutines"; facts of illumos dtrace.c and
// dt_consume.c, and of DTrace for Linux.
import { describe, expect, it } from 'vitest'
import type { RecordItem } from '../../src/dtrace/program/record.js'
import { ENGINES, type Row, runD } from './build.js'

const A = (ticks: number, more: Partial<Row> = {}): Row => ({ ticks, probe: 100, ...more })

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, options: object = {}) =>
    runD(text, [A(1, { args: [7] })], { engine, options: new Map(Object.entries(options)) })
  const items = (text: string, options: object = {}): RecordItem[] =>
    run(text, options).records.flatMap((r) => (r.kind === 'firing' ? r.items : []))
  const faults = (text: string, options: object = {}) =>
    run(text, options).records.flatMap((r) => (r.kind === 'fault' ? [r] : []))

  const BYTES = 'BEGIN { p = (char *)alloca(4); p[0] = 1; p[1] = 2; p[2] = 3; p[3] = 4;'
  it.each([
    ['4', [1, 2, 3, 4], [1, 2, 3, 4]],
    ['3', [1, 2, 3], [1, 2, 3]],
    ['4, 2', [1, 2], [1, 2]],
    ['4, 9', [1, 2, 3, 4], [1, 2, 3, 4]],
    ['4, -1', [1, 2, 3, 4], [1, 2, 3, 4]],
    ['4, 0', [1, 2, 3, 4], []],
  ])('tracemem(p, %s) records bytes', (sizes, illumos, linux) => {
    const text = `${BYTES} tracemem(p, ${sizes}); }`
    const recorded = (bytes: number[]) => [{ kind: 'tracemem', bytes: Uint8Array.from(bytes) }]
    expect(items(text)).toEqual(recorded(illumos))
    expect(items(text, { dialect: 'linux' })).toEqual(recorded(linux))
  })

  it('tracemem() of an address without memory is a fault', () => {
    expect(faults('BEGIN { tracemem(64, 8); }')).toMatchObject([
      { fault: 1, text: 'invalid address', value: 64n, action: 1 },
    ])
    expect(faults('BEGIN { tracemem(64, 8, 4); }')).toMatchObject([{ action: 2 }])
  })

  it('a recording has no frames, and its addresses are their own symbols', () => {
    expect(items('BEGIN { stack(); ustack(5); sym(0x40); }')).toMatchObject([
      { kind: 'stack', frames: [] },
      { kind: 'stack', frames: [] },
      { kind: 'trace', value: { type: { name: '_symaddr' }, value: 0x40n } },
    ])
  })

  it('symbols and stacks are keys', () => {
    const { result } = run('BEGIN { @[sym(0x40), stack(), usym(2)] = count(); }')
    expect(result.aggregations[0]?.groups).toMatchObject([{ key: [0x40n, '', 2n] }])
    expect(result.aggregations[0]?.decl.keys).toMatchObject([
      { kind: 'int', form: 'address' },
      { kind: 'string', form: 'stack' },
      { kind: 'int', form: 'address' },
    ])
  })

  it('setopt() is recorded where the option can change, and told where it cannot', () => {
    const { records } = run(
      'BEGIN { setopt("quiet"); setopt("switchrate", "1s"); setopt("nix"); setopt("bufsize", "1m"); }',
    )
    expect(records).toMatchObject([
      {
        items: [
          { kind: 'setopt', option: 'quiet' },
          { kind: 'setopt', option: 'switchrate', value: '1s' },
        ],
      },
      { fault: 1000, action: -1, text: `couldn't set option "nix" to "1": Invalid option name\n` },
      {
        fault: 1000,
        text: `couldn't set option "bufsize" to "1m": Operation illegal when tracing is active\n`,
      },
    ])
  })

  it.each(['system("ls")', 'freopen("f")', 'raise(9)', 'stop()', 'panic()', 'chill(1)'])(
    '%s runs only with -w',
    (action) => {
      const refused = 'could not enable tracing: Destructive actions not allowed'
      expect(() => run(`BEGIN { ${action}; }`)).toThrow(refused)
      expect(() => run(`BEGIN { ${action}; }`, { destructive: '' })).not.toThrow()
    },
  )

  it.each([
    'raise(9)',
    'stop()',
    'panic()',
    'breakpoint()',
    'chill(1)',
    'copyout("a", 1, 1)',
    'copyoutstr("a", 1, 1)',
  ])('%s is a fault: a recording is no machine to act on', (action) => {
    const text = `BEGIN { x = 1; ${action}; x = 2; } BEGIN { exit(x); }`
    const out = run(text, { destructive: '' })
    expect(out.records[0]).toMatchObject({
      kind: 'fault',
      fault: 3,
      action: 2,
      text: `${action.replace(/\(.*/, '')}() cannot act on this machine`,
    })
    expect(out.result.status).toBe(1)
  })

  it('system() and freopen() record what their formats make', () => {
    const text =
      'int x; BEGIN { system("echo %d", x + 3); freopen("%s.out", "a"); freopen(""); ftruncate(); }'
    expect(items(text, { destructive: '' })).toMatchObject([
      { kind: 'system', format: { text: 'echo %d' }, args: [{ value: 3n }] },
      { kind: 'freopen', args: [{ value: 'a' }] },
      { kind: 'freopen', format: { text: '' }, args: [] },
      { kind: 'ftruncate' },
    ])
  })

  it('ERROR is told where the fault was, as each dialect counts', () => {
    const text =
      'int y; BEGIN {} BEGIN { x = 1; trace(1 / y); } ERROR { printf("%d %d %d %d %d", arg1, arg2, arg3, arg4, arg5); }'
    const args = (options: object) =>
      items(text, options).flatMap((i) => (i.kind === 'printf' ? i.args.map((a) => a.value) : []))
    expect(args({})).toEqual([2n, 2n, -1n, 4n, 0n])
    expect(args({ dialect: 'linux' })).toEqual([1n, 1n, 2n, 4n, 0n])
  })
})
