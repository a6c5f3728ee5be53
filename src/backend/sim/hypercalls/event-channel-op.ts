// event_channel_op: ports of domains.
//
// Source: xen/common/event_channel.c.
import { PORT_CLOSED, PORT_STATUS } from '../event-channels.js'
import { CALL_NS } from './costs.js'
import { done, type Outcome, refused } from './outcome.js'
import { domidOf, numberOf, type Operations, type Xen, type XenCall } from './xen.js'

/** Virtual interrupts there are. */
const VIRQS = 24

/** All operations of event_channel_op. */
export const EVENT_CHANNEL_OP: Operations = {
  alloc_unbound: (xen, call) => {
    const domid = domidOf(call)
    if (!xen.domains.has(domid)) return refused('ESRCH')
    return given(
      xen.channels.bind(domid, { kind: 'unbound', remote: domidOf(call, 'remote_domid') }),
    )
  },
  bind_interdomain: (xen, call) => {
    const remote = domidOf(call, 'remote_domid')
    if (!xen.domains.has(remote)) return refused('ESRCH')
    const port = xen.channels.connect(call.by.domid, remote, numberOf(call, 'remote_port'))
    return port === undefined ? refused('EINVAL') : done(CALL_NS + 500, { port })
  },
  bind_virq: (xen, call) => {
    const virq = numberOf(call, 'virq')
    const vcpu = numberOf(call, 'vcpu')
    if (virq >= VIRQS) return refused('EINVAL')
    if (xen.channels.virqPort(call.by.domid, virq, vcpu) !== undefined) return refused('EEXIST')
    return given(xen.channels.bind(call.by.domid, { kind: 'virq', virq, vcpu }))
  },
  bind_ipi: (xen, call) =>
    given(xen.channels.bind(call.by.domid, { kind: 'ipi', vcpu: numberOf(call, 'vcpu') })),
  bind_pirq: (xen, call) =>
    given(xen.channels.bind(call.by.domid, { kind: 'pirq', pirq: numberOf(call, 'w0') })),
  close: (xen, call) =>
    xen.channels.close(call.by.domid, numberOf(call, 'port'))
      ? done(CALL_NS + 300)
      : refused('EINVAL'),
  send: (xen, call) =>
    xen.channels.port(call.by.domid, numberOf(call, 'port'))?.kind === 'interdomain'
      ? done(CALL_NS)
      : refused('EINVAL'),
  status: (xen, call) => status(xen, call),
  bind_vcpu: (xen, call) =>
    xen.channels.deliverTo(call.by.domid, numberOf(call, 'port'), numberOf(call, 'vcpu'))
      ? done(CALL_NS)
      : refused('EINVAL'),
  unmask: (xen, call) =>
    xen.channels.port(call.by.domid, numberOf(call, 'port')) === undefined
      ? refused('EINVAL')
      : done(CALL_NS),
  reset: (xen, call) => {
    const domid = domidOf(call)
    if (!xen.domains.has(domid)) return refused('ESRCH')
    const ports = xen.channels.count(domid)
    xen.channels.closeAll(domid)
    return done(CALL_NS + ports * 300)
  },
  init_control: () => done(CALL_NS + 1_500),
  expand_array: () => done(CALL_NS + 1_500),
  set_priority: () => done(CALL_NS),
}

function given(port: number | undefined): Outcome {
  return port === undefined ? refused('ENOSPC') : done(CALL_NS + 400, { port })
}

function status(xen: Xen, call: XenCall): Outcome {
  const domid = domidOf(call)
  if (!xen.domains.has(domid)) return refused('ESRCH')
  const number = numberOf(call, 'port')
  const port = xen.channels.port(domid, number)
  if (port === undefined) {
    return number < xen.era.abi.maxPorts && number >= 0
      ? done(CALL_NS, { status: PORT_CLOSED })
      : refused('EINVAL')
  }
  return done(CALL_NS, { status: PORT_STATUS[port.kind] })
}
