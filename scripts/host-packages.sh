#!/usr/bin/env bash
# Installs the host programs that the product and its build need, where one is missing: prints what it installs,
# and without the right to do so the one line to run. Usage: host-packages.sh [extra package...]
set -euo pipefail

# program → Debian package
declare -A packages=(
  [mmdebstrap]=mmdebstrap [git]=git [newuidmap]=uidmap [flock]=util-linux [tar]=tar [make]=make
)
missing=()
for program in "${!packages[@]}"; do
  command -v "$program" > /dev/null || [ -x "/usr/sbin/$program" ] || missing+=("${packages[$program]}")
done
[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
for extra in "$@"; do
  dpkg -s "$extra" > /dev/null 2>&1 || missing+=("$extra")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  sudo=""
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
  sudo="sudo -n"
else
  echo "[quickstart] missing on this host: ${missing[*]}" >&2
  echo "hint: run as root: $install" >&2
  exit 5
fi
echo "[quickstart] installing with apt: ${missing[*]}"
$sudo apt-get update -qq
# By `env`: sudo passes no variables on.
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
