// Jupyter finds a kernel of ours where it looks, and what others put there stays.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addressOf, parseConnection, readConnection } from '../../src/jupyter/connection.js'
import {
  installedKernels,
  installKernel,
  jupyterFolder,
  uninstallKernel,
} from '../../src/jupyter/kernelspec.js'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'xpv-jupyter-'))
})
afterEach(() => rmSync(data, { recursive: true }))

const SPEC = {
  name: 'xpv',
  displayName: 'xpv here',
  argv: ['/usr/bin/node', '/opt/xpv/bin/xpv.mjs'],
  more: ['--machine', 'sim:xen-4.20'],
}

it('a kernel is installed once, listed, and taken away', () => {
  const { folder, isNew } = installKernel(SPEC, data)
  expect([folder, isNew]).toEqual([join(data, 'kernels', 'xpv'), true])
  expect(installKernel(SPEC, data).isNew).toBe(false)
  expect(installKernel({ ...SPEC, displayName: 'other' }, data).isNew).toBe(true)
  expect(readdirSync(folder)).toEqual(['kernel.json', 'logo-svg.svg'])
  const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8'))
  expect(spec).toMatchObject({ language: 'typescript', interrupt_mode: 'message' })
  expect(spec.argv.slice(2)).toEqual([
    ...['jupyter', 'kernel', '{connection_file}'],
    ...['--machine', 'sim:xen-4.20'],
  ])
  expect(installedKernels([data]).map(({ name }) => name)).toEqual(['xpv'])
  uninstallKernel('xpv', data)
  expect(readdirSync(join(data, 'kernels'))).toEqual([])
  expect(() => uninstallKernel('xpv', data)).toThrow(/there is no kernel/)
})

it('a kernel that is not ours is left alone, and what else lies in the folder', () => {
  const folder = join(data, 'kernels', 'xpv')
  mkdirSync(folder, { recursive: true })
  for (const text of ['{"argv":["python3","-m","ipykernel"]}', 'junk']) {
    writeFileSync(join(folder, 'kernel.json'), text)
    expect(() => installKernel(SPEC, data)).toThrow(/not ours/)
    expect(() => uninstallKernel('xpv', data)).toThrow(/not ours/)
    expect(readFileSync(join(folder, 'kernel.json'), 'utf8')).toBe(text)
  }
  rmSync(join(folder, 'kernel.json'))
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  installKernel(SPEC, data)
  uninstallKernel('xpv', data)
  expect(readdirSync(folder)).toEqual(['notes.txt'])
})

it.each(['/dev/null/x', '/proc/x'])('a folder that cannot be made, %s, is told of', (path) => {
  expect(() => installKernel(SPEC, path)).toThrow(/cannot be changed/)
})

it.each(['', '../up', 'a b', '.x'])('a kernel cannot be called %j', (name) => {
  expect(() => installKernel({ ...SPEC, name }, data)).toThrow(/cannot be called/)
})

it('the folder is where Jupyter looks', () => {
  const own = join(homedir(), '.local', 'share', 'jupyter')
  expect(jupyterFolder({}, 'linux')).toBe(own)
  expect(jupyterFolder({ XDG_DATA_HOME: 'relative' }, 'linux')).toBe(own)
  expect(jupyterFolder({ XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/jupyter')
  expect(jupyterFolder({ JUPYTER_DATA_DIR: '/j', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/j')
  expect(jupyterFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Jupyter'))
})

const PORTS = { shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 5 }

it('a connection file says where, and with which key', () => {
  const text = JSON.stringify({ ...PORTS, transport: 'tcp', ip: '127.0.0.1', key: 'k' })
  const tcp = parseConnection(text, 'x')
  expect([addressOf(tcp, 'shell'), addressOf(tcp, 'hb'), tcp.key]).toEqual([
    'tcp://127.0.0.1:1',
    'tcp://127.0.0.1:5',
    'k',
  ])
  const ipc = parseConnection(JSON.stringify({ ...PORTS, transport: 'ipc', ip: '/run/k' }), 'x')
  expect(addressOf(ipc, 'iopub')).toBe('ipc:///run/k-4')
})

it.each([
  ['', /no JSON/],
  ['[]', /no connection file/],
  ['{"shell_port": 1}', /control_port is absent/],
  [JSON.stringify({ ...PORTS, hb_port: '5' }), /hb_port is "5"/],
  [JSON.stringify({ ...PORTS, hb_port: 70_000 }), /hb_port is 70000/],
  [JSON.stringify({ ...PORTS, transport: 'udp' }), /transport is "udp"/],
  [JSON.stringify({ ...PORTS, key: 1 }), /key is 1/],
  [JSON.stringify({ ...PORTS, key: 'k', signature_scheme: 'hmac-md5' }), /hmac-md5/],
])('%j is no connection file', (text, message) => {
  expect(() => parseConnection(text, 'x')).toThrow(message)
})

it('a connection file that cannot be read is told of', () => {
  expect(() => readConnection(join(data, 'none.json'))).toThrow(/there is no such file/)
  expect(() => readConnection(data)).toThrow(/cannot be read/)
})
