// A tree with everything in it that is easily lost on the way into an image and back, and what is seen of such a tree.

/** Where it is made. It takes perl, which every Debian has, for attributes. */
export const CONTENT_SCRIPT = String.raw`
set -e
umask 022
cd /workspace
echo hello > b; ln b a; ln b c; touch -d '2001-02-03 04:05:06' b
mkdir -p owned/deep sealed emptied made
echo owned > owned/deep/file; chown 1234:5678 owned/deep/file; chmod 0640 owned/deep/file; chmod 1777 owned
echo sealed > sealed/file; chmod 0400 sealed/file; touch -d @1000000000 sealed; chmod 0500 sealed
ln -s ../nowhere soft; touch -h -d '2002-03-04' soft; chown -h 7:8 soft; mkfifo -m 0604 pipe
cp /bin/true setuid; chmod 4755 setuid; cp /bin/true setgid; chown 0:9 setgid; chmod 2711 setgid
truncate -s 200M sparse; echo end >> sparse; : > empty
name=$(printf 'bytes\377\376'); echo x > "$name"; ln "$name" "$(printf 'again\377')"; ln -s "$(printf 'to\377')" "$(printf 'link\377')"
echo y > "$(printf ' tab\tand\nline ')"; echo z > .wh-not
long=$(printf %0250d 0); mkdir -p $long/$long/$long; echo deep > $long/$long/$long/file; ln $long/$long/$long/file hardlong; ln -s $long/$long/$long/file softlong
rm /bin/hostname; rm -r /usr/share/zoneinfo /etc/skel; mkdir -m 0711 /etc/skel; echo new > /etc/skel/new
rm /etc/issue; mkdir /etc/issue; echo directory > /etc/issue/inside
rm -r /usr/share/common-licenses; echo file > /usr/share/common-licenses
echo more >> /etc/profile; touch -d '2003-04-05 06:07:08' /etc/profile; chmod 0600 /etc/fstab
cp /bin/true capable
perl -e 'sub set { my ($f, $n, $v) = @_; my $l = length $v; syscall(188, $f, $n, $v, $l, 0) == 0 or die "$f $n: $!" }
set("capable", "security.capability", pack("V5", 0x02000001, 0x2000, 0, 0, 0)); set("b", "user.note", "noted"); set("owned", "user.folder", "too");'
`;

/** The paths that are every guest's own. */
const OWN = [
  ...["proc", "sys", "dev", "run/pyro", "usr/lib/pyro", "tmp/.pyro-keep"],
  ...["etc/hosts", "etc/hostname", "etc/machine-id", "etc/resolv.conf"],
];

/**
 * Prints all that is below the working directory: type, mode, owner, time, size, names and content, and the attributes
 * that were set. Of directories neither size nor links, which file systems count in their own ways.
 */
export const LIST_SCRIPT = String.raw`
find . \( ${OWN.map((name) => `-path ./${name}`).join(" -o ")} \) -prune -o -path . \
  -o -type d -printf 'd %m %U:%G %T@ %p\0' -o -printf '%y %m %U:%G %T@ %s %n %l %p\0' | LC_ALL=C sort -z | tr '\n\0' '?\n'
find workspace etc opt \( ${OWN.map((name) => `-path ${name}`).join(" -o ")} \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
perl -e 'for (@ARGV) { my ($f, $n) = split /:/; my $b = "\0" x 64; my $r = syscall(191, $f, $n, $b, 64); print "$f $n ", unpack("H*", substr($b, 0, $r)), "\n" }' \
  workspace/capable:security.capability workspace/a:user.note workspace/owned:user.folder
`;
