// Structures that every D program finds, as dom0's kernel has them: addresses of a network.
//
//   struct in6_addr *a = alloca(16);   a->in6_u.u6_addr8[15] = 1;   inet_ntoa6(a)  ->  ::1
//
// Holds: one that a source defines itself is that one.
// Source: Linux include/uapi/linux/in.h, in6.h.

const DEFINITIONS: ReadonlyMap<string, string> = new Map([
  ['in_addr', 'struct in_addr { uint32_t s_addr; };\n'],
  [
    'in6_addr',
    `struct in6_addr {
  union {
    uint8_t u6_addr8[16];
    uint16_t u6_addr16[8];
    uint32_t u6_addr32[4];
  } in6_u;
};
`,
  ],
])

/** Definitions of those structures that some sources name and none defines; "" when there are
 *  none. */
export function typesNamed(texts: readonly string[]): string {
  const some = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text))
  return [...DEFINITIONS]
    .filter(([tag]) => some(new RegExp(`\\bstruct\\s+${tag}\\b`)))
    .filter(([tag]) => !some(new RegExp(`\\bstruct\\s+${tag}\\s*\\{`)))
    .map(([, definition]) => definition)
    .join('')
}
