// A file of rules is imported as its text: the bundle carries it, and so do tests.
declare module '*.esc' {
  const text: string

  export = text
}
