#!/usr/bin/env bash
# A person works in Kate: goes to the first finding, takes its fix with Ctrl+., saves.
# Kate makes all quick fixes that the server offers for a diagnostic, one after the other; the
# server therefore offers it one.
#
# usage: person.sh FILE LINE COLUMN     (all from 1)
# Environment: PICTURES  where pictures go
#              HOME      an empty folder
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ -z "${ON_SCREEN:-}" ]; then
  export ON_SCREEN=1
  exec dbus-run-session -- xvfb-run --auto-servernum --server-args="-screen 0 1100x700x24" "$0" "$@"
fi

file=$1 line=$2 column=$3
mkdir -p "$PICTURES" "$HOME/.config/kate/lspclient" "$HOME/programs" -m 700
export XDG_RUNTIME_DIR=$HOME QT_QPA_PLATFORM=xcb LC_ALL=C.UTF-8
cp "$here/settings.json" "$HOME/.config/kate/lspclient/settings.json"

# Nothing on the screen tells a program that findings came: a `batten` before the real one does.
real=$(command -v batten) said=$HOME/said
printf '#!/bin/sh\n"%s" "$@" | tee "%s"\n' "$real" "$said" > "$HOME/programs/batten"
chmod +x "$HOME/programs/batten"
export PATH=$HOME/programs:$PATH
# Kate asks before it starts a program that it does not know.
printf '[lspclient]\nAllowedServerCommandLines=%s server --stdio\n' "$HOME/programs/batten" > "$HOME/.config/katerc"

published() { grep -ao textDocument/publishDiagnostics "$said" 2>/dev/null | wc -l; }
more_than() { [ "$(published)" -gt "$1" ]; }
changed() { [ "$(cksum < "$file")" != "$before" ]; }
gone() { ! kill -0 "$kate" 2>/dev/null; }
still() { # the screen is as it was at the last look
  local last=${screen:-}
  screen=$(import -window root rgb:- | cksum)
  [ "$screen" = "$last" ]
}
until_true() {
  for _ in $(seq 150); do "$@" && return; sleep 0.2; done
  import -window root "$PICTURES/failed.png"
  echo "not in time: $*" >&2
  return 1
}

before=$(cksum < "$file")
kate -n --line "$line" --column "$column" "$file" > "$PICTURES/kate.log" 2>&1 &
kate=$!
trap 'kill $kate 2>/dev/null || true' EXIT
window=$(xdotool search --sync --onlyvisible --class kate | tail -1)
until_true more_than 0
until_true still
xdotool windowfocus --sync "$window"
import -window root "$PICTURES/warning.png"
seen=$(published)
# A key that comes before Kate has read what was published fixes nothing.
for _ in 1 2 3; do
  xdotool key ctrl+period
  for _ in $(seq 50); do more_than "$seen" && break 2; sleep 0.2; done
  echo "pressed again: ctrl+period"
done
until_true more_than "$seen"
xdotool key ctrl+s
until_true changed
import -window root "$PICTURES/saved.png"
xdotool key ctrl+q # killed, it would leave a file that it asks about the next time
until_true gone
