// Prose as HTML: Markdown as forges show it, made from its tokens one kind at a time.
//
// Holds: raw HTML is text. Links lead only where address.ts lets them; pictures come only from the
// notebook's folder. A kind of token that is not known here is text, too.
import type { Lexer, Token, Tokens, TokensList } from 'marked'
import { isFar, safeAddress } from './address.js'
import { codeHtml } from './code.js'
import { decodeReferences } from './references.js'
import { escapeHtml } from './text.js'

/** One heading of the page. */
export interface Heading {
  readonly depth: number
  readonly id: string
  /** As HTML, without links. */
  readonly html: string
}

/** What prose asks of the page around it. */
export interface ProsePlace {
  /** A picture as HTML; undefined when there is none to be shown. */
  picture(path: string, name: string): string | undefined
  /** Where a link leads in the place the page is for. */
  link(address: string): string
  /** An anchor that no other part of the page has. */
  anchor(text: string): string
}

/** All prose of one page, read together: what one part defines, another may link to. */
export class Prose {
  readonly headings: Heading[] = []
  readonly #place: ProsePlace
  readonly #lists: readonly (TokensList | string)[]

  /** `lexer` makes a reader of Markdown; `texts` are the parts. */
  constructor(lexer: () => Lexer, texts: readonly string[], place: ProsePlace) {
    this.#place = place
    const links: TokensList['links'] = Object.create(null)
    const read = (text: string): TokensList | string => {
      const one = lexer()
      one.tokens.links = links
      try {
        return one.lex(text)
      } catch {
        return text // nested so deeply that nobody reads it as anything but text
      }
    }
    for (const text of texts) read(text)
    this.#lists = texts.map(read)
  }

  /** A part as HTML. */
  html(part: number): string {
    const tokens = this.#lists[part] ?? ''
    if (typeof tokens === 'string') return `<pre>${escapeHtml(tokens)}</pre>`
    return this.#blocks(tokens)
  }

  /** What a part begins with, as plain text: its first heading and first paragraph. */
  get beginning(): { readonly title: string | undefined; readonly lead: string | undefined } {
    const tokens = this.#lists.flatMap((list) => (typeof list === 'string' ? [] : list))
    const title = tokens.find(
      (token) => token.type === 'heading' && 'depth' in token && token.depth === 1,
    )
    const lead = tokens.find((token) => token.type === 'paragraph')
    return { title: title && textOf(title), lead: lead && textOf(lead) }
  }

  #blocks(tokens: readonly Token[]): string {
    return tokens.map((token) => this.#block(token)).join('')
  }

