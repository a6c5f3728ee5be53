// The guard: takes away, inside the process that runs cells, what Node's permission model leaves
// open. It is raised before any cell runs.
//
//   net, dgram, dns   where all of http, https, http2, tls, fetch and WebSocket end up: in the
//                     sockets, and in the handles under them; listening and names as well
//   process.kill      and what else reaches other processes; flags of V8; files that V8 and the
//                     tracer write by themselves
//
// Holds: what is taken away throws an `XpvError` `nb.denied`. Methods are replaced where they live,
// so a module that was loaded before meets the refusal too; no reference to what they were is left.
import crypto from 'node:crypto'
import dgram from 'node:dgram'
import dns from 'node:dns'
import module, { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import traces from 'node:trace_events'
import v8 from 'node:v8'
import { denied } from '../../base/denied.js'

/** Closes what is open. `isOnline`: the network was granted; `isFree`: starting programs was. */
export function raiseGuard(granted: {
  readonly isOnline: boolean
  readonly isFree: boolean
}): void {
  if (!granted.isOnline) closeNetwork()
  if (!granted.isFree) closeProcess()
  syncBuiltinESMExports()
}

function closeNetwork(): void {
  const refuse = (): never => {
    throw denied('the network', 'net')
  }
  const handles = handlesUnderneath()
  refuseAll(net.Socket.prototype, /^connect$/, refuse)
  refuseAll(net.Server.prototype, /^(listen|_listen2)$/, refuse)
  refuseAll(dgram.Socket.prototype, /^(bind|connect|send|sendto)$/, refuse)
  for (const each of [dns, dns.promises]) refuseAll(each, ASKING, refuse)
  for (const { prototype } of [dns.Resolver, dns.promises.Resolver]) {
    refuseAll(prototype, ASKING, refuse)
  }
  for (const handle of handles) refuseAll(handle, REACHING, refuse)
  refuseAll(net, /^_createServerHandle$/, refuse)
  refuseAll(dgram, /^_createSocketHandle$/, refuse)
  refuseAll(globalThis, /^(fetch|WebSocket|EventSource)$/, refuse)
}

const ASKING = /^(lookup|lookupService|resolve|resolve[A-Z]\w*|resolve4|resolve6|reverse)$/
const REACHING = /^(connect6?|bind6?|listen|open|fchmod|send6?|query\w*|getHostByAddr)$/

/** The prototypes of the handles of TCP, of pipes (standard error is one here), of UDP and of the
 *  resolver. */
function handlesUnderneath(): object[] {
  const createServerHandle: unknown = Reflect.get(net, '_createServerHandle')
  const tcp: unknown =
    typeof createServerHandle === 'function' ? createServerHandle('127.0.0.1', 0, 4) : undefined
  const udp = dgram.createSocket('udp4')
  const state = Object.getOwnPropertySymbols(udp).map((key): unknown => Reflect.get(udp, key))
  const made = [
    tcp,
    partOf(process.stderr, '_handle'),
    ...state.map((each) => partOf(each, 'handle')),
    partOf(new dns.Resolver(), '_handle'),
    partOf(new dns.promises.Resolver(), '_handle'),
  ]
  const prototypes = made.filter(isObject).map((handle) => Object.getPrototypeOf(handle) as object)
  if (isObject(tcp)) (Reflect.get(tcp, 'close') as () => void).call(tcp)
  udp.close()
  return prototypes
}

/** What reaches other processes, or files behind the back of Node's own permission. */
function closeProcess(): void {
  const refuse = (): never => {
    throw denied('reaching into processes', 'all')
  }
  refuseAll(process, /^(kill|_kill|_debugProcess|_debugEnd|setuid|setgid|setgroups)$/, refuse)
  refuseAll(os, /^setPriority$/, refuse)
  refuseAll(v8, /^(setFlagsFromString|setHeapSnapshotNearHeapLimit|startCpuProfile)$/, refuse)
  refuseAll(traces, /^createTracing$/, refuse)
  refuseAll(crypto, /^setEngine$/, refuse)
  refuseAll(module, /^(enableCompileCache|register)$/, refuse)
}

/** Puts `refuse` in the place of what has such a name. */
function refuseAll(owner: object, names: RegExp, refuse: () => never): void {
  for (const name of Object.getOwnPropertyNames(owner).filter((each) => names.test(each))) {
    Object.defineProperty(owner, name, { value: refuse, writable: true, configurable: true })
  }
}

function partOf(owner: unknown, name: string): unknown {
  return isObject(owner) ? Reflect.get(owner, name) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
