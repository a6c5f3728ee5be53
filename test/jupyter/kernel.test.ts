// A kernel answers as Jupyter's protocol says: without sockets, in this process.
import { afterEach, describe, expect, it } from 'vitest'
import { MOST } from '../../src/jupyter/publisher.js'
import { FakeClient, type Said } from './fake-client.js'

let client: FakeClient
afterEach(() => client.close())

const of = (type: string, heard: readonly Said[]) => heard.filter((each) => each.type === type)
const printed = (name: string, heard: readonly Said[]): string =>
  of('stream', heard)
    .filter(({ content }) => content['name'] === name)
    .map(({ content }) => String(content['text']))
    .join('')

describe('a cell', () => {
  it('is busy, told, printed, shown, answered, idle: in that order', async () => {
    client = new FakeClient()
    const id = client.send('execute_request', { code: "console.log('hi')\nanswer" })
    const heard = await client.about(id)
    expect(heard.map(({ channel, type }) => `${channel} ${type}`)).toEqual([
      'iopub status',
      'iopub execute_input',
      'iopub stream',
      'iopub execute_result',
      'shell execute_reply',
      'iopub status',
    ])
    expect(heard[1]?.content).toEqual({ code: "console.log('hi')\nanswer", execution_count: 1 })
    expect(heard[2]?.content).toEqual({ name: 'stdout', text: 'hi\n' })
    expect(heard[3]?.content).toMatchObject({ execution_count: 1, data: { 'text/plain': '42' } })
    expect(heard[4]?.content).toMatchObject({ status: 'ok', execution_count: 1, payload: [] })
    expect(client.running).toEqual([true, false])
  })

  it('keeps its names for the next one, and counts', async () => {
    client = new FakeClient()
    await client.run('let n = 20')
    const [, result] = await client.run('n + 1')
    expect(result?.content).toMatchObject({ execution_count: 2, data: { 'text/plain': '21' } })
  })

  it('shows rows of objects as a table for browsers, escaped', async () => {
    client = new FakeClient()
    const [, result] = await client.run("[{ name: '<b>', n: 1 }]")
    const data = result?.content['data'] as Record<string, string>
    expect(data['text/plain']).toContain('<b>')
    expect(data['text/html']).toContain('left">&lt;b&gt;</td><td style="text-align:right">1</td>')
    expect(data['text/html']).not.toContain('<b>')
  })

  it('tells an error with the cell and the line it came from', async () => {
    client = new FakeClient()
    await client.run('function f() {\n  throw new RangeError("too far")\n}')
    const heard = await client.run('f()')
    const traceback = [
      'RangeError: too far',
      '    at f (cell 1, line 2:9)',
      '    at cell 2, line 1:1',
    ]
    const failure = { ename: 'RangeError', evalue: 'too far', traceback }
    expect(of('error', heard)[0]?.content).toEqual(failure)
    expect(of('execute_reply', heard)[0]?.content).toMatchObject({ status: 'error', ...failure })
  })

  it('counts lines from its own first line, whatever stands there', async () => {
    client = new FakeClient()
    const heard = await client.run('%machine sim\n%%ts\nnope')
    expect(of('error', heard)[0]?.content['traceback']).toContain('    at cell 1, line 3:1')
  })

  it('of commands prints on both streams, and fails with their status', async () => {
    client = new FakeClient()
    const heard = await client.run('%%sh\necho fail it\necho never')
    expect([printed('stdout', heard), printed('stderr', heard)]).toEqual(['fail it\n', 'told\n'])
    expect(of('error', heard)[0]?.content['ename']).toBe('status=3')
  })

  it('that begins with a command is one, without a first line that says so', async () => {
    client = new FakeClient()
    expect(printed('stdout', await client.run('echo one two'))).toBe('one two\n')
  })

  it('may ask for a machine, the first before there is any', async () => {
    client = new FakeClient()
    await client.run('%machine sim:xen-4.20 --seed 7')
    await client.run('%machine other\nanswer')
    expect(client.machines).toEqual(['sim:xen-4.20', 'other'])
  })

  it.each([
    ['%machine', 'jupyter.magic'],
    ['%%python\n1', 'jupyter.magic'],
    ['%time 1', 'jupyter.magic'],
    ['%machine nowhere', 'Error'],
    ['%cd /no/where/at/all', 'file.no-folder'],
    ['%cd', 'jupyter.magic'],
  ])('%s is an error that says so', async (code, ename) => {
    client = new FakeClient()
    const heard = await client.run(code)
    expect(of('execute_reply', heard)[0]?.content).toMatchObject({ status: 'error', ename })
    expect(of('error', heard)).toHaveLength(1)
  })

  it('that is silent shows nothing and has no number', async () => {
    client = new FakeClient()
    await client.run('1')
    const heard = await client.run("console.log('x'); 2", { silent: true })
    expect(heard.map(({ type }) => type)).toEqual(['execute_reply'])
    expect(heard[0]?.content).toMatchObject({ status: 'ok', execution_count: 1 })
    const [, result] = await client.run('_')
    expect(result?.content).toMatchObject({ execution_count: 2, data: { 'text/plain': '1' } })
  })

  it('that is empty, or no text, does nothing', async () => {
    client = new FakeClient()
    const blank = await client.run(' \n')
    expect(blank.map(({ type }) => type)).toEqual(['execute_reply'])
    expect(await client.ask('execute_request', { code: 5 })).toMatchObject({ status: 'ok' })
  })

  it('has the values of expressions with it, each by itself', async () => {
    client = new FakeClient()
    const expressions = { good: 'answer + 1', bad: 'nope' }
    const { user_expressions: values } = await client.ask('execute_request', {
      code: '1',
      user_expressions: expressions,
    })
    expect(values).toMatchObject({
      good: { status: 'ok', data: { 'text/plain': '43' } },
      bad: { status: 'error', ename: 'ReferenceError' },
    })
  })

  it('that prints on and on is cut, and that is told', async () => {
    client = new FakeClient({ keepOutput: 100 })
    const heard = await client.run(
      `for (let i = 0; i < 20; i++) console.log('x'.repeat(2 ** 20 - 1))`,
    )
    expect(printed('stdout', heard)).toHaveLength(MOST)
    expect(printed('stderr', heard)).toContain(`${20 * 2 ** 20 - MOST} more characters`)
  })

  it('gives no secret away', async () => {
    client = new FakeClient({ redact: (text) => text.replaceAll('hunter22', '<PASSWORD>') })
    const heard = await client.run("console.log('hunter22'); 'hunter' + 22")
    await client.run("throw new Error('hunter22')")
    const history = await client.ask('history_request', {
      hist_access_type: 'tail',
      n: 9,
      output: true,
    })
    const [input, ...shown] = heard
    expect(input?.type).toBe('execute_input')
    expect(JSON.stringify([shown, history])).not.toContain('hunter22')
    expect(JSON.stringify(of('error', client.all))).toContain('<PASSWORD>')
  })
})

