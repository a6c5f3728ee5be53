// What is used of sql.js, SQLite compiled to WebAssembly, which has no types of its own.
declare module 'sql.js' {
  namespace load {
    /** A row by the names of its columns. */
    interface ParamsObject {
      readonly [column: string]: bigint | number | string | Uint8Array | null
    }

    /** A query that was prepared. */
    interface Statement {
      step(): boolean
      getAsObject(params: undefined, config: { readonly useBigInt: boolean }): ParamsObject
      free(): void
    }

    interface Database {
      prepare(sql: string): Statement
      /** Runs any number of statements. */
      run(sql: string): void
      /** The whole database as a file. */
      export(): Uint8Array
      close(): void
    }

    interface SqlJsStatic {
      readonly Database: new (bytes?: Uint8Array) => Database
    }
  }

  function load(): Promise<load.SqlJsStatic>
  export = load
}
