// Names for numbers that every D program finds: errors, signals, states, files, networks,
// registers.
//
//   privcmd:ioctl::return /-(int)arg0 == EPERM/ { ... }
//
// Holds: errors and signals are those of a Linux dom0 and of Xen itself, which agree; a source that
// names none of them pays nothing.
// Source: xen/include/public/errno.h; errno(3), signal(7), open(2), ip(7); Linux if_arp.h; the D
// language guide, "proc Provider", "User Process Tracing" (uregs[]).

/** Names with the number of the first; each next one is one more. */
const RUNS: readonly (readonly [first: number, names: string])[] = [
  [1, 'EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT'],
  [15, 'ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY'],
  [27, 'EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS'],
  [39, 'ENOTEMPTY ELOOP'],
  [42, 'ENOMSG EIDRM'],
  [60, 'ENOSTR ENODATA ETIME ENOSR'],
  [71, 'EPROTO'],
  [74, 'EBADMSG EOVERFLOW'],
  [84, 'EILSEQ ERESTART'],
  [87, 'EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT'],
  [94, 'ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN'],
  [101, 'ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN'],
  [109, 'ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE'],
  [11, 'EWOULDBLOCK'],
  [95, 'ENOTSUP'],
  [125, 'ECANCELED'],
  [130, 'EOWNERDEAD ENOTRECOVERABLE'],
  [43, 'EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL'],
  [55, 'ENOANO EBADRQC EBADSLT'],
  [35, 'EDEADLOCK'],
  [59, 'EBFONT'],
  [64, 'ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT'],
  [76, 'ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC'],
  [86, 'ESTRPIPE'],
  [117, 'EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE'],
  [126, 'ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED'],
  [132, 'ERFKILL EHWPOISON'],
  [1, 'SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV'],
  [12, 'SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN'],
  [22, 'SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS'],
  [17, 'SIGCLD'],
  [29, 'SIGPOLL'],
  [1, 'CLD_EXITED CLD_KILLED CLD_DUMPED CLD_TRAPPED CLD_STOPPED CLD_CONTINUED'],
  [1, 'SSLEEP SRUN SZOMB SSTOP SIDL SONPROC SWAIT'],
  [1, 'PR_MODEL_ILP32 PR_MODEL_LP64'],
  [0, 'O_RDONLY O_WRONLY O_RDWR O_ACCMODE'],
  [0o100, 'O_CREAT'],
  [0o200, 'O_EXCL'],
  [0o400, 'O_NOCTTY'],
  [0o1000, 'O_TRUNC'],
  [0o2000, 'O_APPEND'],
  [0o4000, 'O_NONBLOCK'],
  [0o4000, 'O_NDELAY'],
  [0o10000, 'O_DSYNC'],
  [0o20000, 'O_ASYNC'],
  [0o200000, 'O_DIRECTORY'],
  [0o400000, 'O_NOFOLLOW'],
  [0o2000000, 'O_CLOEXEC'],
  [0o4010000, 'O_SYNC'],
  [0o4010000, 'O_RSYNC'],
  [2, 'AF_INET'],
  [10, 'AF_INET6'],
  [1, 'ARPHRD_ETHER'],
  [32, 'ARPHRD_INFINIBAND'],
  [0, 'IPPROTO_IP IPPROTO_ICMP IPPROTO_IGMP'],
  [4, 'IPPROTO_IPIP'],
  [6, 'IPPROTO_TCP'],
  [17, 'IPPROTO_UDP'],
  [33, 'IPPROTO_DCCP'],
  [41, 'IPPROTO_IPV6'],
  [43, 'IPPROTO_ROUTING IPPROTO_FRAGMENT'],
  [47, 'IPPROTO_GRE'],
  [50, 'IPPROTO_ESP IPPROTO_AH'],
  [58, 'IPPROTO_ICMPV6 IPPROTO_NONE IPPROTO_DSTOPTS'],
  [89, 'IPPROTO_OSPF'],
  [132, 'IPPROTO_SCTP'],
  [136, 'IPPROTO_UDPLITE'],
  [255, 'IPPROTO_RAW'],
  [0, 'R_R15 R_R14 R_R13 R_R12 R_RBP R_RBX R_R11 R_R10 R_R9 R_R8 R_RAX R_RCX R_RDX R_RSI R_RDI'],
  [15, 'R_ERR R_RIP R_CS R_RFL R_RSP R_SS R_DS R_ES R_FS R_GS R_TRAPNO'],
  [4, 'R_EBP R_EBX'],
  [10, 'R_EAX R_ECX R_EDX R_ESI R_EDI'],
  [16, 'R_EIP'],
  [18, 'R_EFL R_ESP'],
  [16, 'R_PC'],
  [18, 'R_PS R_SP'],
  [4, 'R_FP R_R1'],
  [10, 'R_R0'],
]

/** All of them by name. */
const CONSTANTS: ReadonlyMap<string, number> = new Map(
  RUNS.flatMap(([first, names]) => names.split(' ').map((name, i) => [name, first + i] as const)),
)

const NAMES = /\b[A-Z][A-Z0-9_]+\b/g

/** Declarations of those constants that some sources name; "" when they name none. */
export function constantsNamed(texts: readonly string[]): string {
  const named = new Set(texts.flatMap((text) => text.match(NAMES) ?? []))
  return [...named]
    .flatMap((name) => {
      const value = CONSTANTS.get(name)
      return value === undefined ? [] : [`inline int ${name} = ${value};\n`]
    })
    .join('')
}