describe('cells that wait', () => {
  it('run one after another; those behind a failed one are aborted', async () => {
    client = new FakeClient()
    const ids = ['1', 'throw new Error("x")', '3', '4'].map((code) =>
      client.send('execute_request', { code }),
    )
    const replies = await Promise.all(ids.map((id) => client.about(id)))
    const statuses = replies.map((heard) => of('execute_reply', heard)[0]?.content['status'])
    expect(statuses).toEqual(['ok', 'error', 'aborted', 'aborted'])
    expect(of('execute_input', client.all)).toHaveLength(2)
    expect(await client.ask('execute_request', { code: '5' })).toMatchObject({ status: 'ok' })
  })

  it('go on behind a failed one where that is wished', async () => {
    client = new FakeClient()
    const failing = { code: 'throw new Error("x")', stop_on_error: false }
    client.send('execute_request', failing)
    expect(await client.ask('execute_request', { code: '1' })).toMatchObject({ status: 'ok' })
  })

  it('are interrupted from the control channel, which does not wait', async () => {
    client = new FakeClient()
    const id = client.send('execute_request', { code: 'let kept = 7\nawait new Promise(() => {})' })
    while (client.session === undefined || !client.running.includes(true)) await turn()
    let reply = await client.ask('interrupt_request', {}, 'control')
    expect(reply).toEqual({ status: 'ok' })
    const over = client.about(id)
    for (let i = 0; i < 50 && client.running.length < 2; i++) {
      reply = await client.ask('interrupt_request', {}, 'control')
      await turn(10)
    }
    expect(of('error', await over)[0]?.content['ename']).toBe('Interrupted')
    const [, kept] = await client.run('kept')
    expect(kept?.content).toMatchObject({ data: { 'text/plain': '7' } })
  })

  it('do not keep a kernel from telling what it is, over control', async () => {
    client = new FakeClient()
    client.send('execute_request', { code: 'await new Promise((r) => setTimeout(r, 60))' })
    const asked = client.ask('kernel_info_request', {}, 'control')
    expect(await asked).toMatchObject({ implementation: 'xpv', implementation_version: '9.9.9' })
    expect(client.running).not.toContain(false)
  })
})

