#!/bin/sh
# Give the browser tests a Chromium: one that is there, Playwright's own download, or the system's package.
# usage: install_chromium.sh PYTHON
set -u
python=$1

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
# Playwright waits long on a network that answers nothing; its own download is worth two minutes.
limit=
command -v timeout >/dev/null 2>&1 && limit="timeout 120"
if $limit "$python" -m playwright install chromium >/dev/null 2>&1; then
    exit 0
fi

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
if command -v apt-get >/dev/null 2>&1; then
    $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null && exit 0
elif command -v dnf >/dev/null 2>&1; then
    $as_root dnf install -y -q chromium && exit 0
elif command -v apk >/dev/null 2>&1; then
    $as_root apk add --quiet chromium && exit 0
elif command -v brew >/dev/null 2>&1; then
    brew install --quiet --cask chromium && exit 0
fi
echo "No Chromium could be installed: install one by hand and put it on PATH, then run make test again." >&2
exit 1
