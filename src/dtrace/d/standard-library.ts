// The D library that every program finds: what runs on a processor, as translators make it of what
// a recording knows of dom0.
//
//   curpsinfo->pr_fname  ->  execname      curlwpsinfo->pr_lwpid  ->  tid      chip  ->  0
//
// Members that have no translation are known, but cannot be asked for: a recording does not say.
// Source: the D language guide, "proc Provider", "sched Provider" (the structures and their
// members); proc(4).

/** A name that only this library defines. */
const NAMES = new RegExp(
  '\\b(curthread|curpsinfo|curlwpsinfo|curcpu|pset|chip|lgrp|kthread_t|psinfo_t|lwpsinfo_t|' +
    'cpuinfo_t|chipid_t|lgrp_id_t|struct\\s+(kthread|psinfo|lwpsinfo|cpuinfo))\\b',
)

/** Whether a source asks for something of the library. */
export function asksForLibrary(text: string): boolean {
  return NAMES.test(text)
}

/** The library's text. */
export const STANDARD_LIBRARY = `
typedef struct kthread kthread_t;
typedef int chipid_t;
typedef int lgrp_id_t;

inline kthread_t *curthread = (kthread_t *)(uintptr_t)tid;
#pragma D attributes Stable/Private/Common curthread

typedef struct psinfo {
  int pr_flag;
  int pr_nlwp;
  pid_t pr_pid;
  pid_t pr_ppid;
  pid_t pr_pgid;
  pid_t pr_sid;
  uid_t pr_uid;
  uid_t pr_euid;
  gid_t pr_gid;
  gid_t pr_egid;
  uintptr_t pr_addr;
  size_t pr_size;
  size_t pr_rssize;
  ushort_t pr_pctcpu;
  ushort_t pr_pctmem;
  int pr_wstat;
  int pr_argc;
  uintptr_t pr_argv;
  uintptr_t pr_envp;
  char pr_dmodel;
  taskid_t pr_taskid;
  projid_t pr_projid;
  int pr_nzomb;
  poolid_t pr_poolid;
  zoneid_t pr_zoneid;
  int pr_contract;
  string pr_fname;
  string pr_psargs;
} psinfo_t;

translator psinfo_t < kthread_t *T > {
  pr_pid = pid;
  pr_ppid = ppid;
  pr_uid = uid;
  pr_gid = gid;
  pr_addr = (uintptr_t)T;
  pr_fname = execname;
  pr_psargs = execname;
};

typedef struct lwpsinfo {
  int pr_flag;
  uint_t pr_lwpid;
  uintptr_t pr_addr;
  uintptr_t pr_wchan;
  char pr_stype;
  char pr_state;
  char pr_sname;
  char pr_nice;
  short pr_syscall;
  char pr_oldpri;
  char pr_cpu;
  int pr_pri;
  ushort_t pr_pctcpu;
  char pr_clname[8];
  char pr_name[16];
  processorid_t pr_onpro;
  processorid_t pr_bindpro;
  psetid_t pr_bindpset;
  int pr_lgrp;
} lwpsinfo_t;

translator lwpsinfo_t < kthread_t *T > {
  pr_lwpid = tid;
  pr_addr = (uintptr_t)T;
  pr_onpro = cpu;
  pr_name = execname;
};

typedef struct cpuinfo {
  processorid_t cpu_id;
  psetid_t cpu_pset;
  chipid_t cpu_chip;
  lgrp_id_t cpu_lgrp;
} cpuinfo_t;

translator cpuinfo_t < kthread_t *T > {
  cpu_id = cpu;
  cpu_pset = 0;
  cpu_chip = 0;
  cpu_lgrp = 0;
};

inline psinfo_t *curpsinfo = xlate <psinfo_t *> (curthread);
inline lwpsinfo_t *curlwpsinfo = xlate <lwpsinfo_t *> (curthread);
inline cpuinfo_t *curcpu = xlate <cpuinfo_t *> (curthread);
inline psetid_t pset = curcpu->cpu_pset;
inline chipid_t chip = curcpu->cpu_chip;
inline lgrp_id_t lgrp = curcpu->cpu_lgrp;
`
