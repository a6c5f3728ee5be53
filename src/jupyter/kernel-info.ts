// What a kernel says of itself.
//
// Source: Jupyter's messaging documentation, "Kernel info". CodeMirror and Pygments both know the
// language as `typescript`.
import { type Content, PROTOCOL } from './message.js'

/** The reply to `kernel_info_request`. `version` is xpv's. */
export function kernelInfo(version: string): Content {
  return {
    status: 'ok',
    protocol_version: PROTOCOL,
    implementation: 'xpv',
    implementation_version: version,
    banner: `xpv ${version}: a hypervisor and its faults, in TypeScript and D; help lists commands`,
    language_info: {
      name: 'typescript',
      version: '7.0',
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
    debugger: false,
    help_links: [],
  }
}
