#!/bin/sh
# Makes a fresh set of secrets in a new folder outside the repository: deploy/new-secrets.sh FOLDER
set -eu
umask 077
folder=${1:?name a folder that does not exist yet}
mkdir "$folder"
random() { od -An -vN32 -tx1 /dev/urandom | tr -d ' \n'; }
token=$(random) password=$(random)
random > "$folder/pepper"
cat > "$folder/service.env" <<END
SPEAKSAFE_DATABASE_URL=postgresql://speaksafe:$password@database/speaksafe
SPEAKSAFE_ENGINE_TOKEN=$token
SPEAKSAFE_STATE_KEY=$(random)
END
# The engine seals what it keeps with a key of its own: it must not open what the service keeps.
cat > "$folder/engine.env" <<END
SPEAKSAFE_ENGINE_TOKEN=$token
SPEAKSAFE_STATE_KEY=$(random)
END
cat > "$folder/database.env" <<END
POSTGRES_USER=speaksafe
POSTGRES_DB=speaksafe
POSTGRES_PASSWORD=$password
END
# The service runs as user 1000 in its container and must be able to read its pepper.
[ "$(id -u)" != 0 ] || chown -R 1000:1000 "$folder"
echo "Made in $folder. Keep it out of backups that hold the database."
