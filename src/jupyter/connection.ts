// The connection file: where a Jupyter client waits for its kernel, and the key both sign with.
//
//   {"transport": "tcp", "ip": "127.0.0.1", "shell_port": 5001, ..., "key": "a0436f6c-..."}
//     ->  Connection  ->  tcp://127.0.0.1:5001
//
// Holds: what is read is whole, or there is an XpvError that says which field is not.
// Source: Jupyter's messaging documentation, "Connection files" (jupyter_client docs/kernels.rst).
import { readFileSync } from 'node:fs'
import { XpvError } from '../base/error.js'

/** The sockets of a kernel. */
export type Port = 'shell' | 'control' | 'stdin' | 'iopub' | 'hb'

/** What a connection file says. */
export interface Connection {
  readonly transport: 'tcp' | 'ipc'
  readonly ip: string
  readonly ports: Readonly<Record<Port, number>>
  /** Signs messages; nothing is signed when it is ''. */
  readonly key: string
}

const PORTS: readonly Port[] = ['shell', 'control', 'stdin', 'iopub', 'hb']

/** Reads a connection file. Throws `XpvError` `file.jupyter-connection`. */
export function readConnection(path: string): Connection {
  return parseConnection(textOf(path), path)
}

/** Understands the text of one; `name` is what a refusal calls it. Throws as `readConnection`. */
export function parseConnection(text: string, name: string): Connection {
  const fields = fieldsIn(text, name)
  const { transport = 'tcp', ip = '127.0.0.1', key = '' } = fields
  const scheme = fields['signature_scheme'] ?? 'hmac-sha256'
  if (transport !== 'tcp' && transport !== 'ipc')
    throw refusal(`${name}: transport is ${shown(transport)}, not tcp or ipc`)
  if (typeof ip !== 'string' || ip === '') throw refusal(`${name}: ip is ${shown(ip)}`)
  if (typeof key !== 'string') throw refusal(`${name}: key is ${shown(key)}`)
  if (key !== '' && scheme !== 'hmac-sha256')
    throw refusal(`${name}: signature_scheme is ${shown(scheme)}, not hmac-sha256`)
  const ports = Object.fromEntries(
    PORTS.map((port) => [port, portOf(fields, `${port}_port`, transport, name)]),
  ) as Record<Port, number>
  return { transport, ip, ports, key }
}

/** Where a socket is bound: `tcp://127.0.0.1:5001`, `ipc:///run/kernel-1`. */
export function addressOf({ transport, ip, ports }: Connection, port: Port): string {
  return transport === 'tcp' ? `tcp://${ip}:${ports[port]}` : `ipc://${ip}-${ports[port]}`
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw refusal(`${path}: ${why}`)
  }
}

function fieldsIn(text: string, name: string): Readonly<Record<string, unknown>> {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    throw refusal(`${name}: this is no JSON`)
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw refusal(`${name}: this is no connection file`)
  return fields as Readonly<Record<string, unknown>>
}

function portOf(
  fields: Readonly<Record<string, unknown>>,
  field: string,
  transport: string,
  name: string,
): number {
  const port = fields[field]
  const most = transport === 'tcp' ? 65_535 : Number.MAX_SAFE_INTEGER
  if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= most) return port
  throw refusal(`${name}: ${field} is ${shown(port)}`)
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value))

function refusal(message: string): XpvError {
  return new XpvError('file.jupyter-connection', message, 'jupyter console --kernel xpv')
}
