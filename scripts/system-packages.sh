#!/bin/sh
# Installs the servers and the browser that the tests use for real, unless they are there.
# With the word "attack", also what only make attack uses.
set -eu
missing=
have() { command -v "$1" >/dev/null 2>&1; }
have redis-server || missing="$missing redis-server"
have chromium || have chromium-browser || missing="$missing chromium"
have mat2 || missing="$missing mat2"
have node || missing="$missing nodejs"
have caddy || missing="$missing caddy"
have nginx || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
have ip || missing="$missing iproute2"
[ "${1-}" != attack ] || have testssl || have testssl.sh || missing="$missing testssl.sh"
[ -x /usr/local/bin/initdb ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
    missing="$missing postgresql"
fc-list 2>/dev/null | grep -qi 'noto sans arabic\|NotoSansArabic' ||
    missing="$missing fonts-noto-core fonts-noto-cjk fontconfig"
[ -n "$missing" ] || exit 0
echo "Installing for the tests:$missing …" >&2
run=
[ "$(id -u)" = 0 ] || run="sudo -n"
export DEBIAN_FRONTEND=noninteractive
if have apt-get && { $run apt-get update -qq && $run apt-get install -y -qq \
    --no-install-recommends $missing; } >/dev/null 2>&1; then
    exit 0
fi
echo "speaksafe: install these and try again:$missing" >&2
exit 1
