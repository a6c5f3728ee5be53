// A key: what the terminal sent, as the one who pressed it would call it.
//
//   'a' 'bc' '界'      text, as much as came together
//   'C-a' 'M-f'        with Control, with Meta (Alt, or Escape before it)
//   'C-Left' 'S-Tab'   named keys: Up Down Left Right Home End PageUp PageDown Insert Delete
//                      Backspace Enter Tab Escape F1 ... F12
//
// Source of the notation: GNU Emacs.

/** One key press, or what was pasted. */
export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'chord'; readonly name: string }

/** A key with a name. */
export function chord(name: string): Key {
  return { kind: 'chord', name }
}

/** Printable characters. */
export function textKey(text: string): Key {
  return { kind: 'text', text }
}
