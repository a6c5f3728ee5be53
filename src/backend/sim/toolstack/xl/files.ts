// What the files of a dom0 with xl hold when it boots: configurations of guests.

/** The guest of the recorded hosts. */
const TINY = `# a small Linux guest, from its initial ramdisk alone
name = "tiny"
type = "pv"
memory = 128
vcpus = 1
kernel = "/boot/vmlinuz-6.1.0-56-amd64"
ramdisk = "/boot/initrd-guest.img"
extra = "console=hvc0"
`

const WEB1 = `# a Linux guest with a disk and a network
name = "web1"
type = "pv"
memory = 512
vcpus = 1
kernel = "/boot/vmlinuz-6.1.0-56-amd64"
ramdisk = "/boot/initrd.img-6.1.0-56-amd64"
root = "/dev/xvda1 ro"
disk = [ 'phy:/dev/vg0/web1,xvda,w' ]
vif = [ 'bridge=xenbr0' ]
`

const DB1 = `# a Linux guest with two vcpus, and room to grow
name = "db1"
type = "pv"
memory = 1024
maxmem = 2048
vcpus = 2
maxvcpus = 4
kernel = "/boot/vmlinuz-6.1.0-56-amd64"
ramdisk = "/boot/initrd.img-6.1.0-56-amd64"
root = "/dev/xvda1 ro"
disk = [ 'phy:/dev/vg0/db1,xvda,w', 'phy:/dev/vg0/db1-data,xvdb,w' ]
vif = [ 'bridge=xenbr0' ]
on_crash = "restart"
`

/** Pairs of path and text. */
export const XL_FILES: readonly (readonly [path: string, text: string])[] = [
  ['/etc/xen/tiny', TINY],
  ['/etc/xen/web1', WEB1],
  ['/etc/xen/db1', DB1],
]
