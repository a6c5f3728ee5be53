// The frame of a page: head, policy, style sheet, body.
//
// Holds: the policy lets nothing run and nothing be fetched; the one style sheet is let in by its
// hash.
import { createHash } from 'node:crypto'
import { styleSheet } from './style.js'
import { escapeHtml } from './text.js'

/** A whole page. `body` is HTML. */
export function framed(title: string, body: string, kind: '' | 'toc' = ''): string {
  const style = styleSheet()
  const hash = createHash('sha256').update(style).digest('base64')
  const policy =
    `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; ` +
    "base-uri 'none'; form-action 'none'"
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body${kind === '' ? '' : ` class="${kind}"`}>
${body}
</body>
</html>
`
}