const turn = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a kernel', () => {
  it('is found to speak TypeScript by editors and highlighters', async () => {
    client = new FakeClient()
    expect(await client.ask('kernel_info_request')).toMatchObject({
      status: 'ok',
      protocol_version: '5.3',
      language_info: {
        name: 'typescript',
        codemirror_mode: 'typescript',
        pygments_lexer: 'typescript',
        file_extension: '.ts',
      },
      debugger: false,
      help_links: [],
    })
  })

  it('completes; offsets count code points', async () => {
    client = new FakeClient()
    const code = '"😀"; answ'
    const found = await client.ask('complete_request', { code, cursor_pos: [...code].length })
    expect(found).toMatchObject({ matches: ['answer'], cursor_start: 5, cursor_end: 9 })
    const types = found['metadata'] as Record<string, unknown>
    expect(types['_jupyter_types_experimental']).toEqual([
      { text: 'answer', start: 5, end: 9, type: 'name' },
    ])
  })

  it.each([
    ['%%', ['%%d', '%%esc', '%%sh', '%%ts']],
    ['%m', ['%machine']],
    ['echo ', ['one', 'two']],
    ['%%sh\necho t', ['two']],
  ])('completes %j', async (code, matches) => {
    client = new FakeClient()
    const found = await client.ask('complete_request', { code, cursor_pos: code.length })
    expect(found['matches']).toEqual(matches)
  })

  it('completes probes in a D cell, where they stand', async () => {
    client = new FakeClient({ probeSpecs: () => ['xpv:privcmd:f:dom-create-start'] })
    const code = '%%d\nxpv:::dom-'
    const found = await client.ask('complete_request', { code, cursor_pos: code.length })
    expect(found).toMatchObject({ matches: ['dom-create-start'], cursor_start: 10, cursor_end: 14 })
  })

  it.each([
    ['answer', 3, 'answer'],
    ['help(', 5, 'help'],
    ['echo one', 2, 'prints its words'],
  ])('tells what %j is', async (code, cursor_pos, text) => {
    client = new FakeClient()
    const found = await client.ask('inspect_request', { code, cursor_pos, detail_level: 0 })
    const data = found['data'] as Record<string, string>
    expect([found['found'], data['text/plain']]).toEqual([true, expect.stringContaining(text)])
    expect(data['text/markdown']).toContain(text)
  })

  it('tells where a name was declared, when more is asked', async () => {
    client = new FakeClient()
    await client.run('const twice = (n) => n * 2')
    const asked = { code: 'twice(4)', cursor_pos: 7, detail_level: 1 }
    const found = await client.ask('inspect_request', asked)
    expect(JSON.stringify(found['data'])).toContain('const twice = (n) => n * 2')
  })

  it.each(['', 'nope', '5', '(1 + 2)'])('knows nothing of %j', async (code) => {
    client = new FakeClient()
    const asked = { code, cursor_pos: code.length }
    const nothing = { status: 'ok', found: false, data: {}, metadata: {} }
    expect(await client.ask('inspect_request', asked)).toEqual(nothing)
  })

  it('reads nothing with effects to tell what a name is', async () => {
    client = new FakeClient()
    await client.run('let called = 0\nconst f = () => { called++; return { x: 1 } }')
    await client.ask('inspect_request', { code: 'f().x', cursor_pos: 5 })
    const [, result] = await client.run('called')
    expect(result?.content).toMatchObject({ data: { 'text/plain': '0' } })
  })

  it.each([
    ['if (1) {', { status: 'incomplete', indent: '  ' }],
    ['  f(\n    [', { status: 'incomplete', indent: '      ' }],
    ['1 + 1', { status: 'complete' }],
    ['let 3', { status: 'invalid' }],
    ["echo 'one", { status: 'incomplete', indent: '' }],
    ['echo one', { status: 'complete' }],
    ['%%d\nBEGIN {}', { status: 'incomplete', indent: '' }],
    ['%%d\nBEGIN {}\n', { status: 'complete' }],
    ['%%nope\n', { status: 'invalid' }],
  ])('knows whether %j is whole', async (code, reply) => {
    client = new FakeClient()
    expect(await client.ask('is_complete_request', { code })).toEqual(reply)
  })

  it('remembers what was asked of it', async () => {
    client = new FakeClient()
    for (const code of ['one = 1', 'answer', 'one = 1', 'nope']) await client.run(code)
    await client.run('hidden', { store_history: false })
    const history = async (asked: object): Promise<unknown> =>
      (await client.ask('history_request', { raw: true, output: false, ...asked }))['history']
    const one = (n: number): unknown => [0, n, 'one = 1']
    const all = [one(1), [0, 2, 'answer'], one(3), [0, 4, 'nope']]
    expect(await history({ hist_access_type: 'tail', n: 2 })).toEqual(all.slice(2))
    const range = { hist_access_type: 'range', session: 0 }
    expect(await history({ ...range, start: 2, stop: 4 })).toEqual(all.slice(1, 3))
    expect(await history({ ...range, start: -1, stop: null })).toEqual(all.slice(3))
    expect(await history({ ...range, session: 5 })).toEqual([])
    const search = { hist_access_type: 'search', pattern: 'one*', n: 5 }
    expect(await history(search)).toEqual([one(1), one(3)])
    expect(await history({ ...search, unique: true })).toEqual([one(3)])
    expect(await history({ hist_access_type: 'tail', n: 3, output: true })).toContainEqual([
      0,
      2,
      ['answer', '42'],
    ])
  })

  it('has no comms: one that is opened is closed', async () => {
    client = new FakeClient()
    expect(await client.ask('comm_info_request')).toEqual({ status: 'ok', comms: {} })
    const id = client.send('comm_open', { comm_id: 'c1', target_name: 'x', data: {} })
    const heard = await client.about(id)
    expect(of('comm_close', heard)[0]?.content).toEqual({ comm_id: 'c1', data: {} })
  })

  it('answers what it does not know', async () => {
    client = new FakeClient()
    const reply = await client.ask('debug_request', { command: 'attach' }, 'control')
    expect(reply).toMatchObject({ status: 'error', ename: 'jupyter.unknown' })
  })

  it('ends when it is told to, and hears nothing after', async () => {
    client = new FakeClient()
    const reply = await client.ask('shutdown_request', { restart: true }, 'control')
    expect(reply).toEqual({ status: 'ok', restart: true })
    await client.kernel.ended
    const count = client.all.length
    client.send('kernel_info_request', {})
    await turn()
    expect(client.all).toHaveLength(count)
  })
})
