// What the files of a dom0 with xm hold when it boots: configurations of guests.

const WEB1 = `# a Solaris guest, from its microroot
name = "web1"
memory = 512
vcpus = 1
kernel = "/boot/platform/i86xpv/kernel/amd64/unix"
ramdisk = "/boot/x86.microroot"
extra = "/platform/i86xpv/kernel/amd64/unix"
disk = [ 'phy:/dev/zvol/dsk/rpool/web1,0,w' ]
vif = [ '' ]
on_poweroff = 'destroy'
on_reboot = 'restart'
on_crash = 'destroy'
`

const DB1 = `# a Linux guest with two vcpus
name = "db1"
memory = 1024
maxmem = 2048
vcpus = 2
kernel = "/boot/vmlinuz-2.6.18-xen"
ramdisk = "/boot/initrd-2.6.18-xen.img"
root = "/dev/xvda1 ro"
disk = [ 'phy:/dev/zvol/dsk/rpool/db1,xvda,w', 'phy:/dev/zvol/dsk/rpool/db1-data,xvdb,w' ]
vif = [ '' ]
on_poweroff = 'destroy'
on_reboot = 'restart'
on_crash = 'restart'
`

const WIN1 = `# a guest with hardware of its own
name = "win1"
builder = 'hvm'
memory = 1024
vcpus = 1
kernel = "/usr/lib/xen/boot/hvmloader"
device_model = '/usr/lib/xen/bin/qemu-dm'
disk = [ 'phy:/dev/zvol/dsk/rpool/win1,ioemu:hda,w' ]
vif = [ 'type=ioemu' ]
on_poweroff = 'destroy'
on_reboot = 'restart'
on_crash = 'preserve'
`

/** Pairs of path and text. */
export const XM_FILES: readonly (readonly [path: string, text: string])[] = [
  ['/etc/xen/web1', WEB1],
  ['/etc/xen/db1', DB1],
  ['/etc/xen/win1', WIN1],
]
