// Branded numbers: ids and units that the compiler keeps apart although they are plain numbers.
//
//   type PcpuId = Brand<number, 'PcpuId'>      pcpu and vcpu can no longer be mixed up by accident

/** A `T` that carries the name of what it counts or identifies; costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name }
