#!/bin/sh
# Sees that this host has the programs that tests drive; on Debian, as root, it installs what is missing, and starts none of it.
set -eu

missing=''
packages=''
need() { # program, package
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 && return
  missing="$missing $1"
  case " $packages " in *" $2 "*) ;; *) packages="$packages $2" ;; esac
}
look() {
  missing='' packages=''
  need tmux tmux
  need ip iproute2
  need ps procps
  need ssh openssh-client
  need ssh-keygen openssh-client
  need sshd openssh-server
  need strace strace
  need python3 python3
  need forkstat forkstat
}

look
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "prepare-host: tests need these programs, and they can only be installed by root with apt-get:$missing" >&2
  exit 1
fi

# invoke-rc.d asks this program whether it may start a service: a test host needs the programs, not a server of theirs.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
echo "prepare-host: installing$packages" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
# The list is of single words.
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $packages >&2
look
if [ -n "$missing" ]; then
  echo "prepare-host: still missing after the installation:$missing" >&2
  exit 1
fi
