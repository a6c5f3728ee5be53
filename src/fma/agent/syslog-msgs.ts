// syslog-msgs: tells people of diagnoses, on the console of the host, as fmd's agent of that name.
//
//   list.suspect, list.updated, list.repaired, list.resolved  ->  a message of eleven lines
//
// Holds: a diagnosis with message=0 is not told; one that was isolated neither.
// Source: illumos-gate usr/src/cmd/fm/modules/common/syslog-msgs.
import { type SuspectList, suspectListToNvlist } from '../event/suspect-list.js'
import type { FmdModule } from '../fmd/module.js'
import { messageFor, messageOf } from '../message/catalog.js'
import type { Message } from '../message/message.js'
import { printMessage } from '../message/message-text.js'

/** Makes the agent. */
export function syslogMsgs(): FmdModule {
  return {
    name: 'syslog-msgs',
    version: '1.1',
    description: 'Syslog Messaging Agent',
    subscriptions: ['list.suspect', 'list.updated', 'list.repaired', 'list.resolved'],
    statistics: { no_msg: 'diagnoses that are not to be told' },
    receive: (fmd, event) => {
      if (event.kind !== 'list') return
      const { list } = event
      if (!list.message) fmd.count('no_msg')
      else fmd.request({ kind: 'tell', text: textOf(list) }, list.uuid)
    },
  }
}

const textOf = (list: SuspectList): string =>
  printMessage(messageFrom(list), suspectListToNvlist(list))

function messageFrom({ code, suspects }: SuspectList): Message {
  return messageOf(code) ?? messageFor(suspects.map(({ fault }) => fault.class))
}
