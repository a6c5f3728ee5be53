// A kernel over real sockets, in the thread they have in the bundle; the client is zeromq's own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Dealer, Request as Heart, Subscriber } from 'zeromq'
import { addressOf, type Connection } from '../../src/jupyter/connection.js'
import { Kernel } from '../../src/jupyter/kernel.js'
import { SocketThread } from '../../src/jupyter/socket-thread.js'
import { Wire } from '../../src/jupyter/wire.js'
import { Session } from '../../src/session/session.js'
import { type Said, said } from './fake-client.js'

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'jupyter-sockets.js')
const folder = mkdtempSync(join(tmpdir(), 'xpv-sockets-'))
const connection: Connection = {
  transport: 'ipc',
  ip: join(folder, 'k'),
  ports: { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 },
  key: 'a key',
}
const troubles: string[] = []
let thread: SocketThread
let kernel: Kernel
const iopub = new Subscriber({ linger: 0 })
const shell = new Dealer({ linger: 0 })

beforeAll(async () => {
  const { port1, port2 } = new MessageChannel()
  port1.unref()
  thread = await SocketThread.start({
    program: PROGRAM,
    connection,
    interrupts: port2,
    parent: undefined,
    host: {
      received: (request) => kernel.receive(request),
      trouble: (reason) => troubles.push(reason),
      orphaned: () => {},
    },
  })
  kernel = new Kernel({
    wire: new Wire(connection.key),
    transport: thread,
    open: async (voice) => {
      const session = new Session({ globals: {}, commands: [], write: (text) => voice.write(text) })
      return { session, openMachine: () => {}, close: () => session.close() }
    },
    version: '1',
    log: () => {},
  })
  iopub.connect(addressOf(connection, 'iopub'))
  iopub.subscribe()
  shell.connect(addressOf(connection, 'shell'))
  // A subscription takes a moment: it is there once something comes through it.
  const first = hear()
  const knock = setInterval(() => kernel.begin(), 20)
  await first
  clearInterval(knock)
})

afterAll(async () => {
  kernel.close()
  await thread.close()
  for (const socket of [iopub, shell]) socket.close()
  rmSync(folder, { recursive: true })
})

async function hear(): Promise<Said> {
  return said('iopub', await iopub.receive())
}

/** Asks and waits for the reply, and for the `idle` that ends it. */
async function ask(to: Dealer, type: string, content: object, key = connection.key) {
  const wire = new Wire(key)
  await to.send(
    wire
      .encode({ type, content: { ...content }, parent: undefined })
      .map((frame) => Buffer.from(frame)),
  )
}

async function untilIdle(): Promise<readonly Said[]> {
  const heard: Said[] = []
  for (let each = await hear(); ; each = await hear()) {
    if (each.content['execution_state'] !== 'starting') heard.push(each)
    if (each.content['execution_state'] === 'idle') return heard
  }
}

it('a cell goes all the way, and everyone who listens hears it', async () => {
  await ask(shell, 'execute_request', { code: "console.log('over'); 6 * 7" })
  const [, reply] = [await untilIdle(), said('shell', await shell.receive())]
  expect(reply).toMatchObject({ type: 'execute_reply', content: { status: 'ok' } })
})

it('what is signed with another key is dropped, and what is none; the next is answered', async () => {
  await ask(shell, 'execute_request', { code: 'globalThis.stolen = 1' }, 'another key')
  await shell.send(['junk'])
  await shell.send(['<IDS|MSG>', '', '', '', '', ''])
  await ask(shell, 'execute_request', { code: 'typeof stolen' })
  const heard = await untilIdle()
  expect(JSON.stringify(heard)).toContain(`'undefined'`)
  expect(said('shell', await shell.receive()).content).toMatchObject({ status: 'ok' })
  expect(troubles).toEqual([
    'a message on shell: wrong signature',
    'a message on shell: no <IDS|MSG> among its frames',
    'a message on shell: wrong signature',
  ])
})

it('the heart beats', async () => {
  const heart = new Heart({ linger: 0 })
  heart.connect(addressOf(connection, 'hb'))
  await heart.send('beat')
  expect(String(await heart.receive())).toBe('beat')
  heart.close()
})

it('many megabytes come whole, in order', async () => {
  const code = 'for (let i = 0; i < 12; i++) console.log(String(i).repeat(2 ** 19))'
  await ask(shell, 'execute_request', { code })
  const heard = await untilIdle()
  await shell.receive()
  const text = heard.map(({ content }) => content['text'] ?? '').join('')
  const lines = Array.from({ length: 12 }, (_, i) => `${String(i).repeat(2 ** 19)}\n`)
  expect(text === lines.join('')).toBe(true)
})

it('a client that is gone holds nobody up', async () => {
  const gone = new Dealer({ linger: 500 })
  gone.connect(addressOf(connection, 'shell'))
  await ask(gone, 'execute_request', { code: 'await new Promise((r) => setTimeout(r, 30)); 1' })
  await hear()
  gone.close()
  await untilIdle()
  await ask(shell, 'kernel_info_request', {})
  expect(said('shell', await shell.receive()).type).toBe('kernel_info_reply')
  await untilIdle()
})

it('sockets that cannot be bound are told of', async () => {
  const { port2 } = new MessageChannel()
  const host = { received: () => {}, trouble: () => {}, orphaned: () => {} }
  const taken = { ...connection, ip: '/nowhere/at/all' }
  const task = { program: PROGRAM, connection: taken, interrupts: port2, parent: undefined, host }
  await expect(SocketThread.start(task)).rejects.toMatchObject({ code: 'jupyter.port' })
})