  #block(token: Token): string {
    if (!isKnown(token)) return escapeHtml(token.raw)
    switch (token.type) {
      case 'space':
      case 'def':
        return ''
      case 'heading':
        return this.#heading(token)
      case 'paragraph':
        return this.#paragraph(token)
      case 'code':
        return fenced(token)
      case 'blockquote':
        return `<blockquote>${this.#blocks(token.tokens)}</blockquote>\n`
      case 'hr':
        return '<hr>\n'
      case 'list':
        return this.#list(token)
      case 'table':
        return this.#table(token)
      case 'html':
        return `<p>${escapeHtml(token.text)}</p>\n`
      default:
        return this.#inline(token)
    }
  }

  #heading({ depth, tokens }: Tokens.Heading): string {
    const html = this.#inlines(tokens)
    const id = this.#place.anchor(plain(tokens))
    const label = html.replace(/<\/?a\b[^>]*>/g, '')
    this.headings.push({ depth, id, html: label })
    return `<h${depth} id="${escapeHtml(id)}">${html}</h${depth}>\n`
  }

  /** A picture alone in its paragraph is a figure. */
  #paragraph({ tokens }: Tokens.Paragraph): string {
    const [only] = tokens
    const html = this.#inlines(tokens)
    const isAlone = tokens.length === 1 && only?.type === 'image'
    if (isAlone) return `<figure tabindex="0">${html}</figure>\n`
    return `<p>${html}</p>\n`
  }

  #list({ ordered, start, items }: Tokens.List): string {
    const first = ordered && start !== '' && start !== 1 ? ` start="${Number(start)}"` : ''
    const name = ordered ? 'ol' : 'ul'
    const inside = items.map(({ task, checked, tokens }) => {
      const rest = tokens.filter(({ type }) => type !== 'checkbox')
      return `<li>${task ? `${checked ? '☑' : '☐'} ` : ''}${this.#blocks(rest)}</li>\n`
    })
    return `<${name}${first}>\n${inside.join('')}</${name}>\n`
  }

  #table({ header, rows }: Tokens.Table): string {
    const row = (cells: readonly Tokens.TableCell[], name: string): string => {
      const inside = cells.map(({ align, tokens }) => {
        const side = align === 'right' || align === 'center' ? ` class="${align}"` : ''
        return `<${name}${side}>${this.#inlines(tokens)}</${name}>`
      })
      return `<tr>${inside.join('')}</tr>\n`
    }
    const body = rows.map((cells) => row(cells, 'td')).join('')
    const inside = `<thead>${row(header, 'th')}</thead>\n<tbody>${body}</tbody>`
    return `<div class="table" tabindex="0"><table>${inside}</table></div>\n`
  }

  #inlines(tokens: readonly Token[]): string {
    return tokens.map((token) => this.#inline(token)).join('')
  }

  #inline(token: Token): string {
    if (!isKnown(token)) return escapeHtml(token.raw)
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return `<${token.type}>${this.#inlines(token.tokens)}</${token.type}>`
      case 'codespan':
        return `<code>${escapeHtml(token.text)}</code>`
      case 'br':
        return '<br>\n'
      case 'link':
        return this.#link(token)
      case 'image':
        return this.#image(token)
      case 'text':
        return token.tokens === undefined
          ? escapeHtml(decodeReferences(token.text))
          : this.#inlines(token.tokens)
      case 'escape':
        return escapeHtml(token.text)
      default:
        return escapeHtml(token.raw)
    }
  }

  #link({ href, tokens }: Tokens.Link): string {
    const inside = this.#inlines(tokens)
    const address = safeAddress(href)
    if (address === undefined) return inside
    const far = isFar(address) ? ' class="far" rel="noreferrer"' : ''
    return `<a href="${escapeHtml(this.#place.link(address))}"${far}>${inside}</a>`
  }

  #image({ href, text }: Tokens.Image): string {
    const name = decodeReferences(text)
    const picture = this.#place.picture(decodeReferences(href), name)
    return picture ?? `<em>${escapeHtml(name === '' ? 'a picture that is not here' : name)}</em>`
  }
}

function fenced({ text, lang = '' }: Tokens.Code): string {
  const code = `<code>${codeHtml(text, lang.split(/\s/)[0] ?? '')}</code>`
  return `<pre class="prose-code" tabindex="0">${code}</pre>\n`
}

type KnownToken =
  | Tokens.Space
  | Tokens.Def
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.Code
  | Tokens.Blockquote
  | Tokens.Hr
  | Tokens.List
  | Tokens.Table
  | Tokens.HTML
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link
  | Tokens.Image
  | Tokens.Text
  | Tokens.Escape

const KINDS: ReadonlySet<string> = new Set(
  (
    'space def heading paragraph code blockquote hr list table html strong em del codespan br ' +
    'link image text escape'
  ).split(' '),
)

function isKnown(token: Token): token is KnownToken {
  return KINDS.has(token.type)
}

/** The text of tokens without any marks. */
function plain(tokens: readonly Token[]): string {
  return plainInside(tokens).trim()
}

function textOf(token: Token): string {
  if ('tokens' in token && token.tokens !== undefined) return plainInside(token.tokens)
  if (token.type === 'br') return ' '
  return 'text' in token ? decodeReferences(String(token.text)) : ''
}

function plainInside(tokens: readonly Token[]): string {
  return tokens.map(textOf).join('').replace(/\s+/g, ' ')
}
