// Addresses of links: which of them a page may lead to.
//
//   https://xenproject.org   mailto:a@b   #cell   02-next.xpv.md   ->  kept
//   javascript:...   data:...   //host   \\host   java\tscript:    ->  refused
//
// Holds: what is judged is what a browser would read: references are decoded, blanks that it drops
// are refused.
import { decodeReferences } from './references.js'
import { visible } from './text.js'

/** The address as it may stand in `href`; undefined when it must not. Still to be escaped. */
export function safeAddress(address: string): string | undefined {
  const text = decodeReferences(address).trim()
  if (UNREAD.test(text) || text.includes('\\')) return undefined
  if (/^(https?:\/\/|mailto:)/i.test(text)) return text
  if (text.startsWith('//')) return undefined
  const scheme = /^[^/?#]*:/.test(text)
  return scheme ? undefined : text
}

/** Whether an address leads out of the page and its folder. */
export function isFar(address: string): boolean {
  return /^(https?:|mailto:)/i.test(address)
}

/** The address of an anchor of the same page. Still to be escaped. */
export function fragment(anchor: string): string {
  return `#${encodeURIComponent(visible(anchor))}`
}

/** Controls and what turns text around: in no address that somebody typed. */
const UNREAD = /[\s\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u
